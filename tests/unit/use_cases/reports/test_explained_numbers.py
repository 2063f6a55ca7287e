"""Sealed numbers and statistics under random changes of leads, in memory; see the state machine."""

from hypothesis import settings

from tests.support.examples.thoroughness import examples
from tests.support.models.counted_lead_machine import ReportedLeads

TestReportedLeads = ReportedLeads.TestCase
TestReportedLeads.settings = settings(max_examples=examples(100), stateful_step_count=30)
