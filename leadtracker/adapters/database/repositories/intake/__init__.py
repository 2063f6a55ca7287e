"""The repositories of intake: imports, quarantine, rejected submissions, idempotency keys."""
