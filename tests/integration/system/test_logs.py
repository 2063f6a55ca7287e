"""The log: one format for our events and those of libraries; logging never fails a request."""

import json
import logging
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, suppress
from io import StringIO
from typing import Any, TextIO

import pytest
import structlog

from leadtracker.entrypoints.logs import configure_logging

pytestmark = pytest.mark.usefixtures("restored_logging")

Line = dict[str, Any]


@pytest.fixture
def stream() -> Iterator[StringIO]:
    """The stream that JSON lines are logged to."""
    with redirect_stderr(StringIO()) as stream:
        configure_logging("json", "info")
        yield stream


def lines(stream: StringIO) -> list[Line]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_library_lines_share_the_format(stream: StringIO) -> None:
    structlog.contextvars.bind_contextvars(request_id="mine")
    structlog.get_logger("other").warning("It is late.")
    logging.getLogger("other").warning("It is %s.", "late")
    ours, theirs = lines(stream)
    assert list(ours) == ["timestamp", "level", "event", "request_id", "logger"]
    assert {**ours, "timestamp": None} == {**theirs, "timestamp": None}
    assert list(ours) == list(theirs)


def test_traceback_is_part_of_its_line(stream: StringIO) -> None:
    try:
        raise RuntimeError("late")
    except RuntimeError as error:
        structlog.get_logger("ours").exception("unhandled exception", exc_info=error)
        logging.getLogger("theirs").exception("unhandled exception")
    for line in lines(stream):
        assert line["level"] == "error"
        assert line["exception"].startswith("Traceback")
        assert line["exception"].endswith("RuntimeError: late")


def test_unicode_and_unserialisable_values_log(stream: StringIO) -> None:
    structlog.get_logger("ours").info("Größe", path="/\udcff", kind=frozenset({1}))
    [line] = lines(stream)
    assert "Größe" in stream.getvalue()
    assert (line["path"], line["kind"]) == ("/\\udcff", "frozenset({1})")


@pytest.mark.parametrize("level", ["debug", "info", "warning", "error", "critical"])
def test_level_filters_lines(level: str) -> None:
    levels = ("debug", "info", "warning", "error", "critical")
    with redirect_stderr(StringIO()) as stream:
        configure_logging("json", level)
        for each in levels:
            getattr(structlog.get_logger("ours"), each)("It happened.")
    assert [line["level"] for line in lines(stream)] == list(levels[levels.index(level) :])


def test_text_format_covers_all_loggers() -> None:
    with redirect_stderr(StringIO()) as stream:
        configure_logging("text", "info")
        structlog.get_logger("ours").info("It happened.", number=7)
        logging.getLogger("theirs").info("It happened.")
    ours, theirs = stream.getvalue().splitlines()
    assert "It happened." in ours
    assert "number=7" in ours
    assert "It happened." in theirs


HOSTILE = "/a\n2026-01-01 [info] forged\x1b[2J\x9b31m\u202egnp\u2028\r\x00"


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_no_value_controls_the_terminal_or_begins_a_line(log_format: str) -> None:
    with redirect_stderr(StringIO()) as stream:
        configure_logging(log_format, "info")
        structlog.get_logger("ours").info("request", path=HOSTILE)
        logging.getLogger("theirs").info("It came from \x1b[31m %s.", "\u202ethere")
    written = stream.getvalue()
    assert len(written.splitlines()) == 2
    assert written.replace("\n", "").isprintable()
    assert "forged" in written


def test_concurrent_lines_do_not_interleave(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logging("json", "info")

    def write(number: int) -> None:
        for _ in range(50):
            structlog.get_logger("ours").info("It happened.", number=number, more="x" * 500)
            logging.getLogger("theirs").info("It happened.")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(8)))
    written = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert len(written) == 8 * 50 * 2


def unread_stream() -> TextIO:
    reading, writing = os.pipe()
    os.close(reading)
    return os.fdopen(writing, "w", buffering=1)


def already_closed() -> TextIO:
    stream = StringIO()
    stream.close()
    return stream


@pytest.mark.parametrize("make", [unread_stream, already_closed])
def test_unwritable_log_stops_nothing(make: Any) -> None:
    stream = make()
    with redirect_stderr(stream):
        configure_logging("json", "info")
        structlog.get_logger("ours").info("It happened.")
    with suppress(BrokenPipeError):
        stream.close()
