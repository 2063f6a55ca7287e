"""E-mail addresses: which texts are one, and which two are the same."""

import unicodedata

import email_validator
import idna
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from leadtracker.domain.model.values.email_address import MAX_EMAIL_LENGTH, EmailAddress
from leadtracker.domain.model.values.field_errors import InvalidValue
from tests.support.examples.address_variants import ADDRESS_VARIANTS, KEY
from tests.support.examples.strategies import wild_text
from tests.support.examples.wide_forms import widen
from tests.support.instruments.expected_errors import result_or_error

characters = st.characters(exclude_categories=["C", "Z"])
words = st.text(characters, min_size=1, max_size=12)
labels = st.text(st.characters(categories=["L", "N", "M"]), min_size=1, max_size=12)
addresses = st.builds("{}@{}.example".format, words, words)
ascii_text = st.text(st.characters(codec="ascii", exclude_characters="@ "), min_size=1, max_size=20)


def key_of(text: str) -> str | None:
    """The key of a text, or None if it is no address."""
    outcome = result_or_error(lambda: EmailAddress.parse(text).key, ValueError)
    if isinstance(outcome, str):
        return outcome
    assert str(outcome) == "must be an e-mail address, such as name@example.com"
    return None


def oracle(text: str) -> str | None:
    """The ASCII domain that the email-validator library finds in an address, if it accepts it."""
    try:
        found = email_validator.validate_email(
            text, check_deliverability=False, test_environment=True, allow_smtputf8=True
        )
    except email_validator.EmailNotValidError:
        return None
    return found.ascii_domain


# Where the libraries and we disagree on purpose: characters that no user types into an address, or
# whose mapping would need the tables of UTS #46 and not only those of Unicode in Python.
INVALID_IN_DOMAINS = "\u0375\u06fd\u06fe\u0f0b\u0f0c"  # signs of Greek, Sindhi and Tibetan
OLD_CYRILLIC = [(0x1C80, 0x1C88)]  # UTS #46 takes these forms for the usual letters
CHEROKEE = [(0x13A0, 0x13FF), (0xAB70, 0xABBF)]  # UTS #46 maps to the other case
GREEK_WITH_IOTA = [(0x0345, 0x0345), (0x1F80, 0x1FFF)]  # UTS #46 writes the iota beside the letter
STYLED_SIGMA = [  # UTS #46 takes styled final sigmas for medial ones
    (0x03F2, 0x03F2),
    *((styled, styled) for styled in (0x1D6D3, 0x1D70D, 0x1D747, 0x1D781, 0x1D7BB)),
]
INVISIBLE = [  # UTS #46 drops what cannot be seen
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0),
    (0xE0100, 0xE01EF),
]
OTHERWISE_MAPPED = CHEROKEE + OLD_CYRILLIC + GREEK_WITH_IOTA + STYLED_SIGMA + INVISIBLE


def is_documented_disagreement(text: str) -> bool:
    local, _, domain = text.rpartition("@")
    return (
        any(unicodedata.category(char)[0] == "P" and not char.isascii() for char in local)
        or any(char in INVALID_IN_DOMAINS for char in domain)
        or any(first <= ord(char) <= last for char in domain for first, last in OTHERWISE_MAPPED)
    )


@given(st.emails())
def test_rfc_5322_dot_atom_is_accepted(text: str) -> None:
    address = EmailAddress.parse(text)
    assert address.text == text
    assert address.key == text.lower()


@given(addresses | st.builds("{}@{}.com".format, words, labels))
def test_email_validator_addresses_are_accepted(text: str) -> None:
    domain = oracle(text)
    assume(domain is not None and not is_documented_disagreement(text))
    key = key_of(text)
    assert key is not None
    assert key.rpartition("@")[2] == domain


