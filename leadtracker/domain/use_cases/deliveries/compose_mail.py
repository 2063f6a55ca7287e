"""Write a mail as things are now, unless it is no longer wanted."""

from attrs import frozen

from leadtracker.domain.errors import LeadNotFound
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.delivery import Delivery, DeliveryKind
from leadtracker.domain.model.deliveries.email import Email
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.deliveries.email_writer import EmailNotWritten, EmailWriter
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.follow_ups.read_digest import ReadDigest


@frozen
class WriteMail:
    """Reads what a message is about and has it put into words."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _writer: EmailWriter
    _read_digest: ReadDigest

    def __call__(self, delivery: Delivery) -> Email | DeliveryResult:
        """The mail, or how the attempt ended that cannot have one."""
        try:
            if delivery.lead_id is None:
                return self._digest(delivery)
            if delivery.kind is DeliveryKind.REMINDER:
                return self._reminder(delivery, delivery.lead_id)
            with self._unit_of_work.read_only() as tx:
                lead = tx.leads.get(delivery.lead_id)
            return self._writer.write(delivery, lead)
        except LeadNotFound:
            return DeliveryResult(outcome=Outcome.REJECTED, detail="the lead was erased")
        except EmailNotWritten as error:
            # Somebody may mend it meanwhile; in the end the message has failed, and can be retried then.
            return DeliveryResult(outcome=Outcome.NOT_SENT, detail=str(error))

    def _reminder(self, delivery: Delivery, lead_id: str) -> Email | DeliveryResult:
        with self._unit_of_work.snapshot() as tx:
            lead = tx.leads.get(lead_id)
            planned = tx.follow_ups.find_open(lead_id)
        if planned is None or planned.id != delivery.follow_up_id:
            return _withdrawn("the follow-up was done, or planned anew")
        return self._writer.write_reminder(delivery, lead, planned)

    def _digest(self, delivery: Delivery) -> Email | DeliveryResult:
        with self._unit_of_work.snapshot() as tx:
            digest = self._read_digest(tx, self._clock.now())
        if digest.is_empty:
            return _withdrawn("nothing is overdue or untouched any more")
        return self._writer.write_digest(delivery, digest)


def _withdrawn(detail: str) -> DeliveryResult:
    return DeliveryResult(outcome=Outcome.CANCELLED, detail=detail)
