"""Authentication, login sessions, form tokens and rate limits."""
