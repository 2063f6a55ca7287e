"""Weekly reports under random sequences of events, in memory; the state machine states the invariants."""

from hypothesis import settings

from tests.support.examples.thoroughness import examples
from tests.support.models.report_state_machine import WeeklyReporting

TestWeeklyReporting = WeeklyReporting.TestCase
TestWeeklyReporting.settings = settings(max_examples=examples(100), stateful_step_count=40)
