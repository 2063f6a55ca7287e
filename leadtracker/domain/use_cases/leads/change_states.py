"""Change the state of many leads with one call."""

from collections.abc import Mapping
from typing import cast

from attrs import frozen

from leadtracker.domain.errors import Conflict, LeadNotFound
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.values.field_parser import MAX_WORD_LENGTH, FieldParser
from leadtracker.domain.use_cases.leads.update_lead import UpdateLead

MAX_BULK_LEADS = 200


@frozen
class StateChangeResult:
    """The changed lead, or the error that prevented the change."""

    lead_id: str
    outcome: Lead | LeadNotFound | Conflict


@frozen(kw_only=True)
class ChangeLeadStates:
    """Change each lead in its own transaction, so that one error does not prevent the other changes."""

    _update_lead: UpdateLead

    def __call__(
        self, actor: Actor, raw: Mapping[str, object], expected_versions: Mapping[str, int] | None = None
    ) -> list[StateChangeResult]:
        """Change the leads ``ids`` to ``state`` and return one result for each, in order.

        Args:
            actor: the caller.
            raw: the unvalidated fields ``ids`` and ``state``.
            expected_versions: the version that the caller accepts, by lead id; None accepts any.

        Raises:
            PermissionDenied: the actor may not edit leads.
            InvalidInput: names every invalid field.
        """
        actor.require(Permission.LEAD_EDIT)
        lead_ids, state = _read(raw)
        expected = (
            None if expected_versions is None else {one: {expected_versions.get(one, 0)} for one in lead_ids}
        )
        return [self._change_state(actor, lead_id, state, expected) for lead_id in lead_ids]

    def _change_state(
        self, actor: Actor, lead_id: str, state: LeadState, expected: dict[str, set[int]] | None
    ) -> StateChangeResult:
        accepted = None if expected is None else expected[lead_id]
        try:
            changes = self._update_lead.with_answered(actor, lead_id, {"state": state}, accepted)
        except (LeadNotFound, Conflict) as error:
            return StateChangeResult(lead_id, error)
        for before, after in changes[1:]:
            # Other enquiries of the person were answered with this one, which made new versions of them.
            if expected is not None and before.version in expected.get(before.id, ()):
                expected[before.id].add(after.version)
        return StateChangeResult(lead_id, changes[0][1])


def _read(raw: Mapping[str, object]) -> tuple[list[str], LeadState]:
    parser = FieldParser(raw)
    state = parser.parsed("state", parser.required("state", limit=MAX_WORD_LENGTH), LeadState.parse)
    ids = raw.get("ids")
    given = ids if isinstance(ids, list) else []
    lead_ids = [one for one in given if isinstance(one, str)]
    if not 1 <= len(given) <= MAX_BULK_LEADS or len(lead_ids) < len(given):
        parser.add_error("ids", f"must be a list of 1 to {MAX_BULK_LEADS} ids")
    parser.forbid_unknown("ids", "state")
    parser.raise_if_errors()
    return list(dict.fromkeys(lead_ids)), cast("LeadState", state)
