"""The queries of delivery, and the lists of deliveries, use an index."""

from collections.abc import Callable

import pytest

from leadtracker.domain.model.deliveries.delivery import Channel, Delivery, DeliveryState
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.ports.deliveries.delivery_repository import DeliveryRepository
from tests.integration.adapters.database.schema.query_plans.conftest import MIDDLE, ExplainWork
from tests.support.clock import LATEST


@pytest.mark.parametrize(
    ("find", "index"),
    [
        (lambda deliveries: deliveries.find_due(MIDDLE, Channel.MAIL), "deliveries_mail_due_at"),
        (
            lambda deliveries: deliveries.find_due(MIDDLE, Channel.WEBHOOK, "well"),
            "deliveries_webhook_due_at",
        ),
        (
            lambda deliveries: deliveries.find_due(MIDDLE, Channel.WEBHOOK, "ill", include_waiting=True),
            "deliveries_webhook_due_at",
        ),
    ],
    ids=["mails", "webhooks", "early webhooks"],
)
def test_due_deliveries_use_an_index(
    explained_work: ExplainWork,
    find: Callable[[DeliveryRepository], Delivery | None],
    index: str,
) -> None:
    found: list[Delivery | None] = []

    explanation = explained_work(
        lambda tx: found.append(find(tx.deliveries)), containing='"due_at" IS NOT NULL', writes=True
    )
    assert found[0] is not None
    assert explanation.indexes == {index}
    assert not explanation.sorts
    assert explanation.work < 100


def test_oldest_due_time_uses_indexes(
    explained_work: ExplainWork,
) -> None:
    explanation = explained_work(lambda tx: tx.deliveries.due_since(LATEST), '"due_at" IS NOT NULL')
    assert explanation.indexes == {
        "deliveries_mail_due_at",
        "deliveries_webhook_due_at",
        "deliveries_leased_until",
    }


@pytest.mark.parametrize("after", [None, Cursor(MIDDLE, "lead-105000")], ids=["first", "next"])
@pytest.mark.parametrize("state", [None, DeliveryState.PENDING, DeliveryState.FAILED])
def test_delivery_lists_use_an_index(
    explained_work: ExplainWork,
    state: DeliveryState | None,
    after: Cursor | None,
) -> None:
    explanation = explained_work(lambda tx: tx.deliveries.page(state, limit=50, after=after), "LIMIT")
    assert explanation.indexes == {"deliveries_state_created_at"}
    assert not explanation.sorts or state is None  # SQLite sorts one page of each state
    assert explanation.work < 60 * 51 * (3 if state is None else 1)
