"""Change the state, the owner or the lost reason of many leads with one call."""

from collections.abc import Mapping

from attrs import frozen

from leadtracker.domain.errors import Conflict, FieldError, InvalidInput, LeadNotFound
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_patch import LeadPatch
from leadtracker.domain.model.values.field_parser import FieldParser
from leadtracker.domain.ports.system import PhoneParser
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.leads.update_lead import OwnerMail, UpdateLead
from leadtracker.domain.use_cases.ownership.check_owner import check_owner

MAX_BULK_LEADS = 200
_FIELDS = ("state", "owner", "lost_reason")


@frozen
class LeadChangeResult:
    """The changed lead, or the error that prevented the change; ``before`` is the lead before its change."""

    lead_id: str
    outcome: Lead | LeadNotFound | Conflict | InvalidInput
    before: Lead | None = None


@frozen(kw_only=True)
class ChangeManyLeads:
    """Change each lead in its own transaction, so that one error does not prevent the other changes."""

    _unit_of_work: UnitOfWorkFactory
    _phones: PhoneParser
    _update_lead: UpdateLead

    def __call__(
        self, actor: Actor, raw: Mapping[str, object], expected_versions: Mapping[str, int] | None = None
    ) -> list[LeadChangeResult]:
        """Give the leads ``ids`` a ``state``, an ``owner`` or a ``lost_reason``, or several of these.

        Args:
            actor: the caller.
            raw: the unvalidated fields; None as the owner or the lost reason clears it.
            expected_versions: the version that the caller accepts, by lead id; None accepts any.

        Returns:
            One result for each lead, in order.

        Raises:
            PermissionDenied: the actor may not edit leads.
            InvalidInput: names every invalid field.
        """
        actor.require(Permission.LEAD_EDIT)
        lead_ids, change = self._read(raw)
        expected = (
            None if expected_versions is None else {one: {expected_versions.get(one, 0)} for one in lead_ids}
        )
        owner_mail = OwnerMail.SEVERAL_LEADS if len(lead_ids) > 1 else OwnerMail.ONE_LEAD
        results = []
        for lead_id in lead_ids:
            result, has_new_owner = self._change(actor, lead_id, change, expected, owner_mail)
            results.append(result)
            owner_mail = OwnerMail.NONE if has_new_owner else owner_mail
        return results

    def _read(self, raw: Mapping[str, object]) -> tuple[list[str], dict[str, object]]:
        change = {name: raw[name] for name in _FIELDS if name in raw}
        lead_ids: list[str] = []
        errors: list[FieldError] = []
        try:
            lead_ids = _read_ids(raw)
        except InvalidInput as error:
            errors += error.errors
        try:
            patch = LeadPatch.read(change, self._phones.to_e164)
            with self._unit_of_work.read_only() as tx:
                check_owner(tx, patch.owner)
        except InvalidInput as error:
            errors += error.errors
        if errors:
            raise InvalidInput(errors)
        return lead_ids, change

    def _change(
        self,
        actor: Actor,
        lead_id: str,
        change: Mapping[str, object],
        expected: dict[str, set[int]] | None,
        owner_mail: OwnerMail,
    ) -> tuple[LeadChangeResult, bool]:
        """Change one lead; return the result, and whether the lead got a new owner."""
        accepted = None if expected is None else expected[lead_id]
        try:
            changes = self._update_lead.with_answered(actor, lead_id, change, accepted, owner_mail)
        except (LeadNotFound, Conflict, InvalidInput) as error:
            return LeadChangeResult(lead_id, error), False
        for before, after in changes[1:]:
            # Other enquiries of the person were answered with this one, which made new versions of them.
            if expected is not None and before.version in expected.get(before.id, ()):
                expected[before.id].add(after.version)
        before, after = changes[0]
        return LeadChangeResult(lead_id, after, before), before.owner != after.owner


def _read_ids(raw: Mapping[str, object]) -> list[str]:
    parser = FieldParser(raw)
    ids = raw.get("ids")
    given = ids if isinstance(ids, list) else []
    lead_ids = [one for one in given if isinstance(one, str)]
    if not 1 <= len(given) <= MAX_BULK_LEADS or len(lead_ids) < len(given):
        parser.add_error("ids", f"must be a list of 1 to {MAX_BULK_LEADS} ids")
    if not set(_FIELDS) & raw.keys():
        parser.required("state", limit=MAX_BULK_LEADS)
    parser.forbid_unknown("ids", *_FIELDS)
    parser.raise_if_errors()
    return list(dict.fromkeys(lead_ids))
