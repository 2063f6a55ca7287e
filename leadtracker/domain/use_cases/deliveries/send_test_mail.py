"""Send a test mail, so that an operator sees whether mails arrive."""

from attrs import frozen

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.ports.deliveries.email_writer import EmailWriter
from leadtracker.domain.ports.deliveries.emails import EmailSender
from leadtracker.domain.ports.system import Clock, IdSource


@frozen(kw_only=True)
class SendTestMail:
    """Send a mail at once, without storing a delivery: the operator waits for the result."""

    _clock: Clock
    _ids: IdSource
    _writer: EmailWriter
    _sender: EmailSender

    def __call__(self, actor: Actor, address: str) -> DeliveryResult:
        """Send a test mail to an address and return the result of the one attempt.

        Raises:
            PermissionDenied: the actor may not manage deliveries.
            InvalidInput: ``address`` is not an e-mail address.
        """
        actor.require(Permission.DELIVERY_MANAGE)
        try:
            recipient = EmailAddress.parse(address)
        except ValueError as error:
            raise InvalidInput.of("address", str(error)) from None
        mail_id = self._ids.new_id(self._clock.now())
        return self._sender.send(self._writer.write_test(mail_id, recipient.text))
