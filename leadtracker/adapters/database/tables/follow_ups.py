"""The table of follow-ups."""

import peewee

from leadtracker.adapters.database.engine.dialects.dialect import TimestampField
from leadtracker.adapters.database.tables.leads import LeadRow


class FollowUpRow(peewee.Model):
    """A follow-up."""

    id = peewee.TextField(primary_key=True)
    lead = peewee.ForeignKeyField(LeadRow, column_name="lead_id", index=False)
    due_at = TimestampField(null=True)
    note = peewee.TextField(null=True)
    message = peewee.TextField(null=True)
    created_at = TimestampField()
    created_by = peewee.TextField()
    done_at = TimestampField(null=True)
    reminded_at = TimestampField(null=True)

    class Meta:
        table_name = "follow_ups"


_IS_OPEN = FollowUpRow.done_at.is_null()
_IS_DONE = FollowUpRow.done_at.is_null(is_null=False)
for _index in (
    # find_open, and at most one open follow-up per lead; see test_lookups_use_an_index
    FollowUpRow.index(FollowUpRow.lead, unique=True, where=_IS_OPEN, name="follow_ups_open_lead_id"),
    # of, erase, and the foreign key; see test_lookups_use_an_index
    FollowUpRow.index(FollowUpRow.lead, FollowUpRow.created_at, name="follow_ups_lead_id"),
    # open_page; see test_follow_up_list_uses_an_index
    FollowUpRow.index(FollowUpRow.due_at, FollowUpRow.id, where=_IS_OPEN, name="follow_ups_open_due_at"),
    # done_page; see test_follow_up_list_uses_an_index
    FollowUpRow.index(FollowUpRow.done_at, FollowUpRow.id, where=_IS_DONE, name="follow_ups_done_at"),
    # claim_unreminded; see test_unreminded_follow_ups_use_an_index
    FollowUpRow.index(
        FollowUpRow.due_at,
        FollowUpRow.id,
        where=_IS_OPEN & FollowUpRow.reminded_at.is_null(),
        name="follow_ups_unreminded_due_at",
    ),
):
    FollowUpRow.add_index(_index)
