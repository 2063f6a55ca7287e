"""List the webhook endpoints, send one a test event, and enable a disabled one."""

from collections.abc import Mapping
from datetime import datetime

from attrs import frozen

from leadtracker.domain.errors import EndpointNotFound, InvalidInput
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult
from leadtracker.domain.model.deliveries.delivery import Channel
from leadtracker.domain.model.deliveries.webhook import TEST_EVENT, WebhookEndpoint, WebhookEvent, event_body
from leadtracker.domain.ports.deliveries.webhooks import WebhookSender
from leadtracker.domain.ports.system import Clock, IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory


@frozen
class EndpointView:
    """An endpoint with its number in the settings, counted from 1, and the time it was disabled, if it is."""

    number: int
    endpoint: WebhookEndpoint
    disabled_at: datetime | None


@frozen(kw_only=True)
class ManageWebhooks:
    """Let an operator inspect, test and enable the endpoints in the settings, of every channel."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource
    _senders: Mapping[Channel, WebhookSender]
    _endpoints: tuple[WebhookEndpoint, ...]

    def all(self, actor: Actor) -> list[EndpointView]:
        """Return every endpoint, in the order of the settings.

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
        """Return the endpoint with this number, host or origin.

        Raises:
            PermissionDenied: the actor may not manage deliveries.
            EndpointNotFound: no endpoint matches.
            InvalidInput: several endpoints match.
        """
        found = [view for view in self.all(actor) if name in _names(view)]
        if not found:
            raise EndpointNotFound(name)
        if len(found) > 1:
            numbers = " or ".join(str(view.number) for view in found)
            raise InvalidInput.of("endpoint", f"{name} may be {numbers}; give the number")
        return found[0]

    def enable(self, actor: Actor, name: str) -> EndpointView:
        """Let an endpoint receive events from now on; failed deliveries can be retried separately.

        Raises:
            PermissionDenied: the actor may not manage deliveries.
            EndpointNotFound: no endpoint matches.
            InvalidInput: several endpoints match.
        """
        view = self.one(actor, name)
        with self._unit_of_work() as tx:
            tx.disabled_endpoints.remove(view.endpoint.key)
            tx.commit()
        return EndpointView(view.number, view.endpoint, disabled_at=None)

    def test(self, actor: Actor, view: EndpointView) -> DeliveryResult:
        """Send a test event through the endpoint's channel at once; nothing is stored or retried.

        Raises:
            PermissionDenied: the actor may not manage deliveries.
        """
        actor.require(Permission.DELIVERY_MANAGE)
        now = self._clock.now()
        event = WebhookEvent(self._ids.new_id(now), event_body(TEST_EVENT, {}, now))
        return self._senders[view.endpoint.channel].send(view.endpoint, event)


def _names(view: EndpointView) -> tuple[str, ...]:
    return str(view.number), view.endpoint.host, view.endpoint.origin
