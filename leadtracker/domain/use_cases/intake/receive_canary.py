"""Receive the canary: see that its lead can be stored, and keep nothing of it but a receipt."""

from attrs import frozen

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.deliveries.canary import canary_secret
from leadtracker.domain.model.intake.quarantined_lead import QuarantinedLead
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import field_error
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications


@frozen(kw_only=True)
class ReceiveCanary:
    """Recognise the submission of a running test, and record that it was received.

    Its lead is stored in a transaction that is rolled back, so that no list, number, event or mail to users
    can ever include it. The receipt and the acknowledgement are stored in a second transaction.

    Args:
        recipient: gets the acknowledgement.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _notifications: Notifications
    _recipient: EmailAddress

    def secret_of(self, email: EmailAddress) -> str:
        """Return the secret of the running test to which an address in ``CANARY_DOMAIN`` belongs.

        Raises:
            InvalidInput: it belongs to no running test.
        """
        secret = canary_secret(email)
        with self._unit_of_work.read_only() as tx:
            if tx.canary_runs.find_running(secret) is None:
                raise InvalidInput([field_error("email", InvalidValue("invalid-email"))])
        return secret

    def check_stored(self, tx: UnitOfWork, lead: Lead, spam: QuarantinedLead | None) -> None:
        """Execute every pending write of a unit of work that is about to be rolled back.

        Raises:
            LeadNotFound: the lead is not stored.
        """
        if spam is None:
            tx.leads.get(lead.id)
        else:
            tx.quarantine.of(lead.identity)

    def record(self, secret: str, spam: QuarantinedLead | None) -> None:
        """Store the receipt and, unless the lead was taken for spam, the acknowledgement."""
        now = self._clock.now()
        with self._unit_of_work() as tx:
            run = tx.canary_runs.find_running(secret)
            if run is None or run.received_at is not None:
                return  # the scheduler has given up waiting, or a proxy has sent the form twice
            reason = None if spam is None else spam.reason.value
            delivery = self._notifications.canary(tx, self._recipient, now) if spam is None else None
            tx.canary_runs.save(run.received(now, delivery, reason))
            tx.commit()
