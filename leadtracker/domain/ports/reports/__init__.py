"""Ports of the weekly report: the ledger, the sink, and the scheduler heartbeat."""
