"""``/dashboard/import``: import a file by clicks, follow its progress, and undo it."""
