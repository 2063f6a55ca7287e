"""The generated parts of pages, by the names in their comments."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from leadtracker.domain.model.deliveries.deliverable import Outcome
from leadtracker.domain.model.deliveries.delivery import DeliveryKind, DeliveryState
from leadtracker.domain.model.intake.quarantined_lead import QuarantineReason
from leadtracker.domain.model.leads.follow_up import FollowUpStatus
from leadtracker.domain.model.leads.history import Action
from leadtracker.domain.model.reports.weekly_report import ReportState
from tools.references.commands import commands
from tools.references.domain import (
    health_checks,
    lead_fields,
    lead_states,
    members,
    problems,
    roles,
    stored_data_checks,
)
from tools.references.endpoints import endpoint_table, endpoints, event_headers, events_table, schemas
from tools.references.metrics import database_metrics, request_metrics
from tools.references.settings import settings_tables

PARTS: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "actions": partial(members, Action, "action"),
        "commands": commands,
        "database-metrics": database_metrics,
        "delivery-kinds": partial(members, DeliveryKind, "kind"),
        "delivery-states": partial(members, DeliveryState, "state"),
        "endpoint-table": endpoint_table,
        "endpoints": endpoints,
        "event-headers": event_headers,
        "events": events_table,
        "follow-up-states": partial(members, FollowUpStatus, "status"),
        "health-checks": health_checks,
        "lead-fields": lead_fields,
        "lead-states": lead_states,
        "outcomes": partial(members, Outcome, "outcome"),
        "problems": problems,
        "report-states": partial(members, ReportState, "state"),
        "request-metrics": request_metrics,
        "roles": roles,
        "schemas": schemas,
        "settings": settings_tables,
        "spam-reasons": partial(members, QuarantineReason, "reason"),
        "stored-data-checks": stored_data_checks,
    }
)
