"""Which webhooks an event causes; enqueued in the transaction that stores it."""

from collections.abc import Mapping
from datetime import datetime

from attrs import frozen

from leadtracker.domain.model.deliveries.delivery import Delivery, DeliveryKind
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint, event_body
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_payload import events_between, lead_payload
from leadtracker.domain.ports.id_source import IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWork


@frozen
class EnqueueWebhooks:
    """Puts events into the outbox, one message for each endpoint that is not disabled.

    Attributes:
        endpoints: those in the settings; without any, nothing is done and nothing asked.
    """

    _ids: IdSource
    _endpoints: tuple[WebhookEndpoint, ...]

    def created(self, tx: UnitOfWork, lead: Lead, now: datetime) -> None:
        """Tell of a new lead, as it was stored: only the store knows whether it is linked."""
        if self._endpoints:
            self._tell(tx, DeliveryKind.LEAD_CREATED, lead_payload(tx.leads.get(lead.id)), now)

    def changed(self, tx: UnitOfWork, before: Lead, after: Lead) -> None:
        """Tell what is different about a lead since it was ``before``."""
        if self._endpoints:
            for kind, data in events_between(before, after):
                self._tell(tx, kind, data, after.updated_at)

    def erased(self, tx: UnitOfWork, lead_id: str, now: datetime) -> None:
        """Tell that a lead was erased, and nothing else about it; to be called when the rest is gone."""
        if self._endpoints:
            self._tell(tx, DeliveryKind.LEAD_ERASED, {"id": lead_id}, now)

    def _tell(self, tx: UnitOfWork, kind: DeliveryKind, data: Mapping[str, object], now: datetime) -> None:
        disabled = tx.disabled_endpoints.all()
        body = event_body(kind, data, now)
        tx.deliveries.add(
            Delivery(
                id=self._ids.new_id(now),
                kind=kind,
                recipient=endpoint.origin,
                recipient_key=endpoint.key,
                lead_id=data["id"],  # type: ignore[arg-type]  # of every event
                text=body,
                created_at=now,
                due_at=now,
            )
            for endpoint in self._endpoints
            if endpoint.key not in disabled
        )
