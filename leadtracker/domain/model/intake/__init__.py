"""Intake: submissions, form tokens, idempotency keys and quarantined leads."""
