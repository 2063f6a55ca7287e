"""The tables of the files of leads, and of stored objects that may belong to no file."""

import peewee

from leadtracker.adapters.database.engine.dialects.dialect import TimestampField
from leadtracker.adapters.database.tables.leads import LeadRow


class LeadFileRow(peewee.Model):
    """A stored file of a lead.

    Attributes:
        id: unique among the files of the lead; ``RESUME_ID`` for its resume.
        content: the file; empty if a stored object holds it (uploads are never empty).
        object_key: the key of that object, or null.
    """

    lead = peewee.ForeignKeyField(LeadRow, column_name="lead_id", index=False)
    id = peewee.TextField()
    filename = peewee.TextField()
    content_type = peewee.TextField()
    size = peewee.IntegerField()
    sha256 = peewee.TextField()
    content = peewee.BlobField()
    object_key = peewee.TextField(null=True)

    class Meta:
        table_name = "lead_files"
        primary_key = peewee.CompositeKey("lead", "id")


class OrphanObjectRow(peewee.Model):
    """A stored object that may exist although no file refers to it; see the port ``FileStore``.

    Attributes:
        until: when the reservation expires; null once the object is marked for deletion.
    """

    key = peewee.TextField(primary_key=True)
    until = TimestampField(null=True)

    class Meta:
        table_name = "orphan_objects"
