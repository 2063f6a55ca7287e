"""Contract suite of ``FollowUpRepository``."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.values.paging import Cursor, Page
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.leads.follow_up_repository import FollowUpRepository
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.contracts.leads.lead_repository import store
from tests.support.builders import make_follow_up, make_lead
from tests.support.clock import EARLIEST, LATEST, MICROSECOND, NOW
from tests.support.examples.thoroughness import examples

Ask = Callable[[FollowUpRepository, int, Cursor | None], Page[FollowUp]]

TIMESTAMPS = [NOW + position * MICROSECOND for position in range(4)]
LEADS = [f"lead-{number}" for number in range(8)]

timestamps = st.sampled_from([NOW - timedelta(days=1), *TIMESTAMPS, NOW + timedelta(days=1)])
time_ranges = st.builds(TimeRange, st.none() | timestamps, st.none() | timestamps)
positions = st.builds(Cursor, timestamps, st.sampled_from(["", "f-0", "f-2", "f-11", "~"]))
done_ones = st.tuples(
    st.sampled_from(LEADS), st.none() | st.sampled_from(TIMESTAMPS), st.sampled_from(TIMESTAMPS)
)
open_ones = st.dictionaries(st.sampled_from(LEADS), st.sampled_from(TIMESTAMPS))
# Sharing the fixtures between examples does no harm, because each rolls back what it has stored.
rolled_back = settings(
    max_examples=examples(50),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)


@st.composite
def books(draw: st.DrawFn) -> list[FollowUp]:
    """Build follow-ups, with at most one open per lead, and many with equal timestamps."""
    done = [(lead, due_at, done_at) for lead, due_at, done_at in draw(st.lists(done_ones, max_size=8))]
    planned = [(lead, due_at, None) for lead, due_at in draw(open_ones).items()]
    mixed = draw(st.permutations([*done, *planned]))
    return [
        make_follow_up(f"f-{number}", lead, due_at, done_at=done_at)
        for number, (lead, due_at, done_at) in enumerate(mixed)
    ]


def save(unit_of_work: UnitOfWorkFactory, *follow_ups: FollowUp) -> None:
    """Save follow-ups and commit."""
    with unit_of_work() as tx:
        for follow_up in follow_ups:
            tx.follow_ups.save(follow_up)
        tx.commit()


def of(unit_of_work: UnitOfWorkFactory, lead_id: str = "lead-1") -> list[FollowUp]:
    """Return the committed follow-ups of a lead."""
    with unit_of_work.read_only() as tx:
        return tx.follow_ups.of(lead_id)


def find_open(unit_of_work: UnitOfWorkFactory, lead_id: str = "lead-1") -> FollowUp | None:
    """Return the committed open follow-up of a lead."""
    with unit_of_work.read_only() as tx:
        return tx.follow_ups.find_open(lead_id)


def ask_open(due: TimeRange = TimeRange()) -> Ask:  # noqa: B008 - a frozen value
    """Build a query for open follow-ups."""
    return lambda follow_ups, limit, after: follow_ups.open_page(due, limit=limit, after=after)


def ask_done(follow_ups: FollowUpRepository, limit: int, after: Cursor | None) -> Page[FollowUp]:
    """Build a query for completed follow-ups."""
    return follow_ups.done_page(limit=limit, after=after)


def all_pages(unit_of_work: UnitOfWorkFactory, ask: Ask, limit: int) -> Iterator[Page[FollowUp]]:
    """Yield every page of a listing."""
    after: Cursor | None = None
    while True:
        with unit_of_work.read_only() as tx:
            page = ask(tx.follow_ups, limit, after)
        yield page
        if page.next is None:
            return
        after = page.next


class FollowUpRepositoryContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store."""

    @pytest.fixture(autouse=True)
    def leads(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(unit_of_work, *(make_lead(lead, f"{lead}@example.com") for lead in LEADS))

    @pytest.mark.parametrize(
        "follow_up",
        [
            pytest.param(make_follow_up(), id="least"),
            pytest.param(
                make_follow_up(
                    due_at=NOW + MICROSECOND,
                    note="Zoë's 🦊\r\n",
                    message='"; DROP TABLE leads -- % _ \\',
                    created_at=NOW + 2 * MICROSECOND,
                    created_by="api-key:website",
                    done_at=NOW + 3 * MICROSECOND,
                ),
                id="most",
            ),
            pytest.param(make_follow_up(due_at=None, done_at=NOW), id="not planned"),
            pytest.param(make_follow_up(reminded_at=NOW + MICROSECOND), id="reminded of"),
            pytest.param(make_follow_up(due_at=EARLIEST), id="earliest"),
            pytest.param(make_follow_up(due_at=LATEST), id="latest"),
        ],
    )
    def test_follow_up_round_trips(self, unit_of_work: UnitOfWorkFactory, follow_up: FollowUp) -> None:
        save(unit_of_work, follow_up)
        assert of(unit_of_work) == [follow_up]

    def test_saving_again_updates_it(self, unit_of_work: UnitOfWorkFactory) -> None:
        planned = make_follow_up(note="call")
        save(unit_of_work, planned)
        rescheduled = evolve(planned, due_at=LATEST, note=None, message="We call you.")
        save(unit_of_work, rescheduled)
        assert of(unit_of_work) == [rescheduled]
        save(unit_of_work, rescheduled.done(NOW, "called", None))
        assert of(unit_of_work) == [rescheduled.done(NOW, "called", None)]

    def test_open_follow_up_is_the_undone_one(self, unit_of_work: UnitOfWorkFactory) -> None:
        assert find_open(unit_of_work) is None
        planned = make_follow_up("planned")
        save(unit_of_work, make_follow_up("done", done_at=NOW), planned)
        assert find_open(unit_of_work) == planned
        assert find_open(unit_of_work, "lead-2") is None
        save(unit_of_work, planned.done(NOW, None, None))
        assert find_open(unit_of_work) is None

    def test_follow_ups_are_listed_oldest_first(self, unit_of_work: UnitOfWorkFactory) -> None:
        ages = {"c": TIMESTAMPS[0], "b": TIMESTAMPS[2], "d": TIMESTAMPS[2], "a": TIMESTAMPS[1]}
        follow_ups = {
            name: make_follow_up(name, created_at=created_at, done_at=LATEST)
            for name, created_at in ages.items()
        }
        save(unit_of_work, make_follow_up("other", "lead-2"), *follow_ups.values())
        assert of(unit_of_work) == [follow_ups[name] for name in "cabd"]

    def test_removing_a_follow_up_is_idempotent(self, unit_of_work: UnitOfWorkFactory) -> None:
        kept = make_follow_up("kept", done_at=NOW)
        save(unit_of_work, make_follow_up("gone"), kept)
        for _ in range(2):
            with unit_of_work() as tx:
                tx.follow_ups.remove("gone")
                tx.commit()
        assert (of(unit_of_work), find_open(unit_of_work)) == ([kept], None)

    def test_new_follow_up_can_replace_a_removed_one(self, unit_of_work: UnitOfWorkFactory) -> None:
        save(unit_of_work, make_follow_up("old"))
        with unit_of_work() as tx:
            tx.follow_ups.remove("old")
            tx.follow_ups.save(make_follow_up("new"))
            tx.commit()
        assert find_open(unit_of_work) == make_follow_up("new")

    def test_erasing_removes_one_leads_follow_ups(self, unit_of_work: UnitOfWorkFactory) -> None:
        other = make_follow_up("other", "lead-2")
        save(unit_of_work, make_follow_up("a"), make_follow_up("b", done_at=NOW), other)
        for _ in range(2):
            with unit_of_work() as tx:
                tx.follow_ups.erase("lead-1")
                tx.commit()
        assert (of(unit_of_work), of(unit_of_work, "lead-2")) == ([], [other])

    @pytest.mark.parametrize("limit", [1, 2, 3, 7, 8, 9])
    def test_pages_show_each_exactly_once_even_those_of_one_timestamp(
        self, unit_of_work: UnitOfWorkFactory, limit: int
    ) -> None:
        planned = [
            make_follow_up(f"p-{position}", lead, TIMESTAMPS[position % 3])
            for position, lead in enumerate(LEADS)
        ]
        done = [evolve(one, id=f"d{one.id}", done_at=one.due_at) for one in planned]
        save(unit_of_work, *planned, *done)
        for ask, expected in (
            (ask_open(), sorted(planned, key=lambda one: (one.due_at, one.id))),
            (ask_done, sorted(done, key=lambda one: (one.done_at, one.id), reverse=True)),
        ):
            pages = list(all_pages(unit_of_work, ask, limit))
            assert [one for page in pages for one in page.items] == expected
            assert {len(page.items) for page in pages[:-1]} <= {limit}

    @rolled_back
    @given(
        book=books(),
        due=time_ranges,
        after=st.none() | positions,
        limit=st.sampled_from([1, 3, 200]),
        done=st.booleans(),
    )
    def test_page_holds_the_next_matching_follow_ups(
        self,
        unit_of_work: UnitOfWorkFactory,
        book: list[FollowUp],
        due: TimeRange,
        after: Cursor | None,
        limit: int,
        done: bool,  # noqa: FBT001 - drawn
    ) -> None:
        def key(one: FollowUp) -> tuple[datetime, str]:
            return (done and one.done_at) or one.due_at or LATEST, one.id

        expected = [one for one in book if (one.done_at is not None) is done]
        if not done:
            expected = [one for one in expected if one.due_at is not None and due.contains(one.due_at)]
        expected.sort(key=key, reverse=done)
        if after is not None:
            there = (after.at, after.id)
            expected = [one for one in expected if (key(one) < there if done else key(one) > there)]
        with unit_of_work() as tx:
            for follow_up in book:
                tx.follow_ups.save(follow_up)
            page = (ask_done if done else ask_open(due))(tx.follow_ups, limit, after)
        assert list(page.items) == expected[:limit]
        assert page.next == (Cursor(*key(page.items[-1])) if len(expected) > limit else None)
