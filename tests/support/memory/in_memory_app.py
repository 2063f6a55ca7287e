"""The application in memory: the container with in-memory adapters, which the test controls."""

import weakref
from collections.abc import Callable, Mapping
from datetime import time, timedelta
from typing import Any, Generic, TypeVar, cast
from zoneinfo import ZoneInfo

from attrs import Attribute, Factory, define, field
from dependency_injector.providers import Object, Provider

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import PUBLIC, USER_ROLES, Actor, Role
from leadtracker.domain.model.accounts.account import Assignment
from leadtracker.domain.model.accounts.second_factor import SecondFactorPolicy
from leadtracker.domain.model.deliveries.delivery import Channel
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter
from leadtracker.domain.model.leads.retention import RetentionPolicy
from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.ports.intake.canary import FormVisitor
from leadtracker.domain.ports.leads.object_store import ObjectStore
from leadtracker.domain.ports.reports.report_sink import ReportSink
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.read_digest import ReadDigest
from leadtracker.domain.use_cases.intake.capture_lead import DuplicatePolicy
from leadtracker.settings import Settings
from tests.support.builders import make_fields
from tests.support.clock import NOW
from tests.support.instruments.quick_containers import ReusedContainer
from tests.support.memory.accounts.password_hasher import MemoryPasswordHasher
from tests.support.memory.accounts.second_factors import MemorySecretBox
from tests.support.memory.consistency_checks import MemoryConsistencyChecks
from tests.support.memory.deliveries.email_sender import MemoryEmailSender
from tests.support.memory.deliveries.email_writer import MemoryEmailWriter
from tests.support.memory.deliveries.webhook_sender import MemoryWebhookSender
from tests.support.memory.intake.form_visitor import MemoryFormVisitor
from tests.support.memory.leads.phone_parser import MemoryPhoneParser
from tests.support.memory.reports.report_sink import MemoryReportSink
from tests.support.memory.schema import MemorySchema
from tests.support.memory.store import MemoryStore
from tests.support.memory.system import MemoryClock, MemoryIdSource
from tests.support.memory.unit_of_work import MemoryUnitOfWorkFactory

VIEWER, AGENT, ADMIN = (Actor(f"user:{role}", role) for role in USER_ROLES)
SENDER = Actor("api-key:website", Role.SENDER)

UTC = ZoneInfo("UTC")
_DEFAULTS = Settings()
BuiltT = TypeVar("BuiltT")


class _Built(Generic[BuiltT]):
    """An object that the app's container builds; assigned under the name of its provider."""

    def __init__(self, _provider: Provider[BuiltT]) -> None:
        pass

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, app: "InMemoryApp", owner: type) -> BuiltT:
        return cast("BuiltT", getattr(app.container, self._name)())


def _rebuild(app: "InMemoryApp", attribute: "Attribute[Any]", value: object) -> object:
    """Discard the container when a test replaces a setting or an adapter."""
    if attribute.name != "_reused":
        app._reused = None  # noqa: SLF001 - the app's attribute
    return value


def _capture_in(app: "weakref.ref[InMemoryApp]") -> Callable[[Mapping[str, str]], object]:
    """Return what captures a lead in an app without keeping the app, whose container others wait for."""

    def capture(inputs: Mapping[str, str]) -> object:
        found = app()
        assert found is not None
        return found.capture_lead(PUBLIC, inputs)

    return capture


