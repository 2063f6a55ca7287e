"""``report``: seal, send and show the weekly number by hand."""

import re
from zoneinfo import ZoneInfo

import orjson
import pytest

from leadtracker.domain.model.reports.week import Week
from tests.support import receiver as reactions
from tests.support.command_line import CommandLine
from tests.support.kinds import on_sqlite
from tests.support.raw_database import BackDoor
from tests.support.receiver import Receiver
from tests.support.weeks import closed_weeks, quiet_zone, within


@pytest.fixture
def leadtracker(leadtracker: CommandLine, retool: Receiver) -> CommandLine:
    return leadtracker.with_settings(RETOOL_URL=retool.url)


@pytest.fixture
def weeks(back_door: BackDoor) -> list[Week]:
    """The last three closed weeks, with one, two and three leads."""
    weeks = closed_weeks(3)
    for number, week in enumerate(weeks, start=1):
        for lead in range(number):
            back_door.add_lead(f"{week.name}.{lead}@example.com", within(week))
    return weeks


def numbers(retool: Receiver) -> list[tuple[str, int]]:
    return [
        (request.headers["x-leadtracker-week"], orjson.loads(request.body)["number_of_leads"])
        for request in retool.requests
    ]


def test_by_default_the_last_closed_week_is_sent(
    leadtracker: CommandLine, retool: Receiver, weeks: list[Week]
) -> None:
    sent = leadtracker.run("report", "send")
    assert sent.status == 0
    assert sent.out.splitlines()[0] == f"{weeks[2].name}  3 leads  delivered"
    assert numbers(retool) == [(weeks[2].name, 3)]


def test_a_delivered_week_is_sent_again_only_on_demand(
    leadtracker: CommandLine, retool: Receiver, weeks: list[Week]
) -> None:
    for arguments in ([], [], ["--week", weeks[2].name]):
        assert leadtracker.run("report", "send", *arguments).status == 0
    assert len(retool.requests) == 1
    again = leadtracker.run("report", "send", "--again", "--json")
    assert (again.status, len(again.json["attempts"])) == (0, 2)
    first, second = retool.requests
    assert first == second


@on_sqlite
class TestSend:
    @pytest.mark.parametrize(("catch_up", "between"), [(1, "missed"), (2, "planned")])
    def test_an_older_week_is_sent_and_what_lies_between_if_it_is_caught_up(
        self, leadtracker: CommandLine, retool: Receiver, weeks: list[Week], catch_up: int, between: str
    ) -> None:
        leadtracker = leadtracker.with_settings(REPORT_CATCHUP_WEEKS=catch_up)
        leadtracker.run("report", "send")
        leadtracker.run("report", "send", "--week", weeks[0].name)
        assert numbers(retool) == [(weeks[2].name, 3), (weeks[0].name, 1)]
        ledger = leadtracker.run("report", "list", "--json").json
        assert [(one["week"], one["number_of_leads"], one["state"]) for one in ledger] == [
            (weeks[0].name, 1, "delivered"),
            (weeks[1].name, 2, between),
            (weeks[2].name, 3, "delivered"),
        ]

    def test_a_missed_week_can_be_sent_after_all(
        self, leadtracker: CommandLine, retool: Receiver, weeks: list[Week]
    ) -> None:
        leadtracker.run("report", "send")
        leadtracker.run("report", "send", "--week", weeks[0].name)
        assert leadtracker.run("report", "send", "--week", weeks[1].name).status == 0
        assert numbers(retool)[-1] == (weeks[1].name, 2)

    @pytest.mark.parametrize("status", [500, 401])
    def test_a_failed_attempt_fails_the_command(
        self, leadtracker: CommandLine, retool: Receiver, weeks: list[Week], status: int
    ) -> None:
        retool.expect(reactions.response(status))
        failed = leadtracker.run("report", "send", "--json")
        assert failed.status == 1
        assert failed.json["attempts"][-1]["status"] == status
        assert leadtracker.run("report", "send").status == 0
        assert len({number for _, number in numbers(retool)}) == 1
        assert weeks

    def test_a_week_that_is_not_over_is_rejected(self, leadtracker: CommandLine, back_door: BackDoor) -> None:
        [last] = closed_weeks(1)
        current = Week.from_boundary(last.end, ZoneInfo(quiet_zone())).name
        rejected = leadtracker.run("report", "send", "--week", current)
        assert rejected.status == 1
        assert rejected.err.startswith(f"Error: {current} is not closed; it can be counted from ")
        assert back_door.count("weekly_reports") == 0

    @pytest.mark.parametrize("week", ["2026-W54", "46", "2026-w46", "last", ""])
    def test_what_is_no_week_is_wrong_usage(
        self, leadtracker: CommandLine, back_door: BackDoor, week: str
    ) -> None:
        rejected = leadtracker.run("report", "send", "--week", week)
        assert (rejected.status, rejected.out) == (2, "")
        assert rejected.err == "Error: week: must be an ISO week, such as 2026-W46\n"
        assert back_door.count("weekly_reports") == 0


