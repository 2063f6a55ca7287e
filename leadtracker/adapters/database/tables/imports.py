"""The table of imports."""

import peewee

from leadtracker.adapters.database.engine.dialects.dialect import TimestampField


class LeadImportRow(peewee.Model):
    """An import of leads from a file; see ``LeadImport``."""

    id = peewee.TextField(primary_key=True)
    started_at = TimestampField()
    updated_at = TimestampField()
    actor = peewee.TextField()
    file_name = peewee.TextField(null=True)
    state = peewee.TextField()
    notifies = peewee.IntegerField()
    created = peewee.IntegerField()
    updated = peewee.IntegerField()
    duplicates = peewee.IntegerField()
    rejected = peewee.IntegerField()
    removed = peewee.IntegerField()

    class Meta:
        table_name = "imports"


# page; see test_lookups_use_an_index
LeadImportRow.add_index(
    LeadImportRow.index(LeadImportRow.started_at, LeadImportRow.id, name="imports_started_at")
)
