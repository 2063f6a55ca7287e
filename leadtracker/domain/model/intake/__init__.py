"""Intake: submissions, form tokens, idempotency keys, resumes and quarantined leads."""
