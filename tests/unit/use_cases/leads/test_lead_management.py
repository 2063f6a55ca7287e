"""Leads under random sequences of actions, in memory; the state machine states the invariants."""

from hypothesis import settings

from tests.support.examples.thoroughness import examples
from tests.support.models.lead_state_machine import STEPS, LeadManagement

TestLeadManagement = LeadManagement.TestCase
TestLeadManagement.settings = settings(max_examples=examples(150), stateful_step_count=STEPS)
