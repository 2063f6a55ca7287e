"""Intake: submissions, form tokens, consents, idempotency keys, imports and the quarantine."""
