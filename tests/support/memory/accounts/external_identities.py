"""External identities, in memory."""

from attrs import frozen

from leadtracker.domain.model.accounts.external_identity import ExternalIdentity
from leadtracker.domain.ports.accounts.external_identities import ExternalIdentities
from tests.support.memory.store import Transaction


@frozen
class MemoryExternalIdentities(ExternalIdentities):
    """In-memory ``ExternalIdentities``; see the port for its promises."""

    _transaction: Transaction

    def find(self, issuer: str, subject: str) -> ExternalIdentity | None:
        return self._transaction.tables.external_identities.get((issuer, subject))

    def of_user(self, user: str) -> list[ExternalIdentity]:
        identities = self._transaction.tables.external_identities
        return [identities[key] for key in sorted(identities) if identities[key].user == user]

    def all(self) -> list[ExternalIdentity]:
        identities = self._transaction.tables.external_identities
        return [identities[key] for key in sorted(identities)]

    def remove_of_user(self, user: str) -> int:
        tables = self._transaction.for_writing()
        kept = {key: one for key, one in tables.external_identities.items() if one.user != user}
        removed = len(tables.external_identities) - len(kept)
        tables.external_identities = kept
        return removed

    def add(self, identity: ExternalIdentity) -> bool:
        key = (identity.issuer, identity.subject)
        if key in self._transaction.tables.external_identities:
            return False
        self._transaction.for_writing().external_identities[key] = identity
        return True
