"""Tables in CSV files (RFC 4180), in the encodings and with the delimiters of spreadsheets."""

import csv
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from itertools import chain, islice
from typing import BinaryIO, ClassVar, TextIO

from attrs import frozen

from leadtracker.domain.model.values.encodings.text_encoding import Detector, UndecodableText, check_pieces
from leadtracker.entrypoints.formats.tables.dialect import Dialect
from leadtracker.entrypoints.formats.tables.header import MAX_ROWS_TO_HEADER, is_header
from leadtracker.entrypoints.formats.tables.rejected_files import rejected_file

Record = tuple[int, "list[str] | UnreadableRecord"]
"""The physical line on which a record starts, and its cells or why it cannot be read."""

MAX_RECORD_CHARACTERS = 1_000_000  # bounds the memory for a file without line breaks
_BYTES_AT_A_TIME = 64 * 1024
_DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[,;\t]*\r?\n?', re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"]|"")*"?')


@frozen
class UnreadableRecord:
    """A record that is no CSV.

    Attributes:
        reason: a phrase, as the CSV reader has it.
        last_line: the physical line on which it ends; a quotation that is not closed takes many lines.
    """

    reason: str
    last_line: int


@frozen
class CsvTable:
    """A table in a CSV file.

    Attributes:
        has_serials: true if a time may be a number of days.
        header: the cells of the first record that is not empty, or of one below a title that is a header.
        dialect: how the file was read.
    """

    has_serials: ClassVar[bool] = False
    header: tuple[str, ...]
    dialect: Dialect
    _text: TextIO
    _lines_above: int

    @classmethod
    @contextmanager
    def open(cls, file: BinaryIO, charset: str | None) -> Iterator["CsvTable"]:
        """Find the encoding and the delimiter of a file, which is read once for that, and its header.

        Raises:
            ImportRejected: it is in no encoding that is understood, empty, or its header is no CSV.
        """
        csv.field_size_limit(MAX_RECORD_CHARACTERS)
        try:
            encoding = _encoding_of(file, charset)
        except UndecodableText as error:
            raise rejected_file("no-text", problem=error) from None
        file.seek(0)
        text = TextIOWrapper(file, encoding=encoding, newline="")
        try:
            yield cls._of(text, encoding)
        finally:
            text.detach()  # the file belongs to the caller

    @classmethod
    def _of(cls, text: TextIOWrapper, encoding: str) -> "CsvTable":
        lines_above = _lines_above_header(text)
        lines = _lines_of(text, lines_above)
        try:
            delimiter, first = _start(lines)
            header = next(_reader(chain([first], lines), delimiter), [])
        except csv.Error as error:
            raise rejected_file("unreadable-header", problem=error) from None
        if not header:
            raise rejected_file("empty")
        return cls(tuple(header), Dialect(encoding, delimiter), text, lines_above)

    def records(self) -> Iterator[Record]:
        """Yield the records after the header, from the beginning; an unreadable one stops no other."""
        lines = _lines_of(self._text, self._lines_above)
        _, first = _start(lines)
        reader = _reader(chain([first], lines), self.dialect.delimiter)
        next(reader, None)
        while True:
            line = lines.begin_record()
            try:
                cells = next(reader)
            except csv.Error as error:
                yield line, UnreadableRecord(str(error), lines.begin_record() - 1)
            except StopIteration:
                return
            else:
                if any(map(str.strip, cells)):
                    yield line, cells

    def count(self) -> int:
        """Return the number of records, also while they are being read."""
        position = self._text.tell()
        number = sum(1 for _ in self.records())
        self._text.seek(position)
        return number


class Lines:
    """Counts the physical lines of a text and bounds the length of each record.

    The CSV reader continues after an error, so this is no generator, which an error would end.
    """

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._number = 0
        self._left = MAX_RECORD_CHARACTERS

    def begin_record(self) -> int:
        """Return the number of the next line and reset the length."""
        self._left = MAX_RECORD_CHARACTERS
        return self._number + 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(self._left + 1)
        if not line:
            raise StopIteration
        self._number += 1
        self._left -= len(line)
        if self._left < 0:
            self._skip_rest_of(line)
            message = f"it has more than {MAX_RECORD_CHARACTERS} characters"
            raise csv.Error(message)
        return line

    def _skip_rest_of(self, line: str) -> None:
        while line and not line.endswith(("\r", "\n")):
            line = self._text.readline(MAX_RECORD_CHARACTERS)


def _reader(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """Return a reader of records; people put blanks behind delimiters, before quotation marks, too."""
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)


def _lines_of(text: TextIO, skipped: int) -> Lines:
    """Return the lines of a text from its beginning, without some that are skipped."""
    text.seek(0)
    lines = Lines(text)
    for _ in range(skipped):
        next(lines)
    return lines


def _lines_above_header(text: TextIO) -> int:
    """Return the number of lines above a header that follows a title; 0 if the header has its usual place."""
    has_title = False
    with suppress(csv.Error):  # of a line without end
        for number, line in enumerate(islice(_lines_of(text, 0), MAX_ROWS_TO_HEADER)):
            cells = next(csv.reader([line], delimiter=_delimiter_of(line), skipinitialspace=True), [])
            if is_header(cells):
                return number if has_title else 0
            has_title = has_title or (any(map(str.strip, cells)) and not _SEPARATOR_LINE.fullmatch(line))
    return 0


def _start(lines: Lines) -> tuple[str, str]:
    """Return the delimiter and the first line of the header, behind empty lines and a ``sep=`` line."""
    named = None
    for line in lines:
        text = line.removeprefix("\ufeff")
        lines.begin_record()
        match = _SEPARATOR_LINE.fullmatch(text)
        if match:
            named = match[1]
        elif text.strip(" \r\n" + "".join(_DELIMITERS)):
            return named or _delimiter_of(text), text
    return ",", ""


def _delimiter_of(header: str) -> str:
    """Return the delimiter that occurs most often outside of quoted cells."""
    return max(_DELIMITERS, key=_QUOTED.sub("", header).count)


def _encoding_of(file: BinaryIO, charset: str | None) -> str:
    detector = Detector(charset)
    for piece in _pieces(file):
        detector.feed(piece)
    encoding = detector.encoding()
    if encoding != "utf-8":
        file.seek(0)
        check_pieces(_pieces(file), encoding)
    return encoding


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_BYTES_AT_A_TIME):
        yield piece
