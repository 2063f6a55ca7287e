"""Logical backups: one file with every row and stored object, for both databases."""
