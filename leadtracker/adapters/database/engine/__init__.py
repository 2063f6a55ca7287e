"""The storage engine: connections, compiled statements, locks and group commit.

Nothing in this package knows the tables: everything here is about speed or about one SQL engine.
"""
