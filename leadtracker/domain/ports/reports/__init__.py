"""Ports of reports: the ledger, the sink, sealed leads and rollups."""
