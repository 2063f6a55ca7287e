"""By what browsers prove for whom they act, and that they mean it; apart, because it needs no Flask."""

COOKIE = "leadtracker"
CSRF_HEADER = "X-CSRF-Token"