@on_sqlite
class TestShow:
    def test_a_report_is_shown_with_its_attempts(
        self, leadtracker: CommandLine, retool: Receiver, weeks: list[Week]
    ) -> None:
        retool.expect(reactions.reset_after_reading)
        leadtracker.run("report", "send")
        leadtracker.run("report", "send")
        summary, first, second, warning = leadtracker.run("report", "show", weeks[2].name).out.splitlines()
        assert summary == f"{weeks[2].name}  3 leads  delivered"
        assert re.fullmatch(r"  1\. [\d-]+ [\d:]+ UTC  unknown  \w+ at 127\.0\.0\.1", first)
        assert re.fullmatch(r"  2\. [\d-]+ [\d:]+ UTC  delivered  127\.0\.0\.1 answered 200", second)
        assert "may have arrived twice" in warning

    def test_as_json_it_has_the_shape_of_http(self, leadtracker: CommandLine, weeks: list[Week]) -> None:
        leadtracker.run("report", "send")
        shown = leadtracker.run("report", "show", weeks[2].name, "--json").json
        assert [shown] == leadtracker.run("report", "list", "--json").json
        assert set(shown) == {
            "week",
            "start",
            "end",
            "number_of_leads",
            "state",
            "may_have_arrived_twice",
            "sealed_at",
            "next_attempt_at",
            "attempts",
        }

    def test_a_week_without_a_report_is_told(self, leadtracker: CommandLine) -> None:
        missing = leadtracker.run("report", "show", "2020-W01")
        assert (missing.status, missing.err) == (1, "Error: there is no weekly report 2020-W01\n")

    def test_before_the_first_report_the_list_is_empty(self, leadtracker: CommandLine) -> None:
        assert leadtracker.run("report", "list").out == ""
        assert leadtracker.run("report", "list", "--json").json == []


@on_sqlite
class TestPreview:
    def test_a_preview_counts_and_changes_nothing(
        self, leadtracker: CommandLine, retool: Receiver, back_door: BackDoor, weeks: list[Week]
    ) -> None:
        assert leadtracker.run("report", "preview").out.startswith(f"{weeks[2].name}  3 leads  ")
        shown = leadtracker.run("report", "preview", "--week", weeks[0].name, "--json").json
        assert (shown["week"], shown["number_of_leads"]) == (weeks[0].name, 1)
        assert set(shown) == {"week", "start", "end", "number_of_leads"}
        assert back_door.count("weekly_reports") == 0
        assert retool.requests == []

    def test_a_week_that_goes_on_can_be_previewed(self, leadtracker: CommandLine, weeks: list[Week]) -> None:
        current = Week.from_boundary(weeks[2].end, ZoneInfo(quiet_zone())).name
        assert leadtracker.run("report", "preview", "--week", current, "--json").json["number_of_leads"] == 0
