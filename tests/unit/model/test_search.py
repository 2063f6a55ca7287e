"""Search: what a text asks for, and which words a lead has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadtracker.domain.model.leads.search import MAX_WORDS, Search, search_terms, terms_in
from tests.support.builders import make_lead
from tests.support.strategies import wild_text

LEAD = make_lead(
    first_name="Zoë-Anne",
    last_name="Weiß Łukasz",
    email="Zoe.Weiss+law@Kanzlei-Süd.example",
    phone="+442079460018",
    message="DIVORCE: can't wait!\r\nNächste Woche, Ångström & Søn; ﬁnal İstanbul 東京タワー",
)


@pytest.mark.parametrize(
    "text",
    [
        "zoë",
        "ZOE",
        "zo",
        "anne zoe",
        "weiss",
        "WEIẞ",
        "lukasz",
        "zoe.weiss+law@kanzlei-süd.example",
        "kanzlei",
        "example law",
        "divorce nachste",
        "angstrom son",
        "final istanbul",
        "東京",
        "“divorce”, anne!",
        "+44 20 7946 0018",
        "020 7946 0018",
        "(020) 7946-0018",
        "7946 0018",
        "0018",
        "442079",
        "anne 7946",
    ],
)
def test_word_prefixes_match_in_any_order(text: str) -> None:
    assert Search.parse(text).finds(search_terms(LEAD))


@pytest.mark.parametrize(
    "text",
    ["oe", "annex", "zoe bob", "divorces", "9461", "020 7946 0019", "!!!", "", " ", "🦊", "a_b"],
)
def test_other_texts_do_not_match(text: str) -> None:
    assert not Search.parse(text).finds(search_terms(LEAD))


@given(wild_text)
def test_any_text_is_a_valid_search(text: str) -> None:
    search = Search.parse(text)
    assert len(search.words) <= MAX_WORDS
    assert all(word.isalnum() for word in search.words)


@given(st.lists(wild_text, min_size=1, max_size=3), st.data())
def test_text_matches_any_of_its_words(texts: list[str], data: st.DataObject) -> None:
    words = terms_in(texts, "")
    for text in texts:
        for word in data.draw(st.permutations(text.split()[:3])):
            search = Search.parse(word)
            assert search.finds(words) or not search.words


def test_raw_phone_number_is_searchable() -> None:
    words = search_terms(make_lead(phone="ext. 12-34 56"))
    assert Search.parse("1234").finds(words)
    assert Search.parse("12 34 56").finds(words)


def test_search_terms_are_unique() -> None:
    words = search_terms(make_lead(first_name="Ann", last_name="ann", email="ann@ann.example"))
    assert sorted(words) == ["ann", "example"]
