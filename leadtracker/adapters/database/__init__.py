"""Everything stored, in SQLite or PostgreSQL, through Peewee.

``dialect`` is the only place that knows which of the two it is. ``tables`` holds the models, which describe
the schema and build statements; each statement is compiled to SQL once and then only executed
(``engine.statements``).
To change the schema, change ``tables`` and add a file to ``migrations``; the check "models equal migrations"
tells whether the two agree.
"""
