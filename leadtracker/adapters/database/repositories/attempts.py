"""Attempts to send a delivery or a weekly report, as rows of two tables with the same columns."""

import json
from collections.abc import Callable
from datetime import datetime

from attrs import asdict

from leadtracker.adapters.database.engine.statement_names import Row
from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import Attempt, Outcome


def to_attempt(row: Row, timestamp: Callable[[object], datetime]) -> Attempt:
    """Return the attempt of a row.

    Args:
        row: one of either table.
        timestamp: reads a time of the database.
    """
    return Attempt(
        number=row.number,
        started_at=timestamp(row.started_at),
        finished_at=None if row.finished_at is None else timestamp(row.finished_at),
        outcome=None if row.outcome is None else Outcome(row.outcome),
        status=row.status,
        detail=None if row.detail is None else _to_detail(row.detail),
    )


def attempt_values(attempt: Attempt) -> dict[str, object]:
    """Return the values of an attempt's columns; the detail is JSON."""
    detail = None if attempt.detail is None else json.dumps(attempt.detail.data())
    return asdict(attempt, recurse=False) | {"detail": detail}


def _to_detail(text: str) -> AttemptDetail:
    data = json.loads(text)
    return AttemptDetail(**data | {"code": DetailCode(data["code"])})
