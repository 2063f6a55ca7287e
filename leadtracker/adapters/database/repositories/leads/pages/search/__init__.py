"""Full-text search in both databases: how terms are stored, matched and read in the order of a page."""

from collections.abc import Mapping

from leadtracker.adapters.database.repositories.leads.pages.search.full_text import FullText
from leadtracker.adapters.database.repositories.leads.pages.search.postgres_full_text import PostgresFullText
from leadtracker.adapters.database.repositories.leads.pages.search.sqlite_full_text import SqliteFullText

FULL_TEXT: Mapping[str, FullText] = {"sqlite": SqliteFullText(), "postgresql": PostgresFullText()}
"""The full-text search of each dialect, by ``Dialect.kind``."""
