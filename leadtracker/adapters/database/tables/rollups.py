"""The tables of rollups: stored counts of leads by day and by week."""

import peewee

from leadtracker.adapters.database.engine.dialects.dialect import TimestampField


class LeadRollupRow(peewee.Model):
    """The counts of the leads that were created within one closed day or week.

    Attributes:
        zone: the IANA name of the time zone in which the period begins and ends.
        period: ``day`` or ``week``.
        counts: a JSON object, as ``rollup_rows`` writes it.
        delays: a JSON array of pairs: the bin of a time to first contact, and how many are in it.
        contacted: the number of times to first contact.
        median: in microseconds; null without any time to first contact.
        p90: the same.
    """

    zone = peewee.TextField()
    period = peewee.TextField()
    start_at = TimestampField()
    end_at = TimestampField()
    counts = peewee.TextField()
    delays = peewee.TextField()
    contacted = peewee.IntegerField()
    median = peewee.BigIntegerField(null=True)
    p90 = peewee.BigIntegerField(null=True)

    class Meta:
        table_name = "lead_rollups"
        primary_key = peewee.CompositeKey("zone", "period", "start_at")


class LeadChangeRow(peewee.Model):
    """A change of leads that rollups have not counted yet.

    Attributes:
        number: unique.
        created_at: when the leads were created.
    """

    number = peewee.BigAutoField()
    created_at = TimestampField()

    class Meta:
        table_name = "lead_changes"


# within, and begin; see test_lookups_use_an_index
LeadChangeRow.add_index(LeadChangeRow.index(LeadChangeRow.created_at, name="lead_changes_created_at"))
