"""By what browsers prove for whom they act, and that they mean it; apart, because it needs no Flask."""

COOKIE = "leadtracker"
CSRF_HEADER = "X-CSRF-Token"

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Those that change nothing (RFC 9110, section 9.2.1), so that nobody can be made to send them for harm."""
