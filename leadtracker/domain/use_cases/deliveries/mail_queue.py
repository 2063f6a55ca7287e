"""The queue of mails: compose each mail when it is sent, and record sent mails in the lead's history."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime

from attrs import frozen

from leadtracker.domain.errors import LeadNotFound, SecretUnreadable
from leadtracker.domain.model.accounts.access import SCHEDULER
from leadtracker.domain.model.accounts.account_link import purpose_of
from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.canary import canary_lead
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.delivery import Channel, Delivery, DeliveryKind, DeliveryState
from leadtracker.domain.model.deliveries.email import Email
from leadtracker.domain.model.leads.history import Action, entry
from leadtracker.domain.ports.accounts.second_factors import SecretBox
from leadtracker.domain.ports.deliveries.email_writer import EmailNotWritten, EmailWriter
from leadtracker.domain.ports.deliveries.emails import EmailSender
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.delivery_worker import DeliveryQueue
from leadtracker.domain.use_cases.deliveries.find_silent_sources import FindSilentSources
from leadtracker.domain.use_cases.deliveries.mail_budget import MailBudget
from leadtracker.domain.use_cases.deliveries.notifications import reachable_owner
from leadtracker.domain.use_cases.deliveries.read_digest import ReadDigest
from leadtracker.domain.use_cases.deliveries.read_weekly_summary import ReadWeeklySummary


@frozen(kw_only=True)
class MailQueue(DeliveryQueue[Delivery]):
    """All mails that are due, to any recipient, the one that has waited longest first."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _writer: EmailWriter
    _read_digest: ReadDigest
    _read_weekly_summary: ReadWeeklySummary
    _find_silent_sources: FindSilentSources
    _secret_box: SecretBox
    _sender: EmailSender
    _budget: MailBudget

    def find(self, tx: UnitOfWork, now: datetime) -> Delivery | None:
        """Return the mail that has been due the longest, of those that need not be held back."""
        while (due := tx.deliveries.find_due(now, Channel.MAIL)) is not None:
            admitted = due if due.is_exhausted(now) else self._budget.admit(tx, due, now)
            if admitted is not None:
                return admitted
        return None

    def send(self, claimed: Delivery) -> DeliveryResult:
        """Compose the mail from the current data and send it."""
        composed = self._compose(claimed)
        return composed if isinstance(composed, DeliveryResult) else self._sender.send(composed)

    def store(self, tx: UnitOfWork, changed: Delivery, epoch: int) -> bool:
        """Store a claim or a result, and the history entry of a mail that was sent."""
        is_stored = tx.deliveries.replace(changed, epoch=epoch)
        if is_stored and changed.state is DeliveryState.SENT and changed.lead_id is not None:
            lead = tx.leads.get(changed.lead_id)
            tx.history.append([entry(lead, SCHEDULER, Action.MAIL_SENT, changed.sent_at, changed.kind)])
        return is_stored

    def _compose(self, delivery: Delivery) -> Email | DeliveryResult:
        """Compose the mail from the current data, or return the result of an attempt that sends none."""
        try:
            if delivery.lead_id is None:
                return self._compose_without_lead(delivery)
            if delivery.kind is DeliveryKind.REMINDER:
                return self._compose_reminder(delivery, delivery.lead_id)
            with self._unit_of_work.read_only() as tx:
                lead = tx.leads.get(delivery.lead_id)
                owner = reachable_owner(tx, lead)
            return self._writer.write(delivery, lead, owner)
        except LeadNotFound:
            return DeliveryResult(outcome=Outcome.REJECTED, detail=AttemptDetail(DetailCode.LEAD_ERASED))
        except EmailNotWritten as error:
            # An operator may correct the template before the attempts run out, or retry the failed delivery.
            detail = AttemptDetail(DetailCode.TEMPLATE_FAILED, error=error.reason, path=error.template)
            return DeliveryResult(outcome=Outcome.NOT_SENT, detail=detail)

    def _compose_reminder(self, delivery: Delivery, lead_id: str) -> Email | DeliveryResult:
        with self._unit_of_work.snapshot() as tx:
            lead = tx.leads.get(lead_id)
            scheduled = tx.follow_ups.find_open(lead_id)
        if scheduled is None or scheduled.id != delivery.follow_up_id:
            return _cancelled(DetailCode.FOLLOW_UP_CHANGED)
        return self._writer.write_reminder(delivery, lead, scheduled)

    def _compose_bundle(self, delivery: Delivery) -> Email | DeliveryResult:
        ids = (delivery.text or "").split()
        leads = []
        with self._unit_of_work.snapshot() as tx:
            for lead_id in ids:
                with suppress(LeadNotFound):  # erased since
                    leads.append(tx.leads.get(lead_id))
        if not leads:
            return _cancelled(DetailCode.LEADS_ERASED)
        return self._writer.write_bundle(delivery, leads)

    def _compose_without_lead(self, delivery: Delivery) -> Email | DeliveryResult:
        compose: Mapping[DeliveryKind, Callable[[Delivery], Email | DeliveryResult]] = {
            DeliveryKind.ACCOUNT_CHANGE: self._writer.write_account_change,
            DeliveryKind.ACKNOWLEDGEMENT: self._compose_canary,
            DeliveryKind.DIGEST: self._compose_digest,
            DeliveryKind.INVITATION: self._compose_account_link,
            DeliveryKind.PASSWORD_RESET: self._compose_account_link,
            DeliveryKind.SILENCE_ALERT: self._compose_silence_alert,
            DeliveryKind.TEST: self._writer.write_test,
            DeliveryKind.WEEKLY_REPORT: self._compose_weekly_report,
        }
        return compose.get(delivery.kind, self._compose_bundle)(delivery)

    def _compose_canary(self, delivery: Delivery) -> Email:
        return self._writer.write(delivery, canary_lead(delivery.created_at))

    def _compose_weekly_report(self, delivery: Delivery) -> Email:
        with self._unit_of_work.snapshot() as tx:
            summary = self._read_weekly_summary(tx, delivery.text or "", self._clock.now())
        return self._writer.write_weekly_report(delivery, summary)

    def _compose_account_link(self, delivery: Delivery) -> Email | DeliveryResult:
        with self._unit_of_work.read_only() as tx:
            link = tx.account_links.find(delivery.text or "")
        if link is None or link.user is None or not link.is_valid(self._clock.now()):
            return _cancelled(DetailCode.LINK_INVALID)
        try:
            token = self._secret_box.open(link.sealed_token, purpose_of(link.id))
        except SecretUnreadable:
            return _cancelled(DetailCode.LINK_INVALID)
        return self._writer.write_account_link(delivery, link.user, token)

    def _compose_silence_alert(self, delivery: Delivery) -> Email | DeliveryResult:
        with self._unit_of_work.snapshot() as tx:
            now = self._clock.now()
            silent = self._find_silent_sources.find(tx.statistics, delivery.text or None, now)
        if silent is None:
            return _cancelled(DetailCode.SOURCE_NOT_SILENT)
        return self._writer.write_silence_alert(delivery, silent)

    def _compose_digest(self, delivery: Delivery) -> Email | DeliveryResult:
        with self._unit_of_work.snapshot() as tx:
            digest = self._read_digest.for_mail(tx, self._clock.now(), owner=delivery.text)
        if digest.is_empty:
            return _cancelled(DetailCode.NOTHING_DUE)
        return self._writer.write_digest(delivery, digest)


def _cancelled(code: DetailCode) -> DeliveryResult:
    return DeliveryResult(outcome=Outcome.CANCELLED, detail=AttemptDetail(code))
