"""Ports of intake: imports, quarantine, rejected submissions, idempotency keys."""
