"""Campaigns against the storage: calls that fail, processes that exit, full disks, restarting servers."""
