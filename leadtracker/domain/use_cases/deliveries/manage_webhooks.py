"""Look at the webhook endpoints, try one out, and let one be told again."""

from datetime import datetime

from attrs import frozen

from leadtracker.domain.errors import EndpointNotFound, InvalidInput
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult
from leadtracker.domain.model.deliveries.webhook import TEST_EVENT, WebhookEndpoint, WebhookEvent, event_body
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.deliveries.webhook_sender import WebhookSender
from leadtracker.domain.ports.id_source import IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory


@frozen
class EndpointView:
    """An endpoint by its number in the settings, and since when it is disabled, if it is."""

    number: int
    endpoint: WebhookEndpoint
    disabled_at: datetime | None


@frozen
class ManageWebhooks:
    """What the operator can do with the endpoints in the settings; the number of the first is 1."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource
    _sender: WebhookSender
    _endpoints: tuple[WebhookEndpoint, ...]

    def all(self, actor: Actor) -> list[EndpointView]:
        """Every endpoint, as they are in the settings.

        Raises:
            PermissionDenied: the actor may not manage deliveries.
        """
        actor.require(Permission.DELIVERY_MANAGE)
        with self._unit_of_work.read_only() as tx:
            disabled = tx.disabled_endpoints.all()
        return [
            EndpointView(number, endpoint, disabled.get(endpoint.key))
            for number, endpoint in enumerate(self._endpoints, 1)
        ]

    def one(self, actor: Actor, name: str) -> EndpointView:
        """The endpoint with that number, host or origin.

        Raises:
            PermissionDenied: the actor may not manage deliveries.
            EndpointNotFound: there is none.
            InvalidInput: there are several.
        """
        found = [view for view in self.all(actor) if name in _names(view)]
        if not found:
            raise EndpointNotFound(name)
        if len(found) > 1:
            numbers = " or ".join(str(view.number) for view in found)
            raise InvalidInput.of("endpoint", f"{name} may be {numbers}; give the number")
        return found[0]

    def enable(self, actor: Actor, name: str) -> EndpointView:
        """Let an endpoint be told of what happens from now on; what has failed can be retried.

        Raises:
            PermissionDenied, EndpointNotFound, InvalidInput: as above.
        """
        view = self.one(actor, name)
        with self._unit_of_work() as tx:
            tx.disabled_endpoints.remove(view.endpoint.key)
            tx.commit()
        return EndpointView(view.number, view.endpoint, disabled_at=None)

    def test(self, actor: Actor, view: EndpointView) -> DeliveryResult:
        """Send a test event at once, in the way of all events; nothing is stored, nothing tried again.

        Raises:
            PermissionDenied: the actor may not manage deliveries.
        """
        actor.require(Permission.DELIVERY_MANAGE)
        now = self._clock.now()
        event = WebhookEvent(self._ids.new_id(now), event_body(TEST_EVENT, {}, now))
        return self._sender.send(view.endpoint, event)


def _names(view: EndpointView) -> tuple[str, ...]:
    return str(view.number), view.endpoint.host, view.endpoint.origin
