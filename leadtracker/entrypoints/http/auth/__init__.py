"""Authentication, login sessions and rate limits."""
