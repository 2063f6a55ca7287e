"""The register of consents in memory."""

from attrs import evolve, frozen

from leadtracker.domain.model.intake.consent import Consent
from leadtracker.domain.ports.intake.consents import Consents
from tests.support.memory.store import Transaction


@frozen
class MemoryConsents(Consents):
    """An in-memory ``Consents``; see the port for its promises."""

    _transaction: Transaction

    def add(self, lead_id: str, consent: Consent) -> None:
        tables = self._transaction.for_writing()
        tables.consents[lead_id] = consent
        tables.consent_texts.setdefault(consent.text, consent.at)

    def of(self, lead_id: str) -> Consent | None:
        tables = self._transaction.tables
        consent = tables.consents.get(lead_id)
        if consent is None:
            return None
        texts = sorted(tables.consent_texts, key=lambda text: tables.consent_texts[text])
        return evolve(consent, version=texts.index(consent.text) + 1)
