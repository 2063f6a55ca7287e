"""Commands of leads as files, and of imports."""
