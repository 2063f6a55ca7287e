"""Lead payloads, and the events for a change of a lead."""

import pytest
from attrs import evolve

from leadtracker.domain.model.deliveries.delivery import DeliveryKind
from leadtracker.domain.model.deliveries.webhook import events_between
from leadtracker.domain.model.leads.lead_payload import lead_payload
from leadtracker.domain.model.leads.lifecycle import LeadState
from tests.support.builders import make_lead, make_resume
from tests.support.clock import DAY, NOW

LEAD = make_lead(resume=make_resume().metadata)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"last_name": "Li"}, [(DeliveryKind.LEAD_UPDATED, [("last_name", "Lee", "Li")])]),
        ({"state": LeadState.LOST}, [(DeliveryKind.LEAD_STATE_CHANGED, [("state", "PENDING", "LOST")])]),
        (
            {"state": LeadState.LOST, "phone": "1234", "duplicate_of": "other"},
            [
                (DeliveryKind.LEAD_UPDATED, [("phone", None, "1234"), ("duplicate_of", None, "other")]),
                (DeliveryKind.LEAD_STATE_CHANGED, [("state", "PENDING", "LOST")]),
            ],
        ),
        (
            {"follow_up_at": NOW},
            [(DeliveryKind.LEAD_UPDATED, [("follow_up_at", None, "2026-11-18T12:00:00.000000Z")])],
        ),
        ({"resume": make_resume(content=b"%PDF-1.7\n%%EOX\n").metadata}, [(DeliveryKind.LEAD_UPDATED, [])]),
        ({}, [(DeliveryKind.LEAD_UPDATED, [])]),
    ],
)
def test_change_payload_lists_differences(
    changes: dict[str, object], expected: list[tuple[DeliveryKind, list[tuple[object, ...]]]]
) -> None:
    after = evolve(LEAD, **changes).changed(NOW + DAY)  # type: ignore[arg-type]
    events = list(events_between(LEAD, after))
    assert [
        (kind, [(one["field"], one["from"], one["to"]) for one in data["changes"]]) for kind, data in events
    ] == expected
    for _, data in events:
        assert {name: value for name, value in data.items() if name != "changes"} == lead_payload(after)


def test_no_stored_change_has_no_payload() -> None:
    assert list(events_between(LEAD, LEAD)) == []
