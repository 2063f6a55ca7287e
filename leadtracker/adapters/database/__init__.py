"""The database, SQLite or PostgreSQL, through Peewee.

``tables`` holds the models, which describe the schema and build statements. ``engine`` compiles each
statement to SQL once and then only executes it; its dialects contain all differences between the databases,
except for full-text search (``repositories.leads.pages.search``). ``repositories`` implements one port per
file.

To change the schema, change ``tables`` and add a file to ``migrations``; ``test_schema.py`` compares the two.
"""
