"""Databases of every release since 1.0, kept so that each later version is tested to upgrade them.

A folder per release holds a dump for each kind of database, and a backup of SQLite's.
``python -m tests.releases 1.1`` makes those of a new release, once, when its schema is final; they are never
made again.
"""
