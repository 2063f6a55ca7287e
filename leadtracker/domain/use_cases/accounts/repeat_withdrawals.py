"""Withdraw again what an older backup has brought back: erased people, revoked keys, disabled users."""

from contextlib import suppress

from attrs import frozen

from leadtracker.domain.errors import AccountNotFound, LeadNotFound
from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.ports.backup_store import Withdrawals
from leadtracker.domain.use_cases.accounts.manage_api_keys import ManageApiKeys
from leadtracker.domain.use_cases.accounts.manage_users import ManageUsers
from leadtracker.domain.use_cases.leads.erase_lead import EraseLead


@frozen(kw_only=True)
class RepeatWithdrawals:
    """Repeat the withdrawals that were known before a restore."""

    _erase_lead: EraseLead
    _manage_api_keys: ManageApiKeys
    _manage_users: ManageUsers

    def __call__(self, actor: Actor, known: Withdrawals) -> Withdrawals:
        """Repeat what the restored data lacks, and return what had come back.

        Raises:
            PermissionDenied: the actor may not do all of this.
            LastAdmin: a user who was disabled is the only admin of the restored data; everything before
                was repeated.
        """
        leads = tuple(lead_id for lead_id in known.erased_leads if self._erase(actor, lead_id))
        valid_keys = {key.name for key in self._manage_api_keys.all(actor) if key.revoked_at is None}
        keys = tuple(name for name in known.revoked_keys if name in valid_keys)
        for name in keys:
            self._manage_api_keys.revoke(actor, name)
        enabled = {user.name for user in self._manage_users.all(actor) if user.disabled_at is None}
        users = tuple(name for name in known.disabled_users if name in enabled)
        for name in users:
            with suppress(AccountNotFound):
                self._manage_users.disable(actor, name)
        return Withdrawals(leads, keys, users)

    def _erase(self, actor: Actor, lead_id: str) -> bool:
        try:  # also of a lead that was on hold in the backup: the hold was cleared before the erasure
            self._erase_lead.checked(actor, lead_id, lambda _tx, _lead: None)
        except LeadNotFound:
            return False
        return True
