"""Contract suite of ``LeadRepository``: the matches of a search; ``lead_search_pages`` has the order."""

from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter
from leadtracker.domain.model.leads.queries.search import Search, search_terms
from leadtracker.domain.ports.leads.lead_repository import LeadRepository
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.contracts.leads.lead_repository import store
from tests.support.builders import make_lead
from tests.support.clock import NOW
from tests.support.examples.search_examples import EXAMPLES, FOX, ILGAZ, ZOE
from tests.support.examples.strategies import wild_text
from tests.support.examples.thoroughness import examples

PARTS = [
    *(
        "Ann",
        "ANNA",
        "an",
        "Müller",
        "mu\u0308ll",
        "straße",
        "STRASSE",
        "\ufb01ne",
        "Øystein",
        "İpek",
        "\u0131\u015f\u0131k",
    ),
    *(
        "北京",
        "北",
        "한국",
        "한",
        "\uff46\uff4f\uff58",
        "e\u0301t\u00e9",
        "O'Neil",
        "a-b",
        "🦊",
        "AND",
        "NEAR(x)",
    ),
    *(
        "Mueller",
        "Größe",
        "Groesse",
        "Ångström",
        "O\u2019Neil",
        "ONeil",
        "d'Arc's",
        "離婚問題",
        "相続について",
        "민국",
    ),
    *("50%", "_x_", "0049", "12345", "x" * 70, "नमस्ते", "\u0e01\u0e33", "Ǆ", "ŉ", "ΐ", "Σς", "x²", "½"),
]
PHONES = [None, "+15551234567", "+493012345", "030 12345", "x12345", "٠١٢٣٤", "+442079460018 ext. 12"]

spoken = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=8)
texts = st.lists(st.sampled_from(PARTS) | spoken, max_size=4).map(" ".join)
people = st.tuples(texts, texts, texts, st.sampled_from(PHONES), st.integers(0, 5))
beginnings = st.builds(lambda part, length: part[:length], st.sampled_from(PARTS), st.integers(1, 80))
numbers = st.sampled_from(
    [
        "+1 555",
        "0555 1234",
        "(0) 12345",
        "0012345",
        "12345",
        "5551",
        "٠١٢٣٤",
        "+49 (0) 30 123",
        "020 7946 0018 x12",
    ]
)
joints = st.sampled_from([" ", "  ", ",", "-", " & ", "'", '"', ":*", "\0"])
queries = st.one_of(
    st.builds(lambda joint, parts: joint.join(parts), joints, st.lists(beginnings, max_size=3)),
    numbers,
    beginnings,
    wild_text,
)
# Sharing the fixtures between examples does no harm, because each rolls back what it has stored.
rolled_back = settings(
    max_examples=examples(80),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)


def searching(text: str) -> LeadFilter:
    """Build a filter for all leads, duplicates included, that match a search text."""
    return LeadFilter(search=Search.parse(text), duplicates=Duplicates.INCLUDE)


def found_by(leads: LeadRepository, text: str) -> set[str]:
    """Return the ids of the leads that a search finds."""
    return {lead.id for lead in leads.page(searching(text), limit=200).items}


def search(unit_of_work: UnitOfWorkFactory, text: str) -> set[str]:
    """Return the ids of the committed leads that a search finds."""
    with unit_of_work.read_only() as tx:
        return found_by(tx.leads, text)


class LeadSearchContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store."""

    def test_search_finds_expected_leads(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(unit_of_work, ZOE, ILGAZ, FOX)
        found = {text: search(unit_of_work, text) for text in EXAMPLES}
        assert found == EXAMPLES

    def test_search_finds_names_and_words_without_blanks(self, unit_of_work: UnitOfWorkFactory) -> None:
        message = "离婚问题 대한민국 東京都の相続 " + "长" * 500
        wang = make_lead("wang", first_name="小明", last_name="王", message=message)
        store(unit_of_work, ZOE, wang, FOX)
        for text in ("王小明", "小明", "婚问题", "민국", "相続", "明 王", "长" * 100):
            assert search(unit_of_work, text) == {"wang"}
        assert search(unit_of_work, "王明") == search(unit_of_work, "题问") == set()

    def test_search_works_within_a_write_transaction(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            for lead in (ZOE, ILGAZ, FOX):
                tx.leads.add(lead)
            found = {text: found_by(tx.leads, text) for text in EXAMPLES}
            assert tx.leads.get("zoe") == ZOE
        assert found == EXAMPLES
        assert search(unit_of_work, "zoe") == set()

    @rolled_back
    @given(prospects=st.lists(people, max_size=6), requested=st.lists(queries, min_size=1, max_size=6))
    def test_search_finds_exactly_the_matching_leads(
        self,
        unit_of_work: UnitOfWorkFactory,
        prospects: list[tuple[str, str, str, str | None, int]],
        requested: list[str],
    ) -> None:
        with unit_of_work() as tx:
            leads = [
                make_lead(
                    f"lead-{number}",
                    f"p{address}@example.com",
                    first_name=first_name,
                    last_name=last_name,
                    message=message,
                    phone=phone,
                )
                for number, (first_name, last_name, message, phone, address) in enumerate(prospects)
            ]
            for lead in leads:
                tx.leads.add_or_mark_duplicate(lead)
            for text in requested:
                search = Search.parse(text)
                expected = {lead.id for lead in leads if search.finds(search_terms(lead))}
                assert found_by(tx.leads, text) == expected

    def test_changed_lead_is_found_by_new_words_only(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(unit_of_work, ZOE, ILGAZ)
        changed = evolve(ZOE, first_name="Bob", message="neither", phone=None).changed(NOW)
        with unit_of_work() as tx:
            tx.leads.save(changed)
            tx.commit()
        assert [search(unit_of_work, text) for text in ("hauptstrasse", "12345678")] == [set(), set()]
        assert search(unit_of_work, "bob neither mueller") == {"zoe"}
        assert search(unit_of_work, "ilgaz") == {"ilgaz"}

    def test_unrelated_change_keeps_the_search_terms(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(unit_of_work, ZOE)
        with unit_of_work() as tx:
            tx.leads.save(evolve(ZOE, source="elsewhere").changed(NOW))
            tx.commit()
        assert search(unit_of_work, "hauptstrasse") == {"zoe"}
        assert search(unit_of_work, "elsewhere") == set()

    def test_rolled_back_change_is_not_searchable(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(unit_of_work, ZOE)
        with unit_of_work() as tx:
            tx.leads.save(evolve(ZOE, first_name="Bob").changed(NOW))
            assert found_by(tx.leads, "bob") == {"zoe"}
        assert (search(unit_of_work, "bob"), search(unit_of_work, "zoë muller")) == (set(), {"zoe"})

    def test_erased_lead_is_not_searchable(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(unit_of_work, ZOE, ILGAZ, FOX)
        with unit_of_work() as tx:
            tx.leads.erase("zoe")
            tx.commit()
        assert all("zoe" not in search(unit_of_work, word) for word in search_terms(ZOE))
        assert search(unit_of_work, "example") == {"ilgaz", "fox"}

    def test_a_lead_that_was_rejected_is_not_found(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(unit_of_work, ZOE)
        linked = evolve(ZOE, id="linked", first_name="Linked")
        store(unit_of_work, linked)
        assert search(unit_of_work, "linked") == {"linked"}
        assert search(unit_of_work, "hauptstrasse") == {"zoe", "linked"}
