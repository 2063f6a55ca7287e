"""Requests that must not happen twice, in memory."""

from collections.abc import Callable
from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.model.intake.idempotency import KEY_LIFETIME, IdempotentRequest, RememberedCapture
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.ports.leads.idempotency_store import IdempotencyStore
from tests.support.memory.store import Capture, Session


@frozen
class MemoryIdempotencyStore(IdempotencyStore):
    """See the port for what it promises; waiting is what every unit of work does here."""

    _session: Session

    def claim(self, request: IdempotentRequest, now: datetime) -> RememberedCapture | None:
        captures = self._session.for_writing().captures
        known = captures.get(request.digest)
        if known is not None and known.lead is not None and known.at > now - KEY_LIFETIME:
            return RememberedCapture(known.fingerprint, known.lead)
        captures[request.digest] = Capture(request.fingerprint, now)
        return None

    def remember(self, request: IdempotentRequest, lead: Lead) -> None:
        captures = self._session.for_writing().captures
        captures[request.digest] = evolve(captures[request.digest], lead=lead)

    def erase(self, lead_id: str) -> None:
        self._keep(lambda capture: capture.lead is None or capture.lead.id != lead_id)

    def forget(self, before: datetime) -> int:
        return self._keep(lambda capture: capture.at >= before)

    def _keep(self, is_kept: Callable[[Capture], bool]) -> int:
        tables = self._session.for_writing()
        kept = {digest: capture for digest, capture in tables.captures.items() if is_kept(capture)}
        forgotten = len(tables.captures) - len(kept)
        tables.captures = kept
        return forgotten
