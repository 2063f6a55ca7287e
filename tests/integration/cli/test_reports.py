"""``report``: seal, send and show the weekly number."""

import re
from zoneinfo import ZoneInfo

import orjson
import pytest

from leadtracker.domain.model.reports.week import Week
from tests.support.clients.command_line import CommandLine
from tests.support.database import on_sqlite
from tests.support.examples.weeks import closed_weeks, stable_timezone, within
from tests.support.raw_database import RawDatabase
from tests.support.servers import receiver as reactions
from tests.support.servers.receiver import Receiver


@pytest.fixture
def leadtracker(leadtracker: CommandLine, retool: Receiver) -> CommandLine:
    return leadtracker.with_settings(RETOOL_URL=retool.url)


@pytest.fixture
def weeks(raw_db: RawDatabase) -> list[Week]:
    """The last three closed weeks, with one, two and three leads."""
    weeks = closed_weeks(3)
    for number, week in enumerate(weeks, start=1):
        for lead in range(number):
            raw_db.add_lead(f"{week.name}.{lead}@example.com", within(week))
    return weeks


def numbers(retool: Receiver) -> list[tuple[str, int]]:
    return [
        (request.headers["x-leadtracker-week"], orjson.loads(request.body)["number_of_leads"])
        for request in retool.requests
    ]


def test_last_closed_week_is_sent_by_default(
    leadtracker: CommandLine, retool: Receiver, weeks: list[Week]
) -> None:
    sent = leadtracker.run("report", "send")
    assert sent.status == 0
    assert sent.out.splitlines()[0] == f"{weeks[2].name}  3 leads  delivered"
    assert numbers(retool) == [(weeks[2].name, 3)]


def test_resending_a_delivered_week_needs_again(
    leadtracker: CommandLine, retool: Receiver, weeks: list[Week]
) -> None:
    assert "--again" not in leadtracker.run("report", "send").err
    for arguments in ([], ["--week", weeks[2].name]):
        repeated = leadtracker.run("report", "send", *arguments)
        assert (repeated.status, "nothing was sent now. To send it again: --again" in repeated.err) == (
            0,
            True,
        )
    assert len(retool.requests) == 1
    again = leadtracker.run("report", "send", "--again", "--json")
    assert (again.status, len(again.json["attempts"])) == (0, 2)
    first, second = retool.requests
    assert first == second


@on_sqlite
class TestSend:
    @pytest.mark.parametrize(("weeks_kept", "between"), [(1, "missed"), (2, "planned")])
    def test_older_week_seals_weeks_between(
        self, leadtracker: CommandLine, retool: Receiver, weeks: list[Week], weeks_kept: int, between: str
    ) -> None:
        leadtracker = leadtracker.with_settings(REPORT_CATCHUP_WEEKS=weeks_kept)
        leadtracker.run("report", "send")
        leadtracker.run("report", "send", "--week", weeks[0].name)
        assert numbers(retool) == [(weeks[2].name, 3), (weeks[0].name, 1)]
        ledger = leadtracker.run("report", "list", "--json").json
        assert [(one["week"], one["number_of_leads"], one["state"]) for one in ledger] == [
            (weeks[0].name, 1, "delivered"),
            (weeks[1].name, 2, between),
            (weeks[2].name, 3, "delivered"),
        ]

    def test_missed_week_can_be_sent(
        self, leadtracker: CommandLine, retool: Receiver, weeks: list[Week]
    ) -> None:
        leadtracker.run("report", "send")
        leadtracker.run("report", "send", "--week", weeks[0].name)
        assert leadtracker.run("report", "send", "--week", weeks[1].name).status == 0
        assert numbers(retool)[-1] == (weeks[1].name, 2)

    @pytest.mark.parametrize("status", [500, 401])
    def test_failed_attempt_fails_command(
        self, leadtracker: CommandLine, retool: Receiver, weeks: list[Week], status: int
    ) -> None:
        retool.expect(reactions.response(status))
        failed = leadtracker.run("report", "send", "--json")
        assert failed.status == 1
        assert failed.json["attempts"][-1]["status"] == status
        assert leadtracker.run("report", "send").status == 0
        assert len({number for _, number in numbers(retool)}) == 1
        assert weeks

    def test_a_week_that_is_not_over_is_rejected(self, leadtracker: CommandLine, raw_db: RawDatabase) -> None:
        [last] = closed_weeks(1)
        current = Week.from_boundary(last.end, ZoneInfo(stable_timezone())).name
        rejected = leadtracker.run("report", "send", "--week", current)
        assert rejected.status == 1
        assert rejected.err.startswith(f"Error: {current} is not closed; it can be counted from ")
        assert raw_db.count("weekly_reports") == 0

    @pytest.mark.parametrize("command", [("send", "--week"), ("preview", "--week"), ("show",)])
    @pytest.mark.parametrize("week", ["2026-W54", "W47", "2026-w46", "last", ""])
    def test_invalid_week_is_a_usage_error(
        self, leadtracker: CommandLine, raw_db: RawDatabase, command: tuple[str, ...], week: str
    ) -> None:
        rejected = leadtracker.run("report", *command, week)
        assert (rejected.status, rejected.out) == (2, "")
        assert rejected.err == "Error: “week” must be an ISO week, such as 2026-W46\n"
        assert raw_db.count("weekly_reports") == 0


