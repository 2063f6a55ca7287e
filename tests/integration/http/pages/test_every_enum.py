"""Every member of every labelled enum is shown in each place that shows its enum.

Pages and mails show labels; API, OpenAPI, CSV and command line show values. The
client checks each response of the API against the OpenAPI document.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

import pytest
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.model.accounts.audit_entry import AuditAction
from leadtracker.domain.model.deliveries.canary import CanaryFailure
from leadtracker.domain.model.deliveries.deliverable import Outcome
from leadtracker.domain.model.deliveries.delivery import Channel, DeliveryKind, DeliveryState
from leadtracker.domain.model.intake.consent import ConsentForm
from leadtracker.domain.model.intake.lead_import import ImportState
from leadtracker.domain.model.intake.quarantined_lead import QuarantineReason
from leadtracker.domain.model.leads.follow_up import FollowUpShortcut, FollowUpStatus
from leadtracker.domain.model.leads.history import Action
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, Sort
from leadtracker.domain.model.leads.queries.text_order import TextSort
from leadtracker.domain.model.reports.sealed_leads import Exclusion
from leadtracker.domain.model.reports.weekly_report import ReportState
from leadtracker.domain.use_cases.imports.import_rows import RowOutcome
from leadtracker.entrypoints.formats.labels import LABELS, label
from tests.integration.http.conftest import MakeContainer
from tests.integration.http.pages.conftest import SignedIn
from tests.integration.http.pages.places import Places
from tests.integration.http.pages.shown import Shown
from tests.support.clients.command_line import CommandLine
from tests.support.database import on_sqlite
from tests.support.http import Client

PLACES: Mapping[type[StrEnum], Callable[[Places], Shown]] = MappingProxyType(
    {
        Action: Places.actions,
        AuditAction: Places.audit_actions,
        CanaryFailure: Places.canary_failures,
        Channel: Places.channels,
        ConsentForm: Places.consent_forms,
        DeliveryKind: Places.delivery_kinds,
        DeliveryState: Places.delivery_states,
        Duplicates: Places.duplicates,
        Exclusion: Places.exclusions,
        FollowUpShortcut: Places.follow_up_shortcuts,
        FollowUpStatus: Places.follow_up_statuses,
        ImportState: Places.import_states,
        LeadState: Places.lead_states,
        Outcome: Places.outcomes,
        ReportState: Places.report_states,
        Role: Places.roles,
        RowOutcome: Places.row_outcomes,
        Sort: Places.sorts,
        TextSort: Places.text_sorts,
        QuarantineReason: Places.quarantine_reasons,
    }
)


@pytest.fixture
def container(make_container: MakeContainer) -> Container:
    """An installation that sends; others show where mails and reports are written instead of their states."""
    return make_container(
        smtp_url=SecretStr("smtp://127.0.0.1:1"), retool_url=SecretStr("http://127.0.0.1:1/")
    )


@pytest.fixture
def places(
    container: Container,
    admin: Client,
    signed_in: SignedIn,
    database_url: str,
    restored_logging: None,  # noqa: ARG001 - each command sets up logging
) -> Places:
    command_line = CommandLine({"DATABASE_URL": database_url, "LOG_LEVEL": "warning"})
    return Places(container, admin, signed_in(Role.ADMIN), command_line)


def test_every_labelled_enum_is_walked() -> None:
    assert set(PLACES) == set(LABELS)


@on_sqlite
@pytest.mark.parametrize("enum", PLACES, ids=lambda enum: enum.__name__)
def test_every_place_shows_every_member(places: Places, enum: type[StrEnum]) -> None:
    shown = PLACES[enum](places)
    expected = [(shown.labels, set(map(label, enum))), (shown.values, {member.value for member in enum})]
    missing = {
        place: members - texts
        for found, members in expected
        for place, texts in found.items()
        if members - texts
    }
    assert missing == {}
