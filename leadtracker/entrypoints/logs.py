"""Logging in one format: structlog for our own events, the standard library for those of other packages.

Lines go to standard error; standard output is for results. Events carry no personal data and no secrets:
paths without their query, field names without values.
"""

import json
import logging
import os
import sys
from contextlib import suppress
from typing import TextIO

import structlog
from structlog.types import EventDict, Processor

_LIMITED_TO_WARNINGS = (
    "httpcore",  # logs URLs, which may hold the receiver's key
    "httpx",  # as httpcore
    "peewee",  # logs every statement with its parameters: names, addresses, hashes
)
_OF_SEVERAL_LINES = frozenset({"event", "exception"})
_JSON = json.JSONEncoder(ensure_ascii=False, default=repr)


def configure_logging(log_format: str | None, level: str) -> None:
    """Configure logging for this process.

    Args:
        log_format: ``text`` or ``json``; None means text on a terminal, else JSON.
        level: the lowest level that is logged.
    """
    as_text = log_format == "text" or (log_format is None and sys.stderr.isatty())
    renderers = [_escape, *(_text_renderers() if as_text else _json_renderers())]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    stream = sys.stderr
    structlog.configure(
        processors=[*shared, *renderers],
        logger_factory=lambda name: _LineLogger(name, stream),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in _LIMITED_TO_WARNINGS:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def allows_colours() -> bool:
    """Return False if ``NO_COLOR`` is set to anything, as on https://no-color.org."""
    return not os.environ.get("NO_COLOR")


class _LineLogger:
    """A logger that writes each line with one call, so that threads need no lock.

    A line that cannot be written is lost: no request may fail because the disk is full or the pipe is closed.
    """

    def __init__(self, name: str, stream: TextIO) -> None:
        self.name = name
        self._stream = stream

    def msg(self, line: str) -> None:
        """Write a line of any level."""
        with suppress(OSError, ValueError):  # ValueError: the stream is closed
            self._stream.write(line + "\n")
            self._stream.flush()

    debug = info = warning = error = exception = critical = msg


def _text_renderers() -> list[Processor]:
    plain = structlog.dev.plain_traceback  # a traceback with local variables would show personal data
    colours = sys.stderr.isatty() and allows_colours()
    return [structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=plain)]


def _json_renderers() -> list[Processor]:
    return [structlog.processors.format_exc_info, _key_fields_first, _as_json]


def _escape(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Escape what a terminal would execute or show in another place; only texts of our own have lines."""
    return {
        name: _escaped(value, keep="\n" if name in _OF_SEVERAL_LINES else "")
        if isinstance(value, str)
        else value
        for name, value in event.items()
    }


def _escaped(text: str, keep: str) -> str:
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in keep else char.encode("unicode_escape").decode()
        for char in text
    )


def _key_fields_first(_logger: object, _method: str, event: EventDict) -> EventDict:
    first = {name: event.pop(name) for name in ("timestamp", "level", "event")}
    return {**first, **event}


def _as_json(_logger: object, _method: str, event: EventDict) -> str:
    return _JSON.encode(event)
