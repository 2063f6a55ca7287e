"""Statistics of a cohort as a CSV file: a row for the cohort, for each week and for each group."""

import codecs
import csv
import io
from collections.abc import Iterator
from datetime import timedelta

from leadtracker.domain.model.reports.cohort_counts import KINDS, CohortStatistics, GroupCounts
from leadtracker.domain.model.reports.statistics import Delays
from leadtracker.entrypoints.formats.tables.cell_marks import guarded

HEADER = ("kind", "name", "leads", "contacted", "converted", "lost", "median_seconds", "p90_seconds")


def statistics_csv(statistics: CohortStatistics) -> str:
    """Return the file, which begins with a byte order mark; no cell begins like a formula.

    Names of groups are empty for leads without a source, an owner and so on.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows(_rows(statistics))
    return codecs.BOM_UTF8.decode() + text.getvalue()


def _rows(statistics: CohortStatistics) -> Iterator[tuple[object, ...]]:
    yield ("total", "", *_numbers(statistics.counts.total), *_seconds(statistics.time_to_contact))
    for one in statistics.weeks:
        yield ("week", one.week.name, *_numbers(one.counts), *_seconds(one.time_to_contact))
    for kind in KINDS:
        for name, counts in getattr(statistics.counts, kind).items():
            yield (kind.removeprefix("by_"), guarded(name or ""), *_numbers(counts), "", "")


def _numbers(counts: GroupCounts) -> tuple[int, int, int, int]:
    return counts.captured, counts.contacted, counts.converted, counts.lost


def _seconds(delays: Delays) -> tuple[object, object]:
    return _whole_seconds(delays.median), _whole_seconds(delays.p90)


def _whole_seconds(time: timedelta | None) -> object:
    return "" if time is None else round(time.total_seconds())
