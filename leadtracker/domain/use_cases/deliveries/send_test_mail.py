"""Send a mail that only shows that mails arrive."""

from attrs import frozen

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult
from leadtracker.domain.model.deliveries.delivery import message_id_of
from leadtracker.domain.model.email_address import EmailAddress
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.deliveries.email_sender import EmailSender
from leadtracker.domain.ports.deliveries.email_writer import EmailWriter
from leadtracker.domain.ports.id_source import IdSource


@frozen
class SendTestMail:
    """Try the way that messages take, at once and past the outbox: whoever asks wants to see how it goes."""

    _clock: Clock
    _ids: IdSource
    _writer: EmailWriter
    _sender: EmailSender

    def __call__(self, actor: Actor, address: str) -> DeliveryResult:
        """Send a test to an address and tell how it went.

        Raises:
            PermissionDenied: the actor may not manage deliveries.
            InvalidInput: the address is none.
        """
        actor.require(Permission.DELIVERY_MANAGE)
        try:
            recipient = EmailAddress.parse(address)
        except ValueError as error:
            raise InvalidInput.of("address", str(error)) from None
        message_id = message_id_of(self._ids.new_id(self._clock.now()))
        return self._sender.send(self._writer.write_test(message_id, recipient.text))
