"""Send a test mail, so that a user or an operator sees whether mails arrive."""

from attrs import frozen

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult
from leadtracker.domain.model.deliveries.delivery import Delivery, DeliveryKind
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.model.values.field_parser import field_error
from leadtracker.domain.ports.deliveries.email_writer import EmailWriter
from leadtracker.domain.ports.deliveries.emails import EmailSender
from leadtracker.domain.ports.system import Clock, IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory


@frozen(kw_only=True)
class SendTestMail:
    """Send a test mail at once, for an operator who waits for the result, or as every other mail is sent."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource
    _writer: EmailWriter
    _sender: EmailSender

    def __call__(self, actor: Actor, address: str) -> DeliveryResult:
        """Send a test mail to an address and return the result of the one attempt; nothing is stored.

        Raises:
            PermissionDenied: the actor may not manage deliveries.
            InvalidInput: ``address`` is not an e-mail address.
        """
        return self._sender.send(self._writer.write_test(self._delivery(actor, address)))

    def enqueue(self, actor: Actor, address: str) -> Delivery:
        """Store a test mail and return it: a scheduler sends it, and retries it, as every other mail.

        The errors are those of ``__call__``.
        """
        delivery = self._delivery(actor, address)
        with self._unit_of_work() as tx:
            tx.deliveries.add([delivery])
            tx.commit()
        return delivery

    def _delivery(self, actor: Actor, address: str) -> Delivery:
        actor.require(Permission.DELIVERY_MANAGE)
        try:
            recipient = EmailAddress.parse(address)
        except ValueError as error:
            raise InvalidInput([field_error("address", error)]) from None
        now = self._clock.now()
        return Delivery.mail(self._ids.new_id(now), DeliveryKind.TEST, recipient, now)
