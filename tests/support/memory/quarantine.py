"""What looks like spam, in memory."""

from datetime import datetime

from attrs import frozen

from leadtracker.domain.errors import SuspectNotFound
from leadtracker.domain.model.intake.quarantined_lead import Suspect, SuspectPage, SuspectPlace
from leadtracker.domain.model.intake.resume import ResumeFile
from leadtracker.domain.ports.leads.quarantine import Quarantine
from tests.support.memory.store import Transaction


@frozen
class MemoryQuarantine(Quarantine):
    """See the port for what it promises."""

    _transaction: Transaction

    def add(self, suspect: Suspect, file: ResumeFile | None) -> None:
        self._transaction.for_writing().suspects[suspect.id] = suspect, file

    def get(self, suspect_id: str) -> Suspect:
        suspect, _ = self._find(suspect_id)
        return suspect

    def file_of(self, suspect_id: str) -> ResumeFile | None:
        _, file = self._transaction.tables.suspects.get(suspect_id, (None, None))
        return file

    def page(self, *, limit: int, after: SuspectPlace | None = None) -> SuspectPage:
        found = [
            suspect
            for suspect in self._all()
            if after is None or _place(suspect) < (after.received_at, after.suspect_id)
        ]
        return SuspectPage.cut(found[::-1], limit)

    def of(self, email_key: str) -> list[Suspect]:
        return [suspect for suspect in self._all() if suspect.lead.email.key == email_key]

    def remove(self, suspect_id: str) -> None:
        self._find(suspect_id)
        del self._transaction.for_writing().suspects[suspect_id]

    def forget(self, before: datetime) -> int:
        old = [suspect for suspect in self._all() if suspect.received_at < before]
        for suspect in old:
            self.remove(suspect.id)
        return len(old)

    def _find(self, suspect_id: str) -> tuple[Suspect, ResumeFile | None]:
        found = self._transaction.tables.suspects.get(suspect_id)
        if found is None:
            raise SuspectNotFound(suspect_id)
        return found

    def _all(self) -> list[Suspect]:
        return sorted((suspect for suspect, _ in self._transaction.tables.suspects.values()), key=_place)


def _place(suspect: Suspect) -> tuple[datetime, str]:
    return suspect.received_at, suspect.id
