"""Search: what a text asks for, and which words a lead has."""

from itertools import permutations
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadtracker.adapters.system.phone_parser import LibPhoneParser
from leadtracker.domain.model.leads.queries.search import MAX_WORDS, Search, search_terms, terms_in
from tests.support.builders import make_lead
from tests.support.examples.strategies import wild_text

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
    assert all(word.isalnum() for spellings in search.words for word in spellings)
    assert all(number.isdigit() for number in search.numbers)


@pytest.mark.parametrize(
    "part",
    [
        "a",
        "ab ",
        "1-",
        "ä å ",
        "\u0301",
        "a\u0315\u0300",
        "\ufdfa",
        "离婚",
        "a'",
        "\u200b",
        " ext. 1",
        "tel:",
    ],
)
def test_long_query_costs_little(part: str) -> None:
    started = process_time()
    search = Search.parse(part * (65_000 // len(part)), LibPhoneParser("DE").to_e164)
    assert process_time() - started < 0.2  # generous, for machines that do other things, too
    assert len(search.words) <= MAX_WORDS


@given(st.lists(wild_text, min_size=1, max_size=3), st.data())
def test_text_matches_any_of_its_words(texts: list[str], data: st.DataObject) -> None:
    words = terms_in(texts, "")
    for text in texts:
        for word in data.draw(st.permutations(text.split()[:3])):
            search = Search.parse(word)
            assert search.finds(words) or not search.words


SPELLINGS = [
    ("Müller", "Mueller", "MÜLLER", "mu\u0308ller"),
    ("Größe", "Groesse", "GRÖẞE", "groeße"),
    ("Strauß", "Strauss", "STRAUSS"),
    ("Jäger", "Jaeger", "JAEGER"),
    ("Sørensen", "Soerensen", "SØRENSEN"),
    ("Århus", "Aarhus", "a\u030arhus"),
    ("Ångström", "Aangstroem", "A\u030angstro\u0308m"),
    ("Ångström", "Angstroem"),
    ("Ærø", "Aeroe", "ÆRØ"),
    (
        "O'Brien",
        "O\u2019Brien",
        "OBrien",
        "O\u2018Brien",
        "O\u02bcBrien",
        "O\u00b4Brien",
        "O`Brien",
        "o\uff07brien",
    ),
    ("D'Angelo's", "D\u2019Angelo\u2019s", "DAngelos"),
]


@pytest.mark.parametrize(
    ("stored", "query"), [pair for spellings in SPELLINGS for pair in permutations(spellings, 2)]
)
def test_each_spelling_finds_the_others(stored: str, query: str) -> None:
    assert Search.parse(query).finds(terms_in([f"the {stored}, of course"], ""))


@pytest.mark.parametrize(
    ("stored", "query"),
    [("John", "Joe"), ("Susan", "Sue"), ("Muller", "Mueller"), ("Zoë", "Zoee"), ("OBrien", "Brien")],
)
def test_different_words_stay_different(stored: str, query: str) -> None:
    assert not Search.parse(query).finds(terms_in([stored], ""))


@pytest.mark.parametrize(
    ("stored", "query"),
    [
        ("O\u2019Brien", "brien"),
        ("Jeanne d'Arc", "arc"),
        ("we can't", "can"),
        ("Muller and Müller", "muller"),
        ("Müller", "muller"),
        ("Århus", "arhus"),
        ("我想咨询离婚问题", "离婚"),
        ("我想咨询离婚问题", "咨询离婚问题"),
        ("我想咨询离婚问题", "题"),
        ("東京都の相続について", "相続"),
        ("\uff7b\uff84\uff73", "トウ"),
        ("대한민국 이혼 상담", "민국 상담"),
        ("iPhone修理2026年", "修理 iphone 2026"),
        ("ปรึกษาทนายความ", "ทนาย"),
    ],
)
def test_parts_of_words_are_found(stored: str, query: str) -> None:
    assert Search.parse(query).finds(terms_in([stored], ""))


@pytest.mark.parametrize("query", ["婚离", "离婚咨询", "问题问", "咨询离婚门题"])
def test_other_order_of_characters_does_not_match(query: str) -> None:
    assert not Search.parse(query).finds(terms_in(["我想咨询离婚问题"], ""))


@pytest.mark.parametrize(
    ("first_name", "last_name", "query"),
    [
        ("小明", "王", "王小明"),
        ("王", "小明", "王小明"),
        ("美咲", "佐藤", "佐藤美咲"),
        ("美咲", "佐藤", "佐藤 美咲"),
        ("민수", "김", "김민수"),
        ("王小明", None, "小明"),
    ],
)
def test_east_asian_full_name_is_found(first_name: str, last_name: str | None, query: str) -> None:
    assert Search.parse(query).finds(search_terms(make_lead(first_name=first_name, last_name=last_name)))


@pytest.mark.parametrize(
    ("region", "stored", "query"),
    [
        *[
            (region, "+493012345678", query)
            for region in ("DE", None)
            for query in (
                "+49 30 12345678",
                "+49 (0) 30 / 12345678",
                "+49(0)30-1234 5678",
                "0049 (0)30 12345678",
                "030\u201312345678",
                "(030) 12 34 56 78",
                "tel:+49-30-12345678",
                "'03012345678",
                "\u202a+49 30 12345678\u202c",
                "\uff10\uff13\uff10\uff0d12345678",
                "٠٣٠ ١٢٣٤٥٦٧٨",
                "493012345678",
                "12345",
            )
        ],
        *[
            ("US", "+493012345678", query)
            for query in ("011 49 30 12345678", "01149 (0)30 12345678", "+4930-12345678")
        ],
        ("HU", "+36301234567", "06 30 123 4567"),
        ("IT", "+390669812345", "+39 (0)6 698 12345"),
        ("IT", "+390669812345", "06 698 12345"),
        ("GB", "+442079460018 ext. 12", "020 7946 0018 x12"),
        (None, "+442079460018 ext. 12", "+44 (0)20 7946 0018;ext=12"),
        (None, "+442079460018 ext. 12", "020 7946 0018 Durchwahl 12"),
        (None, "+442079460018 ext. 12", "020 7946 0018"),
        (None, "0049 (0)30 12345678", "+49 30 12345678"),
    ],
)
def test_phone_number_is_found_in_each_spelling(region: str | None, stored: str, query: str) -> None:
    search = Search.parse(query, LibPhoneParser(region).to_e164)
    assert search.finds(search_terms(make_lead(phone=stored)))


def test_raw_phone_number_is_searchable() -> None:
    words = search_terms(make_lead(phone="ext. 12-34 56"))
    assert Search.parse("1234").finds(words)
    assert Search.parse("12 34 56").finds(words)


def test_search_terms_are_unique() -> None:
    words = search_terms(make_lead(first_name="Ann", last_name="ann", email="ann@ann.example"))
    assert sorted(words) == ["ann", "example"]