@on_sqlite
class TestShow:
    def test_report_is_shown_with_attempts(
        self, leadtracker: CommandLine, retool: Receiver, weeks: list[Week]
    ) -> None:
        retool.expect(reactions.reset_after_reading)
        leadtracker.run("report", "send")
        leadtracker.run("report", "send")
        summary, first, second, warning = leadtracker.run("report", "show", weeks[2].name).out.splitlines()
        assert summary == f"{weeks[2].name}  3 leads  delivered"
        assert re.fullmatch(r"  1\. [\d-]+ [\d:]+ UTC  unknown  127\.0\.0\.1 did not answer \(\w+\)\.", first)
        assert re.fullmatch(r"  2\. [\d-]+ [\d:]+ UTC  delivered  127\.0\.0\.1 answered 200\.", second)
        assert "may have arrived twice" in warning

    def test_json_output_equals_the_api(self, leadtracker: CommandLine, weeks: list[Week]) -> None:
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
            "deliveries",
            "attempts",
        }

    def test_week_without_report_is_not_found(self, leadtracker: CommandLine) -> None:
        missing = leadtracker.run("report", "show", "2020-W01")
        assert (missing.status, missing.err) == (1, "Error: there is no weekly report 2020-W01\n")

    def test_report_list_is_empty_initially(self, leadtracker: CommandLine) -> None:
        listed = leadtracker.run("report", "list")
        assert (listed.out, listed.err[:22]) == ("", "No week is sealed yet;")
        assert leadtracker.run("report", "list", "--json").json == []


@on_sqlite
class TestPreview:
    def test_preview_counts_and_changes_nothing(
        self, leadtracker: CommandLine, retool: Receiver, raw_db: RawDatabase, weeks: list[Week]
    ) -> None:
        preview = leadtracker.run("report", "preview", "--week", weeks[2].name)
        assert preview.out.startswith(f"{weeks[2].name}  3 leads  ")
        shown = leadtracker.run("report", "preview", "--week", weeks[0].name, "--json").json
        assert (shown["week"], shown["number_of_leads"]) == (weeks[0].name, 1)
        assert set(shown) == {"week", "start", "end", "number_of_leads"}
        assert raw_db.count("weekly_reports") == 0
        assert retool.requests == []

    def test_open_week_can_be_previewed(self, leadtracker: CommandLine, weeks: list[Week]) -> None:
        current = Week.from_boundary(weeks[2].end, ZoneInfo(stable_timezone())).name
        for arguments in ([], ["--week", current]):
            shown = leadtracker.run("report", "preview", *arguments, "--json").json
            assert (shown["week"], shown["number_of_leads"]) == (current, 0)


def test_number_is_explained(leadtracker: CommandLine, raw_db: RawDatabase, weeks: list[Week]) -> None:
    assert leadtracker.run("report", "send").status == 0
    raw_db.add_lead("late@example.com", within(weeks[2]))
    explained = leadtracker.run("report", "explain", weeks[2].name)
    assert explained.status == 0
    assert explained.out.startswith(f"{weeks[2].name}  3 leads  sealed ")
    assert "Today it would be 4: +1 imported or entered later" in explained.out
    assert explained.out.count("imported_after_sealing") == 1
    in_json = orjson.loads(leadtracker.run("report", "explain", weeks[2].name, "--json").out)
    assert (in_json["number_of_leads"], len(in_json["counted"]), len(in_json["excluded"])) == (3, 3, 1)