@given(labels)
@example("a\N{GREEK CAPITAL LETTER SIGMA}0")
@example("\N{GREEK CAPITAL LETTER OMICRON}\N{GREEK CAPITAL LETTER SIGMA}")
def test_unicode_and_ascii_domains_are_equal(label: str) -> None:
    encoded = result_or_error(lambda: idna.encode(label, uts46=True), idna.IDNAError)
    assume(isinstance(encoded, bytes) and not is_documented_disagreement(f"@{label}"))
    assert isinstance(encoded, bytes)
    ascii_label = encoded.decode()
    key = EmailAddress.parse(f"ann@{ascii_label}.example").key
    assert key == f"ann@{ascii_label}.example"
    assert EmailAddress.parse(f"ann@{label}.example").key == key


@given(addresses)
def test_key_is_idempotent(text: str) -> None:
    key = key_of(text)
    assume(key is not None)
    assert key is not None
    assert key_of(key) == key


@given(addresses)
def test_unicode_composition_is_ignored(text: str) -> None:
    keys = {key_of(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert keys == {key_of(text)}


@given(addresses)
def test_lower_case_is_ignored(text: str) -> None:
    assert key_of(text.lower()) == key_of(text)


@given(ascii_text, ascii_text)
def test_ascii_upper_case_is_ignored(local: str, domain: str) -> None:
    text = f"{local}@{domain}.com"
    assert key_of(text.upper()) == key_of(text.swapcase()) == key_of(text)


@given(addresses)
def test_surrounding_spaces_are_ignored(text: str) -> None:
    assert key_of(f" \t{text}\n") == key_of(text)


@given(wild_text | st.builds("{}@{}".format, wild_text, wild_text))
def test_any_text_is_an_address_or_is_rejected_politely(text: str) -> None:
    key = key_of(text)
    assert key is None or key.rpartition("@")[2].isascii()


def test_all_spellings_share_one_key() -> None:
    assert len(set(ADDRESS_VARIANTS)) > 20
    assert {key_of(spelling) for spelling in ADDRESS_VARIANTS} == {KEY}


def test_text_is_trimmed_and_composed() -> None:
    given = " Zoë.O'Neil+Ads@Bücher.Example\n"
    address = EmailAddress.parse(unicodedata.normalize("NFD", given))
    assert address.text == given.strip()


@given(st.emails())
@example("Ann.Lee+ads@Example.com")
def test_wide_address_is_extracted_as_in_ascii(text: str) -> None:
    address = EmailAddress.extract(text)
    local, _, domain = text.rpartition("@")
    for spelling in (widen(text), f"{widen(local)}@{domain}", f"{local}@{widen(domain)}"):
        assert EmailAddress.extract(spelling) == address


@pytest.mark.parametrize("around", ["mailto:{}", "Ann Lee <{}>", "{},"])
def test_wide_signs_around_an_address_are_taken_off(around: str) -> None:
    assert EmailAddress.extract(widen(around.format("ann@example.com"))).text == "ann@example.com"


@pytest.mark.parametrize(
    "other",
    ["a.nn@example.com", "ann+ad@example.com", "ann@mail.example.com", "ann@example.co", "änn@example.com"],
)
def test_dots_tags_and_accents_are_significant(other: str) -> None:
    assert key_of(other) not in {None, key_of("ann@example.com")}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ann",
        "@",
        "ann@",
        "@example.com",
        "ann@example",
        "ann@@example.com",
        "a@b@example.com",
        "ann lee@example.com",
        ".ann@example.com",
        "ann.@example.com",
        "a..n@example.com",
        "ann@example..com",
        "ann@.example.com",
        "ann@example.com.",
        "ann@-example.com",
        "ann@example-.com",
        "ann@exa_mple.com",
        "ann@192.0.2.1",
        "ann@[192.0.2.1]",
        '"ann lee"@example.com',
        "ann(work)@example.com",
        "Ann <ann@example.com>",
        "ann@example.com, bob@example.com",
        "ann@example.com\r\nBcc: bob@example.com",
        "=?utf-8?b?DQpCY2M6IGV2ZUBleGFtcGxlLmNvbQ==?=ann@example.com",
        "=?utf-8?q?=0D=0ABcc:_eve?=@example.com",
        "ann.=?iso-8859-1?Q?lee?=@example.com",
        "an\0n@example.com",
        "an\u200bn@example.com",
        "an\u2028n@example.com",
        "an\ud800n@example.com",
        "ann@exam\ud800ple.com",
        "ann@exam\u200bple.com",
        "ann@i\u2764.example",
        f"{'a' * 65}@example.com",
        f"{'ä' * 33}@example.com",
        f"ann@{'a' * 64}.com",
        f"ann@{'a.' * 125}com",
        f"ann@{'ä' * 60}.com",
        f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 60}.com",
    ],
)
def test_other_texts_are_rejected(text: str) -> None:
    assert key_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "a@b.cd",
        "!#$%&'*+-/=?^_`{|}~@example.com",
        f"{'a' * 64}@example.com",
        f"{'ä' * 32}@example.com",
        f"ann@{'a' * 63}.com",
        f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 57}.com",
        "ann@localhost.localdomain",
        "ann@example.test",
        "ann@xn--p1ai.xn--p1ai",
        "用户@例子.广告",
        "अजय@डाटा.भारत",
        "квіточка@пошта.укр",
    ],
)
def test_unusual_addresses_are_accepted(text: str) -> None:
    assert len(text) <= MAX_EMAIL_LENGTH
    assert EmailAddress.parse(text).text == text


