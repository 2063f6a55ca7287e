"""Use cases of imports over in-memory ports."""
