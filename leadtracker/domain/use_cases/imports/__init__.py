"""Use cases of imports: leads from files."""