@pytest.mark.parametrize(
    ("text", "ours", "theirs"),
    [
        # Punctuation beyond ASCII in the local part: they accept it.
        ("o\u2019neil@example.com", None, "example.com"),
        # Signs of Tibetan in a domain: they accept them.
        ("ann@ཀ\u0f0bཀ.example", None, "xn--nbd9hb.example"),
        # Cherokee in the other case.
        ("ann@\u13a0.example", "ann@xn--kz9a.example", "xn--58d.example"),
        # A selector of variants, which cannot be seen: they drop it.
        ("ann@a\ufe0f.example", "ann@xn--a-i89h.example", "a.example"),
        # Words that read from the right and from the left in one label: they reject it.
        ("ann@x\u05d0y.example", "ann@xn--xy-vld.example", None),
        # What is no punycode in spite of its prefix: they reject it.
        ("ann@xn--a.example", "ann@xn--a.example", None),
    ],
)
def test_email_validator_differences_are_known(text: str, ours: str | None, theirs: str | None) -> None:
    assert (key_of(text), oracle(text)) == (ours, theirs)


plain = st.text(st.sampled_from("aB9._%+-@!'"), min_size=1, max_size=70)
hosts = st.text(st.sampled_from("aB9.-_"), min_size=1, max_size=70)


@pytest.mark.parametrize(
    "text",
    [
        "bob@example.com<ann@example.com>",
        "Bob (bob@example.com) <ann@example.com>",
        '"bob@example.com" <ann@example.com>',
    ],
)
def test_other_address_in_the_name_is_rejected(text: str) -> None:
    error = result_or_error(lambda: EmailAddress.extract(text), ValueError)
    assert isinstance(error, InvalidValue)
    assert error.code == "several-emails"


@pytest.mark.parametrize(
    "name", ["ann@example.com", '"Ann@Example.com"', "Ann (ann@example.com)", "Ann @ Lee Ltd.", "Ann@Lee"]
)
def test_name_before_an_address_is_taken_off(name: str) -> None:
    assert EmailAddress.extract(f"{name} <ann@example.com>").text == "ann@example.com"


@given(local=plain, host=hosts)
def test_plain_address_is_extracted_as_it_is_parsed(local: str, host: str) -> None:
    text = f"{local}@{host}.org"
    extracted = result_or_error(lambda: EmailAddress.extract(text), ValueError)
    if isinstance(extracted, EmailAddress):
        assert extracted == EmailAddress.parse(extracted.text)
    else:
        assert key_of(text) is None
