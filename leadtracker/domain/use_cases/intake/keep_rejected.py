"""Keep public submissions that were rejected, so that users can correct them."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from attrs import frozen

from leadtracker.domain.errors import FieldError
from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.deliveries.canary import is_canary_address
from leadtracker.domain.model.intake.form_token import FormToken
from leadtracker.domain.model.intake.rejected_submission import (
    CLIENT_PERIOD,
    RejectedSubmission,
    bounded_errors,
    bounded_fields,
    digest_of,
)
from leadtracker.domain.ports.system import Clock, IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory


@frozen(kw_only=True)
class KeepRejected:
    """Store a rejected submission within the bounds; the same body again is stored once."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource

    def __call__(
        self,
        actor: Actor,
        raw: Mapping[str, object],
        errors: Iterable[FieldError],
        client: str,
        form_token: FormToken | None = None,
    ) -> bool:
        """Keep a submission of a public actor.

        Args:
            actor: the caller. Submissions of other actors are not kept, since these see the errors.
            raw: the inputs as they came.
            errors: why the submission was rejected.
            client: identifies the client address.
            form_token: the token of the public form; None if it came from elsewhere.

        Returns:
            True if it was stored; those of a canary are not, because no user has to correct them.
        """
        if not actor.is_public or any(map(is_canary_address, raw.values())):
            return False
        now = self._clock.now()
        rejected = RejectedSubmission(
            id=self._ids.new_id(now),
            received_at=now,
            fields=bounded_fields(raw),
            errors=bounded_errors(errors),
            digest=digest_of(raw),
            client=client,
            form_id=None if form_token is None else form_token.id,
            request_id=actor.request_id,
        )
        return self._store(rejected, now - CLIENT_PERIOD)

    def _store(self, rejected: RejectedSubmission, since: datetime) -> bool:
        # Whatever a client repeats costs no writing transaction.
        with self._unit_of_work.read_only() as tx:
            if tx.rejected_submissions.is_full(rejected.client, since, rejected.digest):
                return False
        with self._unit_of_work() as tx:
            is_stored = tx.rejected_submissions.add(rejected, since)
            tx.commit()
        return is_stored
