"""The labels of enums: complete, distinct, and written alike."""

import importlib
import pkgutil
from collections.abc import Iterator
from enum import StrEnum

import pytest

from leadtracker import domain
from leadtracker.domain.model.accounts.access import Permission
from leadtracker.domain.model.accounts.account import Assignment, PasswordState
from leadtracker.domain.model.accounts.account_change import AccountChange
from leadtracker.domain.model.accounts.account_link import LinkPurpose
from leadtracker.domain.model.accounts.second_factor import SecondFactorPolicy
from leadtracker.domain.model.consistency import Invariant
from leadtracker.domain.model.deliveries.attempt_detail import DetailCode
from leadtracker.domain.model.deliveries.canary_detail import CanaryDetailCode
from leadtracker.domain.model.leads.fields import FieldKind
from leadtracker.domain.model.leads.history import Action
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.reports.cohort_counts import Period
from leadtracker.domain.model.reports.sinks import Sink
from leadtracker.domain.use_cases.intake.capture_lead import DuplicatePolicy
from leadtracker.domain.use_cases.leads.answer_enquiries import Contact
from leadtracker.domain.use_cases.leads.update_lead import OwnerMail
from leadtracker.domain.use_cases.operations.check_health import HealthCheck
from leadtracker.entrypoints.formats.labels import LABELS, label, state_label

NOT_SHOWN = {
    Assignment,
    AccountChange,  # its members have sentences: see mail_contexts
    OwnerMail,
    Contact,
    CanaryDetailCode,  # its members have sentences with places
    DetailCode,  # its members have sentences with places: see attempt_details
    DuplicatePolicy,
    FieldKind,
    HealthCheck,
    Invariant,
    LinkPurpose,
    PasswordState,
    Period,
    Permission,
    SecondFactorPolicy,
    Sink,
}
MEMBERS = [member for enum in LABELS for member in enum]


def enums_of_the_domain() -> Iterator[type[StrEnum]]:
    for module in pkgutil.walk_packages(domain.__path__, f"{domain.__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, StrEnum) and len(value):
                yield value


def test_every_enum_of_the_domain_has_labels_or_is_not_shown() -> None:
    assert set(enums_of_the_domain()) == set(LABELS) | NOT_SHOWN


@pytest.mark.parametrize("enum", LABELS)
def test_labels_cover_every_member_and_are_distinct(enum: type[StrEnum]) -> None:
    labels = [label(member) for member in enum]
    assert len(set(labels)) == len(labels) == len(enum)
    assert set(LABELS[enum]) == set(enum)


@pytest.mark.parametrize("member", MEMBERS, ids=repr)
def test_labels_are_in_sentence_case(member: StrEnum) -> None:
    text = label(member)
    assert text == text.strip()
    assert text[0].isupper()
    assert not text.endswith(".")
    assert "_" not in text


def test_imported_and_released_leads_have_labels() -> None:
    assert (label(Action.IMPORTED), label(Action.RELEASED)) == ("Imported", "Released from quarantine")


def test_states_are_labelled_as_users_call_them() -> None:
    assert [state_label(state) for state in LeadState] == ["New", "Contacted", "Converted", "Lost"]


def test_text_that_is_no_state_is_its_own_label() -> None:
    assert state_label("NEW") == "NEW"
