"""Contract suite of ``DisabledEndpoints``."""

from collections.abc import Callable
from datetime import datetime

from leadtracker.domain.ports.deliveries.webhooks import DisabledEndpoints
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.clock import DAY, NOW


class DisabledEndpointsContract:
    """Requires the fixtures ``unit_of_work`` and ``another_unit_of_work``: factories on one empty store."""

    def test_no_endpoint_is_disabled_initially(self, unit_of_work: UnitOfWorkFactory) -> None:
        assert known(unit_of_work) == {}

    def test_disabled_endpoints_show_time(
        self, unit_of_work: UnitOfWorkFactory, another_unit_of_work: UnitOfWorkFactory
    ) -> None:
        change(unit_of_work, lambda endpoints: endpoints.add("one", NOW))
        change(unit_of_work, lambda endpoints: endpoints.add("two", NOW + DAY))
        assert known(another_unit_of_work) == {"one": NOW, "two": NOW + DAY}

    def test_disabling_twice_keeps_the_first_time(self, unit_of_work: UnitOfWorkFactory) -> None:
        for now in (NOW, NOW + DAY):
            change(unit_of_work, lambda endpoints, now=now: endpoints.add("one", now))  # type: ignore[misc]
        assert known(unit_of_work) == {"one": NOW}

    def test_removed_endpoint_is_enabled(self, unit_of_work: UnitOfWorkFactory) -> None:
        change(unit_of_work, lambda endpoints: endpoints.add("one", NOW))
        change(unit_of_work, lambda endpoints: endpoints.add("two", NOW))
        for _ in range(2):
            change(unit_of_work, lambda endpoints: endpoints.remove("one"))
        assert known(unit_of_work) == {"two": NOW}


def known(unit_of_work: UnitOfWorkFactory) -> dict[str, datetime]:
    """Return all disabled endpoints."""
    with unit_of_work.read_only() as tx:
        return dict(tx.disabled_endpoints.all())


def change(unit_of_work: UnitOfWorkFactory, act: Callable[[DisabledEndpoints], None]) -> None:
    """Apply a change and commit."""
    with unit_of_work() as tx:
        act(tx.disabled_endpoints)
        tx.commit()
