"""Weekly reports: week arithmetic, the ledger row, and the scheduler heartbeat."""
