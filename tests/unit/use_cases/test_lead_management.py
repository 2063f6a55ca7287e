"""Managing leads in any order of events, in memory; see the state machine for what must hold."""

from hypothesis import settings

from tests.support.lead_state_machine import LeadManagement

TestLeadManagement = LeadManagement.TestCase
TestLeadManagement.settings = settings(max_examples=150, stateful_step_count=30)
