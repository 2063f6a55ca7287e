"""Hides the real pysqlite3 where this folder is on PYTHONPATH, as on platforms for which it has no wheel."""

raise ImportError("pysqlite3 is hidden on purpose")
