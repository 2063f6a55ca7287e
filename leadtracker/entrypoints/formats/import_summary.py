"""What an import has done, in the shape that every entrypoint tells it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from attrs import define, field

from leadtracker.domain.use_cases.leads.import_leads import RowOutcome, RowResult
from leadtracker.entrypoints.formats.as_json import Json

MAX_LISTED_ROWS = 50_000
"""As many duplicates, and as many rejected rows, are told one by one; the rest is counted.

More than a person looks through, and little enough to be held, whatever the file is.
"""


@define
class ImportSummary:
    """Counts results and keeps what has to be told about those that were not created.

    Attributes:
        ignored_columns: the columns of the file that mean nothing here.
    """

    ignored_columns: Sequence[str] = ()
    _counts: Counter[RowOutcome] = field(factory=Counter, init=False)
    _listed: Mapping[RowOutcome, list[Json]] = field(
        factory=lambda: {outcome: [] for outcome in _LISTED}, init=False
    )

    def add(self, result: RowResult) -> None:
        """Note one result."""
        self._counts[result.outcome] += 1
        listed = self._listed.get(result.outcome)
        if listed is not None and len(listed) < MAX_LISTED_ROWS:
            listed.append({"line": result.row.line, **_LISTED[result.outcome](result)})

    def count(self, outcome: RowOutcome) -> int:
        """How many rows ended that way."""
        return self._counts[outcome]

    @property
    def rejected(self) -> Sequence[Json]:
        """The first rejected rows: line, field and message."""
        return self._listed[RowOutcome.REJECTED]

    def as_json(self) -> Json:
        """Everything; what was ignored or not listed is there only if there is any."""
        totals: Json = {
            "created": self.count(RowOutcome.CREATED),
            "duplicates": self._listed[RowOutcome.DUPLICATE],
            "rejected": self.rejected,
        }
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
    return {"email": str(result.row.fields["email"]).strip()}


def _rejected(result: RowResult) -> Json:
    first, *others = result.errors
    message = "; ".join([first.message, *(f"{error.field} {error.message}" for error in others)])
    return {"field": first.field, "message": message}


_LISTED: Mapping[RowOutcome, Callable[[RowResult], Json]] = {
    RowOutcome.DUPLICATE: _duplicate,
    RowOutcome.REJECTED: _rejected,
}
