"""Resumes: what is known of one beside its lead, so that lists need not look elsewhere, and its content."""

from typing import Any

import peewee

_COLUMNS = {
    "resume_filename": "TEXT",
    "resume_content_type": "TEXT",
    "resume_size": "INTEGER",
    "resume_sha256": "TEXT",
}


def up(_migrator: Any, db: peewee.Database) -> None:
    """Give leads their new columns and create the table of files."""
    for name, kind in _COLUMNS.items():
        db.execute_sql(f'ALTER TABLE leads ADD COLUMN "{name}" {kind}')

    class Lead(peewee.Model):
        id = peewee.TextField(primary_key=True)

        class Meta:
            table_name = "leads"

    class Resume(peewee.Model):
        lead = peewee.ForeignKeyField(Lead, column_name="lead_id", primary_key=True)
        filename = peewee.TextField()
        content_type = peewee.TextField()
        size = peewee.IntegerField()
        sha256 = peewee.TextField()
        content = peewee.BlobField()

        class Meta:
            table_name = "resumes"

    with db.bind_ctx([Lead, Resume]):
        db.create_tables([Resume], safe=False)
