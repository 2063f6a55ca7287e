"""The tables of imports and of their files."""

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
    rows = peewee.IntegerField(null=True)

    class Meta:
        table_name = "imports"


# page; see test_lookups_use_an_index
LeadImportRow.add_index(
    LeadImportRow.index(LeadImportRow.started_at, LeadImportRow.id, name="imports_started_at")
)


class ImportFileRow(peewee.Model):
    """A piece of a file that is to be imported, or of the rejected rows of an import."""

    file_id = peewee.TextField()
    number = peewee.IntegerField()
    name = peewee.TextField()
    received_at = TimestampField()
    content = peewee.BlobField()

    class Meta:
        table_name = "import_files"
        primary_key = peewee.CompositeKey("file_id", "number")


# purge_files; see test_lookups_use_an_index
ImportFileRow.add_index(ImportFileRow.index(ImportFileRow.received_at, name="import_files_received_at"))
