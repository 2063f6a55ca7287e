"""Requests that must not happen twice, in the database."""

from datetime import datetime

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.parameters import slot
from leadtracker.adapters.database.engine.statements import Session
from leadtracker.adapters.database.repositories.leads.lead_rows import from_json, to_json
from leadtracker.adapters.database.tables import CaptureRow
from leadtracker.domain.model.intake.idempotency import KEY_LIFETIME, IdempotentRequest, RememberedCapture
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.ports.leads.idempotency_store import IdempotencyStore


@frozen
class PeeweeIdempotencyStore(IdempotencyStore):
    """See the port for what it promises; a second insert of a key waits for the first one's transaction."""

    _session: Session

    def claim(self, request: IdempotentRequest, now: datetime) -> RememberedCapture | None:
        values = {"digest": request.digest, "fingerprint": request.fingerprint, "at": now}
        if self._session.write(_claim, expired=now - KEY_LIFETIME, **values):
            return None
        rows = self._session.rows(_select, digest=request.digest)
        return next((RememberedCapture(fingerprint, from_json(lead)) for fingerprint, lead in rows), None)

    def remember(self, request: IdempotentRequest, lead: Lead) -> None:
        self._session.write(_update, digest=request.digest, lead_id=lead.id, answer=to_json(lead))

    def erase(self, lead_id: str) -> None:
        self._session.erase(_delete_of, lead_id=lead_id)

    def forget(self, before: datetime) -> int:
        return self._session.write(_delete_before, before=before)


def _claim() -> peewee.Node:
    row = CaptureRow
    claimed = {row.digest: slot("digest"), row.fingerprint: slot("fingerprint"), row.at: slot("at")}
    return row.insert(claimed).on_conflict(
        conflict_target=[row.digest],
        preserve=[row.fingerprint, row.at],
        update={row.lead_id: None, row.answer: None},
        where=(row.at <= slot("expired")) | row.answer.is_null(),
    )


def _update() -> peewee.Node:
    row = CaptureRow
    answered = {row.lead_id: slot("lead_id"), row.answer: slot("answer")}
    return row.update(answered).where(row.digest == slot("digest"))


def _select() -> peewee.Node:
    return CaptureRow.select(CaptureRow.fingerprint, CaptureRow.answer).where(
        CaptureRow.digest == slot("digest")
    )


def _delete_of() -> peewee.Node:
    return CaptureRow.delete().where(CaptureRow.lead_id == slot("lead_id"))


def _delete_before() -> peewee.Node:
    return CaptureRow.delete().where(CaptureRow.at < slot("before"))
