"""The log: one format for our lines and for those of libraries, and nothing that can stop a request."""

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
    """Where lines go that are logged as JSON."""
    with redirect_stderr(StringIO()) as stream:
        configure_logging("json", "info")
        yield stream


def lines(stream: StringIO) -> list[Line]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_lines_of_libraries_look_like_ours(stream: StringIO) -> None:
    structlog.contextvars.bind_contextvars(request_id="mine")
    structlog.get_logger("somebody").warning("It is late.")
    logging.getLogger("somebody").warning("It is %s.", "late")
    ours, theirs = lines(stream)
    assert list(ours) == ["timestamp", "level", "event", "request_id", "logger"]
    assert {**ours, "timestamp": None} == {**theirs, "timestamp": None}
    assert list(ours) == list(theirs)


def test_a_traceback_is_a_part_of_its_line(stream: StringIO) -> None:
    try:
        raise RuntimeError("late")
    except RuntimeError as error:
        structlog.get_logger("ours").exception("unhandled exception", exc_info=error)
        logging.getLogger("theirs").exception("unhandled exception")
    for line in lines(stream):
        assert line["level"] == "error"
        assert line["exception"].startswith("Traceback")
        assert line["exception"].endswith("RuntimeError: late")


def test_lines_keep_their_letters_and_show_what_json_does_not_know(stream: StringIO) -> None:
    structlog.get_logger("ours").info("Größe", path="/\udcff", kind=frozenset({1}))
    [line] = lines(stream)
    assert "Größe" in stream.getvalue()
    assert (line["path"], line["kind"]) == ("/\udcff", "frozenset({1})")


@pytest.mark.parametrize("level", ["debug", "info", "warning", "error", "critical"])
def test_only_what_is_severe_enough_is_logged(level: str) -> None:
    levels = ("debug", "info", "warning", "error", "critical")
    with redirect_stderr(StringIO()) as stream:
        configure_logging("json", level)
        for each in levels:
            getattr(structlog.get_logger("ours"), each)("It happened.")
    assert [line["level"] for line in lines(stream)] == list(levels[levels.index(level) :])


def test_text_has_lines_of_both_kinds() -> None:
    with redirect_stderr(StringIO()) as stream:
        configure_logging("text", "info")
        structlog.get_logger("ours").info("It happened.", number=7)
        logging.getLogger("theirs").info("It happened.")
    ours, theirs = stream.getvalue().splitlines()
    assert "It happened." in ours
    assert "number=7" in ours
    assert "It happened." in theirs


def test_threads_do_not_write_into_each_others_lines(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logging("json", "info")

    def tell(number: int) -> None:
        for _ in range(50):
            structlog.get_logger("ours").info("It happened.", number=number, more="x" * 500)
            logging.getLogger("theirs").info("It happened.")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(tell, range(8)))
    written = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert len(written) == 8 * 50 * 2


def nobody_reads() -> TextIO:
    reading, writing = os.pipe()
    os.close(reading)
    return os.fdopen(writing, "w", buffering=1)


def already_closed() -> TextIO:
    stream = StringIO()
    stream.close()
    return stream


@pytest.mark.parametrize("make", [nobody_reads, already_closed])
def test_a_log_that_cannot_be_written_stops_nothing(make: Any) -> None:
    stream = make()
    with redirect_stderr(stream):
        configure_logging("json", "info")
        structlog.get_logger("ours").info("It happened.")
    with suppress(BrokenPipeError):
        stream.close()
