"""Lists of leads in the order of a text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.search import folded
from leadtracker.domain.model.leads.queries.text_order import LeadText, TextSort, page_by_text
from leadtracker.domain.model.values.paging import Cursor
from tests.support.clock import MICROSECOND, NOW
from tests.support.examples.strategies import wild_text

SOME = st.sampled_from([one for one in TextSort if one.key != TextSort.STATE])
LEADS = st.lists(
    st.builds(
        LeadText,
        st.integers(0, 99).map("lead-{:02}".format),
        st.integers(0, 2).map(lambda number: NOW + number * MICROSECOND),
        st.none() | st.sampled_from(["Ann", "ann", "Änn", "", "zoe"]) | wild_text,
    ),
    unique_by=lambda lead: lead.id,
    max_size=30,
)


def ids_of(*texts: str | None, sort: TextSort = TextSort.NAME) -> list[int]:
    """Return the positions of some texts, the latest of which is the last, in the order of a list."""
    leads = [LeadText(str(number), NOW + number * MICROSECOND, text) for number, text in enumerate(texts)]
    return [int(lead_id) for lead_id in page_by_text(leads, sort, limit=200).items]


def all_pages(leads: list[LeadText], sort: TextSort, limit: int, *, erases: bool = False) -> list[str]:
    """Return the ids of all pages; if ``erases``, the leads of a page leave before the next one is read."""
    found: list[str] = []
    after: Cursor | None = None
    for _ in range(len(leads) + 1):
        page = page_by_text(leads, sort, limit=limit, after=after)
        found += page.items
        if page.next is None:
            break
        after = page.next
        leads = [lead for lead in leads if not erases or lead.id not in page.items]
    return found


@pytest.mark.parametrize(
    "texts",
    [
        ["adam", "Ädelheid", "Adler", "Öz", "ozon"],
        ["Élan", "ella", "\uff25LLE", "Łukasz", "luke", "Øre", "Straße", "strassen"],
        ["Ann Lee", "Anna Adam"],
        ["3 Räder", "Ahorn", "Ελλάδα", "Юрий", "王"],
    ],
)
def test_case_accents_and_umlauts_do_not_matter(texts: list[str]) -> None:
    assert ids_of(*texts) == list(range(len(texts)))
    assert ids_of(*texts, sort=TextSort.NAME_REVERSED) == list(reversed(range(len(texts))))


@pytest.mark.parametrize(
    ("sort", "expected"), [(TextSort.OWNER, [4, 1, 2, 3, 0]), (TextSort.OWNER_REVERSED, [2, 4, 1, 3, 0])]
)
def test_leads_without_the_text_come_last_and_the_latest_of_equals_first(
    sort: TextSort, expected: list[int]
) -> None:
    assert ids_of(None, "Ann", "bob", None, "änn", sort=sort) == expected


def test_states_come_in_order_of_work() -> None:
    states = [state.value for state in LeadState]
    assert ids_of(*states, sort=TextSort.STATE) == [0, 1, 2, 3]
    assert ids_of(*states, sort=TextSort.STATE_REVERSED) == [3, 2, 1, 0]


@given(leads=LEADS, sort=SOME, limit=st.integers(1, 10), erases=st.booleans())
def test_pages_show_each_lead_once_in_order(
    leads: list[LeadText],
    sort: TextSort,
    limit: int,
    erases: bool,  # noqa: FBT001 - an example
) -> None:
    by_id = {lead.id: lead for lead in leads}
    found = [by_id[lead_id] for lead_id in all_pages(leads, sort, limit, erases=erases)]
    assert len(found) == len(leads)
    assert set(found) == set(leads)
    for one, other in pairwise(found):
        assert in_order(one, other, sort)


def in_order(one: LeadText, other: LeadText, sort: TextSort) -> bool:
    """Return whether a lead may come before another."""
    here, there = (folded(lead.text[:60])[:60] if lead.text else None for lead in (one, other))
    if here == there:
        return (one.created_at, one.id) > (other.created_at, other.id)
    if here is None or there is None:
        return there is None
    return here > there if sort.startswith("-") else here < there
