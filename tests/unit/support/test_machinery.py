"""The clock, ids, hashes, numbers and receivers in memory keep the promises of their ports."""

from datetime import timedelta

import pytest

from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.email import Email
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint, WebhookEvent
from tests.contracts.accounts.password_hasher import PasswordHasherContract
from tests.contracts.deliveries import email_sender as mails
from tests.contracts.deliveries import webhook_sender as webhooks
from tests.contracts.deliveries.email_writer import EmailWriterContract
from tests.contracts.id_source import IdSourceContract
from tests.contracts.leads.phone_parser import PhoneParserContract
from tests.contracts.reports.report_sink import (
    OUTCOMES,
    RETRY_AFTER,
    FallibleReportSinkContract,
    Received,
    Situation,
    claimed,
)
from tests.support.clock import NOW
from tests.support.memory.accounts.password_hasher import MemoryPasswordHasher
from tests.support.memory.deliveries.email_sender import MemoryEmailSender
from tests.support.memory.deliveries.email_writer import MemoryEmailWriter
from tests.support.memory.deliveries.webhook_sender import MemoryWebhookSender
from tests.support.memory.leads.phone_parser import MemoryPhoneParser
from tests.support.memory.reports.report_sink import MemoryReportSink
from tests.support.memory.system import MemoryClock, MemoryIdSource


class TestMemoryClock:
    def test_memory_clock_only_moves_on_request(self) -> None:
        clock = MemoryClock(NOW)
        assert clock.now() == clock.now() == NOW
        assert clock.advance(timedelta(hours=1)) == clock.now() == NOW + timedelta(hours=1)
        clock.set(NOW)
        assert clock.now() == NOW

    def test_it_rejects_a_time_without_zone(self) -> None:
        clock = MemoryClock(NOW)
        with pytest.raises(ValueError, match="aware"):
            clock.set(NOW.replace(tzinfo=None))
        with pytest.raises(ValueError, match="aware"):
            MemoryClock(NOW.replace(tzinfo=None))


class TestMemoryIdSource(IdSourceContract):
    @pytest.fixture
    def ids(self) -> MemoryIdSource:
        return MemoryIdSource()

    def test_id_source_is_deterministic_by_seed(self) -> None:
        def some(ids: MemoryIdSource) -> tuple[str, str, float]:
            return ids.new_id(NOW), ids.secret(), ids.fraction()

        assert some(MemoryIdSource()) == some(MemoryIdSource())
        assert some(MemoryIdSource(1))[1:] != some(MemoryIdSource(2))[1:]


class TestMemoryPasswordHasher(PasswordHasherContract):
    @pytest.fixture
    def hasher(self) -> MemoryPasswordHasher:
        return MemoryPasswordHasher()


class TestMemoryPhoneParser(PhoneParserContract):
    @pytest.fixture
    def phones(self) -> MemoryPhoneParser:
        return MemoryPhoneParser()


class MemoryReceiver:
    """The memory is its own receiver."""

    def __init__(self) -> None:
        self._sink = MemoryReportSink()

    def sink(self, situation: Situation) -> MemoryReportSink:
        outcome = OUTCOMES[situation]
        retry_after = RETRY_AFTER if outcome is Outcome.RETRY else None
        result = DeliveryResult(outcome=outcome, retry_after=retry_after)
        if outcome is not Outcome.DELIVERED:
            self._sink.expect(result)
        return self._sink

    def received(self) -> list[Received]:
        return [Received(report.webhook_id, report.number_of_leads) for report in self._sink.arrived]


class MemoryMailServer:
    """The memory is its own mail server."""

    def __init__(self) -> None:
        self._sender = MemoryEmailSender()

    def sender(self, situation: mails.Situation) -> MemoryEmailSender:
        outcome = mails.OUTCOMES[situation]
        if outcome is not Outcome.DELIVERED:
            self._sender.expect(DeliveryResult(outcome=outcome))
        return self._sender

    def received(self) -> list[Email]:
        return self._sender.arrived


class MemoryEndpoint:
    """The memory is its own endpoint."""

    def __init__(self) -> None:
        self.sender = MemoryWebhookSender()

    def endpoint(self, situation: webhooks.Situation) -> WebhookEndpoint:
        outcome = webhooks.OUTCOMES[situation]
        retry_after = webhooks.RETRY_AFTER if outcome is Outcome.RETRY else None
        if outcome is not Outcome.DELIVERED:
            self.sender.expect(DeliveryResult(outcome=outcome, retry_after=retry_after))
        return WebhookEndpoint("https://hooks.example/")

    def received(self) -> list[WebhookEvent]:
        return [event for _, event in self.sender.arrived]


class TestMemoryWebhookSender(webhooks.WebhookSenderContract):
    @pytest.fixture
    def other_end(self) -> MemoryEndpoint:
        return MemoryEndpoint()


class TestMemoryEmailSender(mails.FallibleEmailSenderContract):
    @pytest.fixture
    def other_end(self) -> MemoryMailServer:
        return MemoryMailServer()


class TestMemoryEmailWriter(EmailWriterContract):
    @pytest.fixture
    def writer(self) -> MemoryEmailWriter:
        return MemoryEmailWriter()


class TestMemoryReportSink(FallibleReportSinkContract):
    @pytest.fixture
    def receiver(self) -> MemoryReceiver:
        return MemoryReceiver()

    def test_sender_follows_script_then_accepts(self) -> None:
        rejected = DeliveryResult(outcome=Outcome.REJECTED, status=401)
        sink = MemoryReportSink([rejected])
        sink.expect(rejected)
        outcomes = [sink.deliver(claimed()).outcome for _ in range(3)]
        assert outcomes == [Outcome.REJECTED, Outcome.REJECTED, Outcome.DELIVERED]
