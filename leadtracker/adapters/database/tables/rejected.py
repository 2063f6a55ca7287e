"""The table of rejected submissions, apart from that of quarantined leads, since they are no leads."""

import peewee

from leadtracker.adapters.database.engine.dialects.dialect import TimestampField


class RejectedSubmissionRow(peewee.Model):
    """A public submission that was rejected.

    Attributes:
        fields: a JSON object, the inputs as they came.
        errors: a JSON array of pairs of field and message.
        size: of both, in bytes.
        digest: unique, so that the same body again is stored once.
        client: a digest of the client address and a secret.
        form_id: the id of its form token, or null.
    """

    id = peewee.TextField(primary_key=True)
    received_at = TimestampField()
    fields = peewee.TextField()
    errors = peewee.TextField()
    size = peewee.IntegerField()
    digest = peewee.TextField()
    client = peewee.TextField()
    form_id = peewee.TextField(null=True)
    request_id = peewee.TextField(null=True)

    class Meta:
        table_name = "rejected_submissions"


for _index in (
    # is_full, and at most one entry for a body; see test_lookups_use_an_index
    RejectedSubmissionRow.index(
        RejectedSubmissionRow.digest, unique=True, name="rejected_submissions_digest"
    ),
    # page, purge, and the oldest that are dropped; see test_lookups_use_an_index
    RejectedSubmissionRow.index(
        RejectedSubmissionRow.received_at,
        RejectedSubmissionRow.id,
        RejectedSubmissionRow.size,
        name="rejected_submissions_received_at",
    ),
    # is_full; see test_lookups_use_an_index
    RejectedSubmissionRow.index(
        RejectedSubmissionRow.client, RejectedSubmissionRow.received_at, name="rejected_submissions_client"
    ),
    # remove_of_form, with every form that is accepted; see test_lookups_use_an_index
    RejectedSubmissionRow.index(
        RejectedSubmissionRow.form_id,
        where=RejectedSubmissionRow.form_id.is_null(is_null=False),
        name="rejected_submissions_form_id",
    ),
):
    RejectedSubmissionRow.add_index(_index)
