"""The models of JSON objects: they equal the fast path for leads, and many threads can use them at once."""

from typing import Any

import pytest
from attrs import evolve

from leadtracker.domain.model.leads.fields import LEAD_FIELDS
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_payload import lead_payload
from leadtracker.entrypoints.formats.as_json import dump
from leadtracker.entrypoints.formats.json_models.accounts import ApiKeyJson, IssuedApiKeyJson, UserJson
from leadtracker.entrypoints.formats.json_models.leads import LeadJson, QuarantinedLeadJson
from tests.support.builders import (
    make_api_key,
    make_lead,
    make_quarantined_lead,
    make_resume,
    make_user,
)
from tests.support.clock import NOW
from tests.support.instruments.concurrency import run_in_threads

FULL: dict[str, Any] = {
    "phone": "+4930901820",
    "message": 'First line.\nSecond line: “ünïcödé” \u2028 \\ " </script>',
    "source": "ad",
    "duplicate_of": "lead-0",
    "follow_up_at": NOW,
}


@pytest.mark.parametrize("lead", [make_lead(), evolve(make_lead(), **FULL, resume=make_resume().metadata)])
def test_lead_model_writes_the_same_bytes_as_the_fast_path(lead: Lead) -> None:
    fast = dump(lead_payload(lead))
    assert dump(LeadJson.of(lead_payload(lead))) == fast
    assert dump([{"lead": LeadJson.of(lead_payload(lead))}]) == b'[{"lead":' + fast + b"}]"


def test_lead_model_has_every_lead_field_in_order() -> None:
    names = [field.name for field in LEAD_FIELDS]
    assert list(LeadJson.model_fields)[1 : 1 + len(names)] == names
    assert list(QuarantinedLeadJson.model_fields)[1 : 1 + len(names)] == names


def test_resume_of_quarantined_lead_has_no_url() -> None:
    quarantined_lead = make_quarantined_lead()
    with_resume = evolve(quarantined_lead, lead=make_lead(resume=make_resume().metadata))
    assert QuarantinedLeadJson.of(quarantined_lead).as_json()["resume"] is None
    assert set(QuarantinedLeadJson.of(with_resume).as_json()["resume"]) == {
        "filename",
        "content_type",
        "size",
    }


def test_account_models_leave_secrets_out() -> None:
    assert "hash" not in dump(UserJson.of_user(make_user())).decode()
    assert "digest" not in dump(ApiKeyJson.of(make_api_key())).decode()
    assert list(IssuedApiKeyJson.model_fields)[:-1] == list(ApiKeyJson.model_fields)


def test_indented_json_has_same_content() -> None:
    user = UserJson.of_user(make_user())
    assert dump(user, indent=True).decode().replace("\n", "").replace("  ", "").replace(": ", ":") == (
        dump(user).decode()
    )


def test_unknown_types_are_rejected() -> None:
    with pytest.raises(TypeError):
        dump({"at": object()})


def test_threads_can_build_a_deferred_model_at_once() -> None:
    class Deferred(ApiKeyJson):
        """A model that no code has used yet, so that its first uses build it."""

    key = make_api_key()
    results = run_in_threads(8, lambda _number: dump(Deferred.of(key)))
    assert results == [dump(ApiKeyJson.of(key))] * 8
