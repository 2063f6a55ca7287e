"""The summary of an import, which all entrypoints return."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from attrs import define, field

from leadtracker.domain.use_cases.imports.import_rows import RowOutcome, RowResult
from leadtracker.entrypoints.formats.as_json import Json
from leadtracker.entrypoints.formats.field_messages import named_phrases

MAX_LISTED_ROWS = 50_000
"""The maximum number of duplicates, and of rejected rows, that are listed; further ones are only counted.

It is more than a user reads, and bounds the memory for any file.
"""


@define
class ImportSummary:
    """Counts the results of an import and lists the rows that were not created.

    Attributes:
        ignored_columns: the names of unknown columns in the file.
        encoding: the encoding in which the file was read; empty if it is not known yet.
        import_id: the id of the import; None for a dry run.
    """

    ignored_columns: Sequence[str] = ()
    encoding: str = ""
    import_id: str | None = None
    _left_out: list[Json] = field(factory=list, init=False)
    _number_left_out: int = field(default=0, init=False)
    _counts: Counter[RowOutcome] = field(factory=Counter, init=False)
    _listed: Mapping[RowOutcome, list[Json]] = field(
        factory=lambda: {outcome: [] for outcome in _LISTED}, init=False
    )

    def add(self, result: RowResult) -> None:
        """Add one result."""
        self._counts[result.outcome] += 1
        for error in result.left_out:
            self._number_left_out += 1
            if len(self._left_out) < MAX_LISTED_ROWS:
                self._left_out.append(
                    {"line": result.row.line, "field": error.field, "message": error.message}
                )
        listed = self._listed.get(result.outcome)
        if listed is not None and len(listed) < MAX_LISTED_ROWS:
            listed.append({"line": result.row.line, **_LISTED[result.outcome](result)})

    def count(self, outcome: RowOutcome) -> int:
        """Return the number of rows with this outcome."""
        return self._counts[outcome]

    @property
    def left_out(self) -> Sequence[Json]:
        """The listed values without which rows were taken: line, field and message."""
        return self._left_out

    @property
    def rejected(self) -> Sequence[Json]:
        """The listed rejected rows: line, field and message."""
        return self._listed[RowOutcome.REJECTED]

    def as_json(self) -> Json:
        """Return the summary; all but the first three members are absent if empty."""
        totals: Json = {
            "created": self.count(RowOutcome.CREATED),
            "duplicates": self._listed[RowOutcome.DUPLICATE],
            "rejected": self.rejected,
        }
        if self.import_id:
            totals["import_id"] = self.import_id
        if self.encoding:
            totals["encoding"] = self.encoding
        if self.count(RowOutcome.UPDATED):
            totals["updated"] = self.count(RowOutcome.UPDATED)
        if self._left_out:
            totals["left_out"] = self._left_out
        if self.ignored_columns:
            totals["ignored_columns"] = self.ignored_columns
        if any(self._not_listed(outcome) for outcome in _LISTED):
            totals["not_listed"] = {
                "duplicates": self._not_listed(RowOutcome.DUPLICATE),
                "rejected": self._not_listed(RowOutcome.REJECTED),
            }
        return totals

    def _not_listed(self, outcome: RowOutcome) -> int:
        return self.count(outcome) - len(self._listed[outcome])


def _duplicate(result: RowResult) -> Json:
    email, phone = (str(result.row.fields.get(name) or "").strip() for name in ("email", "phone"))
    return {"email": email} if email else {"email": None, "phone": phone}


def _rejected(result: RowResult) -> Json:
    first, *others = result.errors
    message = "; ".join([first.message, *([named_phrases(others)] if others else [])])
    return {"field": first.field, "message": message}


_LISTED: Mapping[RowOutcome, Callable[[RowResult], Json]] = {
    RowOutcome.DUPLICATE: _duplicate,
    RowOutcome.REJECTED: _rejected,
}
