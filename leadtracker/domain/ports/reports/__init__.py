"""Ports of the weekly report: the ledger and the sink."""
