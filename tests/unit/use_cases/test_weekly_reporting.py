"""Weekly reporting in any order of events, in memory; see the state machine for what must hold."""

from hypothesis import settings

from tests.support.report_state_machine import WeeklyReporting

TestWeeklyReporting = WeeklyReporting.TestCase
TestWeeklyReporting.settings = settings(max_examples=100, stateful_step_count=40)
