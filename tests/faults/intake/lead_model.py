"""Random actions on leads in any order, compared with a model after each; see the state machine."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from leadtracker.domain.model.leads.lead import Lead
from tests.faults.harness.campaign import Campaign, CheckFailed, PlantedBug, Sandbox
from tests.faults.harness.databases import KINDS, MEMORY
from tests.faults.harness.planting import replaced
from tests.support.models.in_database import in_database
from tests.support.models.lead_state_machine import STEPS, LeadManagement


def run(sandbox: Sandbox) -> None:
    """Try sequences of actions on an empty store each."""
    sequences = sandbox.size(20, 2_000)
    sandbox.findings.record(sequences=sequences, steps=STEPS)
    thoroughness = settings(
        max_examples=sequences,
        stateful_step_count=STEPS,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[Phase.generate],  # to shrink a failure takes minutes; the tests of the suite do it
        suppress_health_check=[*HealthCheck],
    )
    if sandbox.database_url:
        with sandbox.container() as container:
            machine = in_database(LeadManagement, sandbox.raw_db, container.unit_of_work())
            _try_actions(machine, thoroughness)
    else:
        _try_actions(LeadManagement, thoroughness)


def _try_actions(machine: type[LeadManagement], thoroughness: settings) -> None:
    try:
        run_state_machine_as_test(machine, settings=thoroughness)
    except (AssertionError, pytest.fail.Exception) as difference:  # the latter: an error that did not come
        message = f"model differs: {difference}"
        raise CheckFailed(message) from difference


@contextmanager
def _ignore_versions() -> Iterator[None]:
    with replaced(Lead, check_version=lambda *_: None):
        yield


CAMPAIGN = Campaign(
    "lead-model",
    "random actions on leads, compared with a model in memory and in both databases",
    run,
    databases_used=(MEMORY, *KINDS),
    bugs=(PlantedBug("an outdated version is accepted", ("model",), _ignore_versions),),
)
