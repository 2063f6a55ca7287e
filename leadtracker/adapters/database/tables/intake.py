"""The tables of intake: the quarantine, rejected submissions, consents and idempotency keys."""

import peewee

from leadtracker.adapters.database.engine.dialects.dialect import TimestampField
from leadtracker.adapters.database.tables.leads import LeadRow


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


class CanaryRunRow(peewee.Model):
    """The daily test of the public form; a few rows, which need no index.

    Attributes:
        day: of the time zone of the business, such as ``2026-11-30``.
        secret: of the latest attempt.
    """

    day = peewee.TextField(primary_key=True)
    attempt = peewee.IntegerField()
    secret = peewee.TextField()
    started_at = TimestampField()
    received_at = TimestampField(null=True)
    quarantine_reason = peewee.TextField(null=True)
    delivery_id = peewee.TextField(null=True)
    submitted_at = TimestampField(null=True)
    finished_at = TimestampField(null=True)
    failure = peewee.TextField(null=True)
    detail = peewee.TextField(null=True)

    class Meta:
        table_name = "canary_runs"


class IdempotencyKeyRow(peewee.Model):
    """A request with an idempotency key; ``response`` is the captured lead as JSON."""

    digest = peewee.TextField(primary_key=True)
    fingerprint = peewee.TextField()
    at = TimestampField()
    lead_id = peewee.TextField(null=True)
    response = peewee.TextField(null=True)

    class Meta:
        table_name = "idempotency_keys"


for _index in (
    # purge; see test_lookups_use_an_index
    IdempotencyKeyRow.index(IdempotencyKeyRow.at, name="idempotency_keys_at"),
    # erase; see test_lookups_use_an_index
    IdempotencyKeyRow.index(IdempotencyKeyRow.lead_id, name="idempotency_keys_lead_id"),
):
    IdempotencyKeyRow.add_index(_index)


class ConsentTextRow(peewee.Model):
    """A text to which persons have consented; it stays when they are erased."""

    digest = peewee.TextField(primary_key=True)
    text = peewee.TextField()
    first_used_at = TimestampField()

    class Meta:
        table_name = "consent_texts"


class ConsentRow(peewee.Model):
    """The consent that came with a lead."""

    lead = peewee.ForeignKeyField(LeadRow, primary_key=True, column_name="lead_id", on_delete="CASCADE")
    text_digest = peewee.ForeignKeyField(ConsentTextRow, column_name="text_digest", index=False)
    at = TimestampField()
    form = peewee.TextField()
    language = peewee.TextField(null=True)

    class Meta:
        table_name = "consents"


class QuarantinedLeadRow(peewee.Model):
    """A quarantined lead.

    Attributes:
        consent: the text to which the sender consented, on the form ``consent_form``, or null.
        lead: the lead as JSON; releasing it makes it a row of ``leads``.
        content: the contents of its files, one after the other; their sizes are in ``lead``.
    """

    id = peewee.TextField(primary_key=True)
    received_at = TimestampField()
    identity = peewee.TextField()
    reason = peewee.TextField()
    lead = peewee.TextField()
    consent = peewee.TextField(null=True)
    consent_form = peewee.TextField(null=True)
    request_id = peewee.TextField(null=True)
    content = peewee.BlobField(null=True)

    class Meta:
        table_name = "quarantine"


for _index in (
    # page and purge; see test_lookups_use_an_index
    QuarantinedLeadRow.index(
        QuarantinedLeadRow.received_at, QuarantinedLeadRow.id, name="quarantine_received_at"
    ),
    # page of one reason; see test_lookups_use_an_index
    QuarantinedLeadRow.index(
        QuarantinedLeadRow.reason,
        QuarantinedLeadRow.received_at,
        QuarantinedLeadRow.id,
        name="quarantine_reason_received_at",
    ),
    # of, for personal data exports and erasure; see test_lookups_use_an_index
    QuarantinedLeadRow.index(QuarantinedLeadRow.identity, name="quarantine_identity"),
):
    QuarantinedLeadRow.add_index(_index)