@define(on_setattr=_rebuild)
class InMemoryApp:
    """An installation in memory. Tests may replace any attribute, before or while they use the app."""

    zone: ZoneInfo = UTC
    catch_up_weeks: int = 8
    public_duplicates: DuplicatePolicy = DuplicatePolicy.LINK
    assignment: Assignment = Assignment.NONE
    notify: tuple[EmailAddress, ...] = ()
    report_to: str | None = None
    digest_at: time | None = time(8)
    has_canary: bool = False
    untouched_for: timedelta = timedelta(hours=24)
    retention: str | None = None
    acknowledgements_per_hour: int = 0
    notifications_per_hour: int = 0
    endpoints: tuple[WebhookEndpoint, ...] = ()
    store: MemoryStore = Factory(MemoryStore)
    clock: MemoryClock = Factory(lambda: MemoryClock(NOW))
    ids: MemoryIdSource = Factory(MemoryIdSource)
    hasher: MemoryPasswordHasher = Factory(MemoryPasswordHasher)
    secret_box: MemorySecretBox = Factory(MemorySecretBox)
    require_second_factor: SecondFactorPolicy = SecondFactorPolicy.OFF
    phones: MemoryPhoneParser = Factory(MemoryPhoneParser)
    receiver: MemoryReportSink = Factory(MemoryReportSink)
    email_writer: MemoryEmailWriter = Factory(MemoryEmailWriter)
    email_sender: MemoryEmailSender = Factory(MemoryEmailSender)
    form_visitor: FormVisitor = Factory(
        lambda self: MemoryFormVisitor(self.clock, _capture_in(weakref.ref(self))),
        takes_self=True,
    )
    objects: ObjectStore | None = None
    webhook_sender: MemoryWebhookSender = Factory(MemoryWebhookSender)
    sink: ReportSink = Factory(lambda self: self.receiver, takes_self=True)
    unit_of_work: UnitOfWorkFactory = Factory(
        lambda self: MemoryUnitOfWorkFactory(self.store), takes_self=True
    )
    _reused: ReusedContainer | None = field(default=None, init=False, repr=False, eq=False)

    add_note = _Built(Container.add_note)
    capture_lead = _Built(Container.capture_lead)
    change_many_leads = _Built(Container.change_many_leads)
    check_health = _Built(Container.check_health)
    change_password = _Built(Container.change_password)
    deliver_notifications = _Built(Container.deliver_notifications)
    delivery_worker = _Built(Container.delivery_worker)
    enqueue_digest = _Built(Container.enqueue_digest)
    alert_silence = _Built(Container.alert_silence)
    enforce_retention = _Built(Container.enforce_retention)
    ensure_admin = _Built(Container.ensure_admin)
    erase_lead = _Built(Container.erase_lead)
    explain_report = _Built(Container.explain_report)
    export_leads = _Built(Container.export_leads)
    export_personal_data = _Built(Container.export_personal_data)
    find_follow_ups = _Built(Container.find_follow_ups)
    find_leads = _Built(Container.find_leads)
    get_lead = _Built(Container.get_lead)
    get_attachment = _Built(Container.get_attachment)
    get_resume = _Built(Container.get_resume)
    hold_lead = _Built(Container.hold_lead)
    import_leads = _Built(Container.import_leads)
    keep_rejected = _Built(Container.keep_rejected)
    issue_form_token = _Built(Container.issue_form_token)
    load_file = _Built(Container.load_file)
    manage_api_keys = _Built(Container.manage_api_keys)
    manage_deliveries = _Built(Container.manage_deliveries)
    manage_imports = _Built(Container.manage_imports)
    manage_second_factor = _Built(Container.manage_second_factor)
    manage_quarantine = _Built(Container.manage_quarantine)
    manage_users = _Built(Container.manage_users)
    manage_webhooks = _Built(Container.manage_webhooks)
    preview_retention = _Built(Container.preview_retention)
    purge_idempotency_keys = _Built(Container.purge_idempotency_keys)
    put_resume = _Built(Container.put_resume)
    read_digest = _Built(Container.read_digest)
    read_history = _Built(Container.read_history)
    read_reports = _Built(Container.read_reports)
    read_statistics = _Built(Container.read_statistics)
    read_dashboard = _Built(Container.read_dashboard)
    roll_up_leads = _Built(Container.roll_up_leads)
    record_follow_up = _Built(Container.record_follow_up)
    remind_follow_ups = _Built(Container.remind_follow_ups)
    file_storage = _Built(Container.file_storage)
    run_canary = _Built(Container.run_canary)
    read_metrics = _Built(Container.read_metrics)
    run_diagnostics = _Built(Container.run_diagnostics)
    report_email = _Built(Container.report_email)
    schedule_report = _Built(Container.schedule_report)
    seal_weeks = _Built(Container.seal_weeks)
    send_due_reports = _Built(Container.send_due_reports)
    send_report_now = _Built(Container.send_report_now)
    send_report_once = _Built(Container.send_report_once)
    sign_in = _Built(Container.sign_in)
    update_lead = _Built(Container.update_lead)
    user_sessions = _Built(Container.user_sessions)

    @property
    def container(self) -> Container:
        """The program's own container; only the adapters are replaced, by those of the app."""
        if self._reused is None:
            self._reused = ReusedContainer()
            for name, replacement in self._adapters().items():
                self._reused.container.providers[name].override(Object(replacement))
        return self._reused.container

    def _adapters(self) -> dict[str, object]:
        """Return what is used instead of the program's own, by the name of the provider."""
        return {
            "settings": self._settings(),
            "clock": self.clock,
            "ids": self.ids,
            "phones": self.phones,
            "hasher": self.hasher,
            "secret_box": self.secret_box,
            "unit_of_work": self.unit_of_work,
            "schema": MemorySchema(self.store),
            "consistency_checks": MemoryConsistencyChecks(self.store),
            "objects": self.objects,
            "form_visitor": self.form_visitor,
            "read_digest": ReadDigest(untouched_for=self.untouched_for, policy=self.policy),
            "report_sink": self.sink,
            "email_sender": self.email_sender,
            "email_writer": self.email_writer,
            "endpoints": self.endpoints,
            "senders": {one: self.webhook_sender for one in Channel if one is not Channel.MAIL},
        }

    @property
    def policy(self) -> RetentionPolicy:
        """The retention of the installation."""
        return RetentionPolicy(self.zone, self._settings().retention_months)

    def _settings(self) -> Settings:
        return _DEFAULTS.model_copy(
            update={
                "timezone": self.zone,
                "report_catchup_weeks": self.catch_up_weeks,
                "acknowledgements_per_hour": self.acknowledgements_per_hour,
                "notifications_per_hour": self.notifications_per_hour,
                "public_duplicates": self.public_duplicates.value,
                "assignment": self.assignment.value,
                "require_second_factor": self.require_second_factor.value,
                "notify": ",".join(address.text for address in self.notify) or None,
                "report_to": self.report_to,
                "canary": "on" if self.has_canary else "off",
                "retention": self.retention,
                "digest_at": f"{self.digest_at:%H:%M}" if self.digest_at else "off",
            }
        )

    def receive(self, *addresses: str, actor: Actor = PUBLIC) -> list[Lead]:
        """Capture a lead of each address now."""
        return [self.capture_lead(actor, make_fields(address)).lead for address in addresses]

    def leads(self) -> list[Lead]:
        """Return every stored lead, oldest first."""
        with self.unit_of_work.read_only() as tx:
            page = tx.leads.page(LeadFilter(duplicates=Duplicates.INCLUDE), limit=10_000)
        return sorted(page.items, key=lambda lead: (lead.created_at, lead.id))

    def reports(self) -> list[WeeklyReport]:
        """Return every stored report, oldest week first."""
        with self.unit_of_work.read_only() as tx:
            return tx.ledger.all()

    def tick(self, step: timedelta = timedelta(0)) -> list[WeeklyReport]:
        """Advance the clock, seal and send as a scheduler does, and return the attempted reports."""
        self.clock.advance(step)
        self.seal_weeks()
        return list(self.send_due_reports())
