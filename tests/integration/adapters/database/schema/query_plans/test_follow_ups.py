"""The lists of follow-ups and the search for reminders use an index."""

import pytest

from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.unit_of_work import UnitOfWork
from tests.integration.adapters.database.schema.query_plans.conftest import FIRST, MIDDLE, ExplainWork
from tests.support.clock import LATEST


@pytest.mark.parametrize("after", [None, Cursor(MIDDLE, "lead-105000")], ids=["first", "next"])
@pytest.mark.parametrize(
    ("time_range", "is_open"),
    [
        (TimeRange(), True),
        (TimeRange(None, LATEST), True),
        (TimeRange(FIRST, None), True),
        (TimeRange(), False),
    ],
    ids=["open", "overdue", "planned", "done"],
)
def test_follow_up_list_uses_an_index(
    explained_work: ExplainWork,
    time_range: TimeRange,
    is_open: bool,  # noqa: FBT001 - a parameter
    after: Cursor | None,
) -> None:
    def read_page(tx: UnitOfWork) -> None:
        if is_open:
            tx.follow_ups.open_page(time_range, limit=50, after=after)
        else:
            tx.follow_ups.done_page(limit=50, after=after)

    explanation = explained_work(read_page)
    assert explanation.indexes == {"follow_ups_open_due_at" if is_open else "follow_ups_done_at"}
    assert not explanation.sorts
    assert explanation.work < 60 * 51


def test_unreminded_follow_ups_use_an_index(
    explained_work: ExplainWork,
) -> None:
    def claim(tx: UnitOfWork) -> None:
        # A read-only unit of work finds them, but must not claim them.
        with pytest.raises(RuntimeError, match="read-only"):
            tx.follow_ups.claim_unreminded(LATEST, limit=50)

    explanation = explained_work(claim)
    assert explanation.indexes == {"follow_ups_unreminded_due_at"}
    assert not explanation.sorts
    assert explanation.work < 60 * 51
