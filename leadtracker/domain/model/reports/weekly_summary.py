"""The weekly summary: what the e-mail about a sealed week says beside its number."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from attrs import frozen

from leadtracker.domain.model.deliveries.digest import Digest
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.reports.statistics import Delays, most_frequent
from leadtracker.domain.model.reports.weekly_report import WeeklyReport

WEEKS_SHOWN = 12
"""The number of weeks that the chart of a summary shows, its own week included."""

_MAX_GROUPS = 10


@frozen
class Progress:
    """How far some leads have come.

    Attributes:
        name: what they have in common: a source or an owner; None for those without, and for all leads.
        contacted: those that were contacted, whatever became of them.
    """

    name: str | None
    captured: int
    contacted: int
    converted: int
    lost: int

    @classmethod
    def of(cls, name: str | None, leads: Iterable[Lead]) -> "Progress":
        """Count leads."""
        counted = list(leads)
        states = [lead.state for lead in counted]
        return cls(
            name,
            len(counted),
            sum(lead.contacted_at is not None for lead in counted),
            states.count(LeadState.CONVERTED),
            states.count(LeadState.LOST),
        )


@frozen(kw_only=True)
class WeeklySummary:
    """The content of the e-mail about a sealed week.

    Attributes:
        reports: the last sealed weeks, oldest first, at most ``WEEKS_SHOWN``; the last is this one.
        repeats: the number of repeat enquiries of the week when it was sealed.
        total: the progress of the leads of the week.
        sources: the same by source, the most frequent first.
        owners: the same by owner, only if any lead of the week has one.
        lost_reasons: how many leads of the week are lost, by the reason that a user gave, the most frequent
            first; None stands for leads without a reason.
        time_to_contact: of the leads of the week.
        digest: the overdue follow-ups and untouched leads at the time of reading.
        number_failed: the number of failed deliveries.
    """

    reports: tuple[WeeklyReport, ...]
    repeats: int
    total: Progress
    sources: tuple[Progress, ...]
    owners: tuple[Progress, ...]
    lost_reasons: Mapping[str | None, int]
    time_to_contact: Delays
    digest: Digest
    number_failed: int

    @property
    def report(self) -> WeeklyReport:
        """The report of the week."""
        return self.reports[-1]

    @property
    def number_before(self) -> int | None:
        """The number of the week before; None for the first week of the ledger."""
        return self.reports[-2].number_of_leads if len(self.reports) > 1 else None


def progress_by(leads: Iterable[Lead], name_of: Callable[[Lead], str | None]) -> tuple[Progress, ...]:
    """Return the progress of the largest groups of leads with the same name, largest first."""
    groups: dict[str | None, list[Lead]] = {}
    for lead in leads:
        groups.setdefault(name_of(lead), []).append(lead)
    counted = (Progress.of(name, group) for name, group in groups.items())
    return tuple(sorted(counted, key=lambda one: (-one.captured, one.name or ""))[:_MAX_GROUPS])


def lost_reasons_of(leads: Iterable[Lead]) -> dict[str | None, int]:
    """Return the most frequent reasons of those leads that are lost, with their numbers."""
    counted = Counter(lead.lost_reason for lead in leads if lead.state is LeadState.LOST)
    return most_frequent(counted.items(), _MAX_GROUPS)
