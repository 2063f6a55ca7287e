"""The storage engine: connections, compiled statements, locks and group commit.

Nothing here knows about leads; everything that is about speed or about a SQL engine is here.
"""
