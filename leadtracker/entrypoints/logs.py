"""Logging: structlog for our own lines, the standard library for everybody else's, one format for both.

Lines go to standard error, so that standard output stays for results. They carry no personal data and no
secrets: paths without their query, names of fields without their values.
"""

import json
import logging
import sys
from contextlib import suppress
from typing import TextIO

import structlog
from structlog.types import EventDict, Processor

_TELL_TOO_MUCH = (
    "httpcore",  # the URLs it calls, and the receiver's key may be in one
    "httpx",
    "peewee",  # every statement with its values: names, addresses, hashes
)
_JSON = json.JSONEncoder(ensure_ascii=False, default=repr)


def configure_logging(log_format: str | None, level: str) -> None:
    """Set up logging for the process.

    Args:
        log_format: ``text`` or ``json``; None means text on a terminal, else JSON.
        level: the least severity that is logged.
    """
    as_text = log_format == "text" or (log_format is None and sys.stderr.isatty())
    renderers = _text_renderers() if as_text else _json_renderers()
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    stream = sys.stderr
    structlog.configure(
        processors=[*shared, *renderers],
        logger_factory=lambda name: _Lines(name, stream),
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
    for name in _TELL_TOO_MUCH:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


class _Lines:
    """A logger that writes each line in one piece, so that threads need not wait for each other.

    What cannot be written is lost: no request may fail because the disk is full or nobody reads the pipe.
    """

    def __init__(self, name: str, stream: TextIO) -> None:
        self.name = name
        self._stream = stream

    def msg(self, line: str) -> None:
        """Write a line of any severity."""
        with suppress(OSError, ValueError):  # the latter, if the stream is closed
            self._stream.write(line + "\n")
            self._stream.flush()

    debug = info = warning = error = exception = critical = msg


def _text_renderers() -> list[Processor]:
    plain = structlog.dev.plain_traceback  # a traceback with local variables would show personal data
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]


def _json_renderers() -> list[Processor]:
    return [structlog.processors.format_exc_info, _most_wanted_first, _as_json]


def _most_wanted_first(_logger: object, _method: str, event: EventDict) -> EventDict:
    first = {name: event.pop(name) for name in ("timestamp", "level", "event")}
    return {**first, **event}


def _as_json(_logger: object, _method: str, event: EventDict) -> str:
    return _JSON.encode(event)
