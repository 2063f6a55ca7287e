"""The command that prints statistics of leads."""

from collections.abc import Iterator
from datetime import datetime

import click

from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.domain.model.reports.cohort_counts import CohortStatistics, GroupCounts, Groups
from leadtracker.domain.model.reports.statistics import Delays
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.entrypoints.cli.application import Application, pass_application, print_json, range_option
from leadtracker.entrypoints.cli.terminal import print_table
from leadtracker.entrypoints.formats.json_models.statistics import StatisticsJson
from leadtracker.i18n.formats import format_duration

_HEADS = ("LEADS", "CONTACTED", "CONVERTED", "LOST")
_NO_LEADS = "No lead came in this time."


@click.command(short_help="Count leads and their progress.")
@range_option("--from", "start", help="Leads from this day on (2026-11-16).")
@range_option("--to", "end", is_end=True, help="Leads up to the end of this day.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_application
def stats(application: Application, start: datetime | None, end: datetime | None, *, as_json: bool) -> None:
    """Count the leads received in a range of days, and their progress since.

    Days are in the business's time zone; both are included.
    """
    with application.container() as container:
        cohort = TimeRange(start, end)
        statistics = container.read_statistics()(OPERATOR, cohort)
    if as_json:
        print_json(StatisticsJson.of_cohort(cohort, statistics))
        return
    _print_statistics(statistics)


def _print_statistics(statistics: CohortStatistics) -> None:
    counts = statistics.counts
    weeks = (
        (one.week.name, *_numbers(one.counts), *_durations(one.time_to_contact)) for one in statistics.weeks
    )
    total = ("all", *_numbers(counts.total), *_durations(statistics.time_to_contact))
    rows = [*weeks, total] if counts.total.captured else []
    print_table(("WEEK", *_HEADS, "MEDIAN", "P90"), rows, _NO_LEADS)
    for title, groups in (
        ("SOURCE", counts.by_source),
        ("OWNER", counts.by_owner),
        ("FIRST TOUCH", counts.by_first_touch),
        ("LAST TOUCH", counts.by_last_touch),
    ):
        if groups:
            click.echo()
            print_table((*_HEADS, title), _rows(groups), _NO_LEADS)
    if counts.by_lost_reason:
        click.echo()
        reasons = ((one.captured, reason) for reason, one in counts.by_lost_reason.items())
        print_table(("LOST", "REASON"), reasons, _NO_LEADS)


def _rows(groups: Groups) -> Iterator[tuple[object, ...]]:
    return ((*_numbers(counts), name) for name, counts in groups.items())


def _numbers(counts: GroupCounts) -> tuple[int, int, int, int]:
    return counts.captured, counts.contacted, counts.converted, counts.lost


def _durations(delays: Delays) -> tuple[str, str]:
    return format_duration(delays.median), format_duration(delays.p90)
