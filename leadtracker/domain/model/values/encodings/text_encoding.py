"""Find the encoding of a text, and decode it as a whole or not at all."""

import codecs
import re
from collections.abc import Iterable, Mapping

from attrs import define, field, frozen

from leadtracker.domain.model.values.encodings.western_text import MAC, WINDOWS, samples_in, western_encoding

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks and their encodings; UTF-32 comes before UTF-16, whose mark its own begins with."""
_START_BYTES = 1024  # of a text, in which a mark and UTF-16 without one are looked for
_PIECE_BYTES = 64 * 1024
_NAMES = {
    "utf-8-sig": "UTF-8",
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    WINDOWS: "windows-1252",
    MAC: "Mac Roman",
    "cp932": "Shift JIS",
    "cp949": "EUC-KR",
    "big5hkscs": "Big5",
}
_TEXT_CODECS = (
    *("utf_16", "utf_32", "iso8859", "cp12", "cp8", "cp4", "mac", "koi8"),
    *("gb", "big5", "shift", "euc", "iso2022", "tis_620", "cp7", "cp932", "cp949", "cp950"),
)
_LABELS = {
    "windows-31j": "cp932",
    "x-sjis": "cp932",
    "windows-949": "cp949",
    "windows-874": "cp874",
    "x-gbk": "gb18030",
}
"""Names of the WHATWG Encoding Standard that Python lacks."""
# What is called by the first name is the second one in practice, which has more letters: see that
# standard.
_IN_PRACTICE = {
    "iso8859_1": WINDOWS,
    "iso8859_9": "cp1254",
    "iso8859_11": "cp874",
    "tis_620": "cp874",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
}
_WIDE = ("utf_16", "utf_32")
_LIKE_UTF8 = (*_WIDE, "iso2022")  # their bytes can look like UTF-8, so their names count first
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
_MAX_SAMPLES = 20_000


class UndecodableText(ValueError):
    """A text has no encoding in which it makes sense; the message is for its sender."""


@frozen
class Decoded:
    """A text, and the name of the encoding that it was in."""

    text: str
    encoding: str


def decode(content: bytes, declared: str | None = None) -> Decoded:
    """Decode a text in the encoding that ``encoding_of`` finds.

    Raises:
        UndecodableText: no encoding fits the whole text.
    """
    encoding = encoding_of(content, declared)
    return Decoded(content.decode(encoding), label(encoding))


def encoding_of(content: bytes, declared: str | None = None) -> str:
    """Find the encoding of a text: its byte order mark, UTF-8, ``declared``, or a Western 8-bit encoding.

    Args:
        content: the whole text.
        declared: the charset that the sender named; None if none.

    Returns:
        Python's name of an encoding in which the whole text can be decoded.

    Raises:
        UndecodableText: no encoding fits the whole text.
    """
    if content.isascii() and not declared:
        return "utf-8"
    detector = Detector(declared)
    pieces = [content[start : start + _PIECE_BYTES] for start in range(0, len(content), _PIECE_BYTES)]
    for piece in pieces:
        detector.feed(piece)
    encoding = detector.encoding()
    check_pieces(pieces, encoding)
    return encoding


def decode_apart(texts: Mapping[str, bytes], declared: str | None = None) -> dict[str, str]:
    """Decode texts that came apart, such as the inputs of a form, and have the same encoding.

    UTF-16 and UTF-32 are not among their encodings: what separates such texts is ASCII.

    Raises:
        UndecodableText: no encoding fits every text.
    """
    named = known_charset(declared)
    is_wide = named is not None and named.startswith(_WIDE)
    encoding = encoding_of(b"\n".join(texts.values()), None if is_wide else declared)
    try:
        return {name: text.decode(encoding) for name, text in texts.items()}
    except UnicodeError:
        raise UndecodableText(f"is not the text in {label(encoding)} that it seems to be") from None


def check_pieces(pieces: Iterable[bytes], encoding: str) -> None:
    """Check that a text can be decoded, in bounded memory.

    Raises:
        UndecodableText: it cannot.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in pieces:
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeError:  # not only UnicodeDecodeError: UTF-16 and UTF-32 need a mark
        raise UndecodableText(f"is not the text in {label(encoding)} that it seems to be") from None


def label(encoding: str) -> str:
    """Return the name of an encoding as users know it."""
    name = _NAMES.get(encoding, encoding.replace("_", "-"))
    return name.replace("cp12", "windows-12")


def known_charset(name: str | None) -> str | None:
    """Return Python's name of a text encoding, or None for an unknown one."""
    try:
        found = codecs.lookup(_LABELS.get(name.lower(), name) if name else "").name.replace("-", "_")
    except (LookupError, ValueError):
        return None
    if found in {"utf_8", "ascii"}:
        return "utf-8"
    found = _IN_PRACTICE.get(found, found)
    return found if found.startswith(_TEXT_CODECS) else None


@define
class Detector:
    """Finds the encoding of a text that comes in pieces; its memory is bounded.

    Args:
        declared: the charset that the sender named; None if none.
    """

    _declared: str | None = None
    _start: bytes = field(default=b"", init=False)
    _last: bytes = field(default=b"", init=False)
    _utf8: codecs.IncrementalDecoder | None = field(init=False, factory=codecs.getincrementaldecoder("utf-8"))
    _samples: list[bytes] = field(init=False, factory=list)
    _has_controls: bool = field(default=False, init=False)

    def feed(self, piece: bytes) -> None:
        """Take the next piece of the text."""
        if len(self._start) < _START_BYTES:
            self._start = (self._start + piece)[:_START_BYTES]
        if self._utf8 is not None:
            try:
                self._utf8.decode(piece)
            except UnicodeDecodeError:
                self._utf8 = None
        self._has_controls = self._has_controls or bool(_CONTROLS.search(piece))
        self._sample(self._last + piece)
        self._last = piece[-1:]

    def encoding(self) -> str:
        """Return Python's name of the encoding, after the last piece.

        Raises:
            UndecodableText: no encoding fits.
        """
        for mark, encoding in _MARKS:
            if self._start.startswith(mark):
                return encoding
        declared = known_charset(self._declared) or "utf-8"
        if declared.startswith(_LIKE_UTF8):
            return declared
        if utf16 := _unmarked_utf16(self._start):
            return utf16
        if self._is_utf8():
            return "utf-8"
        if declared != "utf-8":
            return declared
        if self._has_controls:
            raise UndecodableText("is no text: it contains control characters, as pictures and programs do")
        western = western_encoding(self._samples)
        if western is None:
            message = "is neither UTF-8 nor Western European text; save it as UTF-8, or name its encoding"
            raise UndecodableText(message)
        return western

    def _is_utf8(self) -> bool:
        if self._utf8 is None:
            return False
        try:
            self._utf8.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
        return True

    def _sample(self, piece: bytes) -> None:
        if len(self._samples) < _MAX_SAMPLES and not piece.isascii():
            self._samples.extend(samples_in(piece)[: _MAX_SAMPLES - len(self._samples)])


def _unmarked_utf16(start: bytes) -> str | None:
    """Recognise UTF-16 without a mark: every other byte of Western text is a NUL, which no other text has."""
    even, odd = start[::2], start[1::2]
    if not even.count(0) and odd.count(0) > max(len(odd) // 2, 1):
        return "utf-16-le"
    return "utf-16-be" if not odd.count(0) and even.count(0) > max(len(even) // 2, 1) else None
