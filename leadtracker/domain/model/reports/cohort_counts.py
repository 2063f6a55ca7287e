"""Counts of leads that can be added up, and rollups: the stored counts of a closed day or week."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from attrs import evolve, field, frozen

from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.reports.statistics import (
    DelayHistogram,
    Delays,
    Funnel,
    most_frequent,
)
from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.values.timestamps import TimeRange

MAX_NAMES = 200
"""The maximum number of groups of each kind in a rollup."""

Name = str | None
"""The value that the leads of a group share; None for those without a source, an owner and so on."""


def campaign_of(*parts: str | None) -> Name:
    """Return the name of a touch in statistics: its source, medium and campaign; None without any."""
    return " / ".join(filter(None, parts)) or None


class GroupCounts(NamedTuple):
    """How far the leads of one group have come; a tuple, because there are many.

    Attributes:
        captured: the number of leads.
        contacted: those that were contacted, including those lost afterwards.
        converted: a part of the contacted ones.
        lost: those that are lost, contacted or not.
    """

    captured: int = 0
    contacted: int = 0
    converted: int = 0
    lost: int = 0

    @classmethod
    def sum(cls, groups: Iterable["GroupCounts"]) -> "GroupCounts":
        """Add up the numbers of disjoint groups."""
        return cls(*map(sum, zip(cls(), *groups, strict=True)))


Groups = Mapping[Name, GroupCounts]
_NOTHING = GroupCounts()


class LeadGroup(NamedTuple):
    """A number of leads that are the same in everything that is counted; a tuple, because there are many.

    Attributes:
        first_touch: the campaign of the leads.
        last_touch: the campaign of the latest repeat enquiry, or of the leads if there is none.
        was_contacted: true if there was a first contact.
    """

    source: Name
    owner: Name
    lost_reason: Name
    first_touch: Name
    last_touch: Name
    state: LeadState
    was_contacted: bool
    number: int = 1

    @property
    def counts(self) -> GroupCounts:
        """How far the leads have come."""
        number, state = self.number, self.state
        is_lost = state is LeadState.LOST
        is_contacted = self.was_contacted if is_lost else state is not LeadState.PENDING
        return GroupCounts(
            captured=number,
            contacted=number * is_contacted,
            converted=number * (state is LeadState.CONVERTED),
            lost=number * is_lost,
        )


KINDS = ("by_source", "by_owner", "by_lost_reason", "by_first_touch", "by_last_touch")
"""The attributes of ``CohortCounts`` that hold groups, in their order."""


@frozen
class CohortCounts:
    """The numbers of a cohort, without duplicates.

    Attributes:
        by_state: the number of leads; states without leads may be absent.
        total: all leads.
        by_lost_reason: lost leads only.
        by_last_touch: by the touch of the latest enquiry of the person.
    """

    by_state: Mapping[LeadState, int] = field(factory=dict)
    total: GroupCounts = _NOTHING
    by_source: Groups = field(factory=dict)
    by_owner: Groups = field(factory=dict)
    by_lost_reason: Groups = field(factory=dict)
    by_first_touch: Groups = field(factory=dict)
    by_last_touch: Groups = field(factory=dict)

    @classmethod
    def of(cls, groups: Iterable[LeadGroup]) -> "CohortCounts":
        """Count groups of leads; two groups may have the same values."""
        addends = _Addends()
        for group in groups:
            counts = group.counts
            addends.totals.append(counts)
            addends.by_state[group.state].append(group.number)
            addends.by_source[group.source].append(counts)
            addends.by_owner[group.owner].append(counts)
            addends.by_first_touch[group.first_touch].append(counts)
            addends.by_last_touch[group.last_touch].append(counts)
            if group.state is LeadState.LOST:
                addends.by_lost_reason[group.lost_reason].append(counts)
        return addends.sum()

    @classmethod
    def sum(cls, parts: Iterable["CohortCounts"]) -> "CohortCounts":
        """Add up the counts of disjoint cohorts."""
        addends = _Addends()
        for part in parts:
            addends.totals.append(part.total)
            for state, number in part.by_state.items():
                addends.by_state[state].append(number)
            for kind in KINDS:
                groups, addends_by_name = getattr(part, kind), getattr(addends, kind)
                for name, counts in groups.items():
                    addends_by_name[name].append(counts)
        return addends.sum()

    def most_frequent(self, limit: int = MAX_NAMES) -> "CohortCounts":
        """Return these counts with the largest groups of each kind, in descending order."""
        largest: dict[str, Any] = {kind: _largest(getattr(self, kind), limit) for kind in KINDS}
        return evolve(self, **largest)


def _lists() -> Any:
    return defaultdict(list)


@frozen
class _Addends:
    """Collects the numbers of disjoint cohorts by what they count, and adds each of them up in one go."""

    totals: list[GroupCounts] = field(factory=list)
    by_state: Mapping[LeadState, list[int]] = field(factory=_lists)
    by_source: Mapping[Name, list[GroupCounts]] = field(factory=_lists)
    by_owner: Mapping[Name, list[GroupCounts]] = field(factory=_lists)
    by_lost_reason: Mapping[Name, list[GroupCounts]] = field(factory=_lists)
    by_first_touch: Mapping[Name, list[GroupCounts]] = field(factory=_lists)
    by_last_touch: Mapping[Name, list[GroupCounts]] = field(factory=_lists)

    def sum(self) -> CohortCounts:
        """Return the sums."""
        groups: dict[str, Any] = {
            kind: {name: GroupCounts.sum(counts) for name, counts in getattr(self, kind).items()}
            for kind in KINDS
        }
        by_state = {state: sum(numbers) for state, numbers in self.by_state.items()}
        return CohortCounts(by_state=by_state, total=GroupCounts.sum(self.totals), **groups)


class Period(StrEnum):
    """The lengths of rollups."""

    DAY = "day"
    WEEK = "week"


@frozen(kw_only=True)
class Rollup:
    """The stored numbers of the leads that were created within one closed day or week.

    Attributes:
        counts: with the ``MAX_NAMES`` largest groups of each kind; its other numbers are of all leads.
        time_to_contact: of these leads.
        delays: the times to first contact of these leads.
    """

    period: Period
    time_range: TimeRange
    counts: CohortCounts
    time_to_contact: Delays
    delays: DelayHistogram


@frozen
class WeekCounts:
    """The numbers of the leads of a cohort that were created in one week."""

    week: Week
    counts: GroupCounts
    time_to_contact: Delays


@frozen(kw_only=True)
class CohortStatistics:
    """The numbers of a cohort, without duplicates.

    Attributes:
        time_range: when its leads were created.
        counts: the largest groups of each kind, in descending order.
        weeks: in chronological order; weeks without leads are omitted.
    """

    time_range: TimeRange
    counts: CohortCounts
    weeks: tuple[WeekCounts, ...]
    time_to_contact: Delays

    @property
    def by_state(self) -> dict[LeadState, int]:
        """The number of leads in each state."""
        return dict.fromkeys(LeadState, 0) | dict(self.counts.by_state)

    @property
    def by_source(self) -> dict[Name, int]:
        """The number of leads of each source."""
        return {source: counts.captured for source, counts in self.counts.by_source.items()}

    @property
    def by_week(self) -> tuple[tuple[Week, int], ...]:
        """The number of leads of each week."""
        return tuple((one.week, one.counts.captured) for one in self.weeks)

    @property
    def funnel(self) -> Funnel:
        """The conversion funnel."""
        total = self.counts.total
        return Funnel(total.captured, total.contacted, total.converted)


def _largest(groups: Groups, limit: int) -> dict[Name, GroupCounts]:
    names = most_frequent(((name, counts.captured) for name, counts in groups.items()), limit)
    return {name: groups[name] for name in names}
