"""Links that are mailed to users, in memory."""

from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.model.accounts.account_link import AccountLink
from leadtracker.domain.ports.accounts.account_links import AccountLinks
from tests.support.memory.store import Transaction


@frozen
class MemoryAccountLinks(AccountLinks):
    """An in-memory ``AccountLinks``; see the port for its promises."""

    _transaction: Transaction

    def add(self, link: AccountLink) -> None:
        self._transaction.for_writing().account_links[link.id] = link

    def find(self, link_id: str) -> AccountLink | None:
        return self._transaction.tables.account_links.get(link_id)

    def find_by_digest(self, digest: str) -> AccountLink | None:
        return next((link for link in self._all() if link.digest == digest), None)

    def waiting(self) -> list[AccountLink]:
        return [link for link in self._all() if link.is_waiting]

    def of(self, user: str) -> list[AccountLink]:
        return [link for link in self._all() if link.user == user]

    def mark_enqueued(self, link_id: str) -> bool:
        links = self._transaction.for_writing().account_links
        if link_id not in links or not links[link_id].is_waiting:
            return False
        links[link_id] = evolve(links[link_id], is_waiting=False)
        return True

    def take(self, digest: str) -> AccountLink | None:
        link = self.find_by_digest(digest)
        if link is not None:
            self.remove(link.id)
        return link

    def remove(self, link_id: str) -> None:
        self._transaction.for_writing().account_links.pop(link_id, None)

    def remove_of(self, user: str) -> None:
        for link in self.of(user):
            self.remove(link.id)

    def purge(self, before: datetime) -> int:
        old = [link for link in self._all() if link.created_at <= before]
        for link in old:
            self.remove(link.id)
        return len(old)

    def _all(self) -> list[AccountLink]:
        links = self._transaction.tables.account_links.values()
        return sorted(links, key=lambda link: (link.created_at, link.id))
