"""The encodings of texts are recognised, and no text is read by half."""

import pytest

from leadtracker.domain.model.values.encodings.text_encoding import (
    Detector,
    UndecodableText,
    decode,
    decode_apart,
)

WESTERN = [
    *("Müller", "Zoë", "Schröder", "Françoise Lefèvre", "Über uns", "Straße 5, Köln", "Señor Núñez ¿Cómo?"),
    *(
        "Søren Kjærgård",
        "João São Paulo",
        "GRÖSSE MÜLLER",
        "naïve café",
        "Ärzte",
        "Preis: 50 €",
        "It\u2019s \u201cfine\u201d",
        "«Bonjour» »Hallo«",
        "«Paral·lel»",
        "Köln\u2013Bonn",
        "NÃO, É SÃO JOÃO",
    ),
]


@pytest.mark.parametrize("text", WESTERN)
@pytest.mark.parametrize(
    ("encoding", "name"), [("cp1252", "windows-1252"), ("mac_roman", "Mac Roman"), ("utf-8", "UTF-8")]
)
def test_western_texts_are_recognised(text: str, encoding: str, name: str) -> None:
    found = decode(text.encode(encoding))
    assert (found.text, found.encoding) == (text, name)


@pytest.mark.parametrize("text", ["25 °C", "25°C", "nº 5", "1ª planta", "40 m²", "£100", "5€", "§5"])
def test_signs_of_windows_are_recognised(text: str) -> None:
    assert decode(text.encode("cp1252")).text == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "utf-16-le"])
def test_byte_order_mark_counts_first(encoding: str) -> None:
    mark = "" if encoding in {"utf-8-sig", "utf-16"} else "\ufeff"
    assert decode((mark + "Zoë, 北京").encode(encoding), "windows-1251").text == "Zoë, 北京"


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le"])
def test_utf16_without_a_mark_is_recognised(encoding: str) -> None:
    assert decode("name,mail\nZoë,\u5317\u4eac\n".encode(encoding)).text == "name,mail\nZoë,\u5317\u4eac\n"


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("Иван Петров", "windows-1251"),
        ("山田太郎", "Shift_JIS"),
        ("山田太郎", "ISO-2022-JP"),
        ("Łukasz", "iso-8859-2"),
        ("Zoë", "utf-16le"),
        ("50 €", "latin1"),
        ("髙橋 ①", "cp932"),
        ("똠", "cp949"),
        ("ΑΒΓ", "cp737"),
    ],
)
def test_declared_charset_counts(text: str, charset: str) -> None:
    encoding = "cp1252" if charset == "latin1" else charset
    assert decode(text.encode(encoding), charset).text == text


@pytest.mark.parametrize(
    ("text", "charset", "encoding"),
    [
        ("髙橋 ①", "Shift_JIS", "cp932"),
        ("髙橋 ①", "x-sjis", "cp932"),
        ("髙橋 ①", "windows-31j", "cp932"),
        ("똠방각하", "EUC-KR", "cp949"),
        ("朱镕基 €", "gb2312", "gb18030"),
        ("\u201cŞule\u201d", "iso-8859-9", "cp1254"),
    ],
)
def test_charsets_have_the_letters_that_programs_write_under_their_names(
    text: str, charset: str, encoding: str
) -> None:
    assert decode(text.encode(encoding), charset).text == text


def test_utf8_counts_more_than_a_wrong_declaration() -> None:
    assert decode("Zoë, 北京".encode(), "iso-8859-1").text == "Zoë, 北京"


@pytest.mark.parametrize(
    "content",
    [
        "Иван Петров".encode("cp1251"),
        "Παπαδόπουλος".encode("cp1253"),
        "Шван Привет".encode("cp1251"),
        "Müller".encode("cp850"),
        "Jörg Weiß; Größe".encode("cp850"),
        "Bäcker und Söhne".encode("cp437"),
        "Jörg\n".encode() + "Zoë".encode("cp1252"),
        "Łukasz Wójcik, Kraków".encode("cp1250"),
        "żółć".encode("cp1250"),
        bytes(range(256)),
        b"\x89PNG\r\n\x1a\n\0\0",
        b"\xff\xfea",
        b"\xef\xbb\xbfZo\xeb",
        "Größe, 北京".encode() + "Größe".encode("cp1252"),
    ],
)
def test_senseless_bytes_are_rejected(content: bytes) -> None:
    with pytest.raises(UndecodableText, match="is "):
        decode(content)


@pytest.mark.parametrize("name", ["utf-16", "utf-32"])
def test_text_without_the_mark_of_its_declared_charset_is_refused(name: str) -> None:
    with pytest.raises(UndecodableText, match="is "):
        decode(b'{"na\xebme', name)


@pytest.mark.parametrize("charset", ["utf-16", "utf-16le", "utf-16be", "utf-32"])
def test_texts_that_come_apart_are_in_no_wide_encoding(charset: str) -> None:
    assert decode_apart({"name": "Zoë".encode(), "n": b"1"}, charset) == {"name": "Zoë", "n": "1"}


@pytest.mark.parametrize(
    "texts", [(b"\xff\xfea\0", b"b\0c"), (b"\xe9\0b\0c\0", b"\0d\0"), (b"\0\xe9\0b\0c", b"d")]
)
def test_texts_that_do_not_have_the_encoding_of_all_are_refused(texts: tuple[bytes, ...]) -> None:
    with pytest.raises(UndecodableText, match="is not the text in UTF-16 that it seems to be"):
        decode_apart({str(number): text for number, text in enumerate(texts)})


@pytest.mark.parametrize("name", ["rot13", "zlib", "utf-7", "klingon", "\0"])
def test_declared_name_that_is_no_charset_is_ignored(name: str) -> None:
    assert decode("Müller".encode("cp1252"), name).text == "Müller"


def test_a_text_may_come_in_pieces() -> None:
    detector = Detector()
    for byte in "Zoë Müller".encode():
        detector.feed(bytes([byte]))
    assert detector.encoding() == "utf-8"
