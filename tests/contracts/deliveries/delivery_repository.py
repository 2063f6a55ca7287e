"""Contract suite of ``DeliveryRepository``."""

from datetime import datetime, timedelta

import pytest
from attrs import evolve

from leadtracker.domain.errors import DeliveryNotFound
from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import LEASE, DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.delivery import Channel, Delivery, DeliveryKind, DeliveryState
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.builders import make_delivery, make_event
from tests.support.clock import DAY, MICROSECOND, NOW
from tests.support.instruments.concurrency import run_in_threads

THREADS = 8
REPLY = AttemptDetail(DetailCode.SMTP_ANSWERED, host="x.example", step="RCPT")
REJECTED = DeliveryResult(outcome=Outcome.REJECTED, status=550, detail=REPLY)
LATER = DeliveryResult(outcome=Outcome.RETRY, status=451, detail=REPLY)


def add(unit_of_work: UnitOfWorkFactory, *deliveries: Delivery) -> None:
    """Add deliveries and commit."""
    with unit_of_work() as tx:
        tx.deliveries.add(deliveries)
        tx.commit()


def replace(unit_of_work: UnitOfWorkFactory, delivery: Delivery, epoch: int) -> bool:
    """Replace a delivery of that epoch and commit; return whether it was replaced."""
    with unit_of_work() as tx:
        replaced = tx.deliveries.replace(delivery, epoch=epoch)
        tx.commit()
    return replaced


def get(unit_of_work: UnitOfWorkFactory, delivery_id: str = "m-1") -> Delivery:
    """Return a committed delivery."""
    with unit_of_work.read_only() as tx:
        return tx.deliveries.get(delivery_id)


class DeliveryRepositoryContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store, to be used by many threads."""

    @pytest.mark.parametrize(
        "delivery",
        [
            make_delivery(),
            make_delivery(
                kind=DeliveryKind.FOLLOW_UP, recipient="Zoë@Bücher.example", text="Hi,\r\n'\" % _ \\ 🦊 ?"
            ),
            make_delivery().cancelled(),
            make_delivery(kind=DeliveryKind.REMINDER, follow_up_id="follow-up-1"),
            make_delivery(kind=DeliveryKind.DIGEST, lead_id=None),
            make_event("m-1", text='{"data":{"last_name":"Zoë \\" 🦊"}}'),
        ],
        ids=["least", "most", "cancelled", "reminder", "digest", "webhook"],
    )
    def test_message_round_trips(self, unit_of_work: UnitOfWorkFactory, delivery: Delivery) -> None:
        add(unit_of_work, delivery)
        assert get(unit_of_work) == delivery

    def test_due_mails_of_a_kind_are_found_oldest_first(self, unit_of_work: UnitOfWorkFactory) -> None:
        kind = DeliveryKind.NOTIFICATION
        key = make_delivery().recipient_key
        others = [
            make_delivery("later", kind=kind, due_at=NOW + MICROSECOND),
            make_delivery("other kind", kind=DeliveryKind.REMINDER),
            make_delivery("other recipient", kind=kind, recipient_key="bob@example.com"),
            make_delivery("leased", kind=kind).claim(NOW),
        ]
        due = [make_delivery(f"m-{age}", kind=kind, due_at=NOW - age * DAY) for age in range(3)]
        add(unit_of_work, *others, *due)
        with unit_of_work() as tx:
            assert [one.id for one in tx.deliveries.find_due_of_kind(NOW, kind, key, 10)] == [
                "m-2",
                "m-1",
                "m-0",
            ]
            assert [one.id for one in tx.deliveries.find_due_of_kind(NOW, kind, key, 1)] == ["m-2"]

    def test_mails_about_weeks_are_found_oldest_first(self, unit_of_work: UnitOfWorkFactory) -> None:
        weeks = ("2026-W47", "2026-W46", "2026-W46")
        mails = [
            make_delivery(
                f"m-{age}",
                kind=DeliveryKind.WEEKLY_REPORT,
                text=week,
                lead_id=None,
                created_at=NOW - age * DAY,
            )
            for age, week in enumerate(weeks)
        ]
        other = make_delivery("other", kind=DeliveryKind.FOLLOW_UP, text="2026-W46")
        add(unit_of_work, other, *mails)
        with unit_of_work.read_only() as tx:
            assert [one.id for one in tx.deliveries.of_reports("2026-W46")] == ["m-2", "m-1"]
            assert [one.id for one in tx.deliveries.of_reports(None)] == ["m-2", "m-1", "m-0"]

    @pytest.mark.parametrize(("source", "text", "other"), [("fair", "fair", "Fair"), (None, "", "fair")])
    def test_silence_alerts_are_found_by_source_and_time(
        self, unit_of_work: UnitOfWorkFactory, source: str | None, text: str, other: str
    ) -> None:
        kind = DeliveryKind.SILENCE_ALERT
        add(
            unit_of_work,
            make_delivery("alert", kind=kind, text=text, lead_id=None),
            make_delivery("other", kind=kind, text=other, lead_id=None, created_at=NOW + DAY),
            make_delivery("another", kind=DeliveryKind.FOLLOW_UP, text=text, created_at=NOW + DAY),
        )
        with unit_of_work.read_only() as tx:
            assert tx.deliveries.has_silence_alert(source, NOW)
            assert not tx.deliveries.has_silence_alert(source, NOW + MICROSECOND)

    def test_lists_of_leads_are_mails_about_no_single_lead(self, unit_of_work: UnitOfWorkFactory) -> None:
        digest = make_delivery("digest", kind=DeliveryKind.DIGEST, lead_id=None)
        old = make_delivery("old", kind=DeliveryKind.DIGEST, lead_id=None, created_at=NOW - DAY)
        add(unit_of_work, digest, old, make_delivery("about a lead"))
        with unit_of_work.read_only() as tx:
            assert tx.deliveries.lists_of_leads(NOW) == ["digest"]

    def test_unknown_id_is_not_found(self, unit_of_work: UnitOfWorkFactory) -> None:
        with pytest.raises(DeliveryNotFound):
            get(unit_of_work, "unknown")

    def test_every_state_with_attempts_round_trips(self, unit_of_work: UnitOfWorkFactory) -> None:
        delivery = make_delivery()
        add(unit_of_work, delivery)
        for number, result in enumerate([LATER, LATER, REJECTED]):
            claimed = delivery.claim(NOW + number * DAY)
            assert replace(unit_of_work, claimed, delivery.epoch)
            delivery = claimed.record_result(result, NOW + number * DAY + MICROSECOND, 0.5)
            assert replace(unit_of_work, delivery, claimed.epoch)
            assert get(unit_of_work) == delivery
        assert delivery.state is DeliveryState.FAILED

    def test_stale_epoch_stores_nothing(self, unit_of_work: UnitOfWorkFactory) -> None:
        delivery = make_delivery()
        add(unit_of_work, delivery)
        claimed = delivery.claim(NOW)
        assert replace(unit_of_work, claimed, delivery.epoch)
        late = delivery.claim(NOW + DAY)
        assert not replace(unit_of_work, late, delivery.epoch)
        assert get(unit_of_work) == claimed

    def test_earliest_due_message_comes_first(self, unit_of_work: UnitOfWorkFactory) -> None:
        later, first, future = (
            make_delivery(name, due_at=NOW + wait)
            for name, wait in (("m-1", timedelta(0)), ("m-2", -DAY), ("m-3", MICROSECOND))
        )
        add(unit_of_work, later, first, future, make_delivery("m-4").cancelled())
        with unit_of_work() as tx:
            assert tx.deliveries.find_due(NOW, Channel.MAIL) == first
            assert tx.deliveries.replace(first.claim(NOW), epoch=0)
            assert tx.deliveries.find_due(NOW, Channel.MAIL) == later
            assert tx.deliveries.replace(later.claim(NOW), epoch=0)
            assert tx.deliveries.find_due(NOW, Channel.MAIL) is None

    def test_due_messages_are_filtered(self, unit_of_work: UnitOfWorkFactory) -> None:
        mail = make_delivery("m-1")
        first, second = (make_event(f"e-{n}", f"endpoint-{n}", due_at=NOW - n * DAY) for n in (1, 2))
        add(unit_of_work, mail, first, second)
        with unit_of_work() as tx:
            assert tx.deliveries.find_due(NOW, Channel.MAIL) == mail
            assert tx.deliveries.find_due(NOW, Channel.WEBHOOK) == second
            assert tx.deliveries.find_due(NOW, Channel.WEBHOOK, "endpoint-1") == first
            assert tx.deliveries.find_due(NOW, Channel.WEBHOOK, "endpoint-3") is None

    def test_channel_is_independent_of_the_event(self, unit_of_work: UnitOfWorkFactory) -> None:
        delivery = make_delivery("m-1", kind=DeliveryKind.LEAD_CREATED, channel=Channel.MAIL)
        add(unit_of_work, delivery)
        with unit_of_work() as tx:
            assert tx.deliveries.find_due(NOW, Channel.MAIL) == delivery
            assert tx.deliveries.find_due(NOW, Channel.WEBHOOK) is None

    def test_pending_messages_can_be_found_early(self, unit_of_work: UnitOfWorkFactory) -> None:
        waits = make_event("e-1", due_at=NOW + DAY)
        hangs = make_event("e-2", due_at=NOW)
        add(unit_of_work, waits, hangs, make_event("e-3", due_at=None), make_event("e-4", "endpoint-2"))
        assert replace(unit_of_work, hangs.claim(NOW), 0)
        later = NOW + LEASE
        with unit_of_work() as tx:
            assert tx.deliveries.find_due(NOW, Channel.WEBHOOK, "endpoint-1") is None
            assert tx.deliveries.find_due(NOW, Channel.WEBHOOK, "endpoint-1", include_waiting=True) == waits
            assert tx.deliveries.replace(waits.claim(later), epoch=0)
            assert tx.deliveries.find_due(NOW, Channel.WEBHOOK, "endpoint-1", include_waiting=True) is None
            abandoned = tx.deliveries.find_due(later, Channel.WEBHOOK, "endpoint-1", include_waiting=True)
        assert abandoned is not None
        assert abandoned.id == hangs.id

    def test_pending_recipients_are_listed(self, unit_of_work: UnitOfWorkFactory) -> None:
        sending = make_event("e-1", "endpoint-1")
        future = [make_event(f"e-{n}", "endpoint-2", due_at=NOW + DAY) for n in (2, 3)]
        add(unit_of_work, sending, *future, make_event("e-4", "endpoint-3").cancelled(), make_delivery("m-1"))
        replace(unit_of_work, sending.claim(NOW), 0)
        with unit_of_work.read_only() as tx:
            assert tx.deliveries.waiting_recipients(Channel.WEBHOOK) == {"endpoint-1", "endpoint-2"}
            assert tx.deliveries.waiting_recipients(Channel.MAIL) == {"ann@example.com"}

    def test_abandoned_last_attempt_is_found_after_its_lease(self, unit_of_work: UnitOfWorkFactory) -> None:
        delivery = make_delivery()
        add(unit_of_work, delivery)
        while not delivery.is_exhausted(NOW + LEASE):
            claimed = delivery.claim(NOW + LEASE if delivery.attempts else NOW)
            claimed = evolve(claimed, leased_until=NOW + LEASE)
            replace(unit_of_work, claimed, delivery.epoch)
            delivery = claimed
        with unit_of_work() as tx:
            assert tx.deliveries.find_due(NOW + LEASE - MICROSECOND, Channel.MAIL) is None
            assert tx.deliveries.find_due(NOW + LEASE, Channel.MAIL) == delivery

    def test_abandoned_claim_is_due_after_its_lease(self, unit_of_work: UnitOfWorkFactory) -> None:
        delivery = make_delivery()
        add(unit_of_work, delivery)
        replace(unit_of_work, delivery.claim(NOW), 0)
        with unit_of_work() as tx:
            assert tx.deliveries.find_due(NOW + LEASE - MICROSECOND, Channel.MAIL) is None
            found = tx.deliveries.find_due(NOW + LEASE, Channel.MAIL)
        assert found is not None
        assert found.with_expired_lease_closed(NOW + LEASE).attempts[-1].outcome is Outcome.UNKNOWN

    def test_oldest_due_time_is_reported(self, unit_of_work: UnitOfWorkFactory) -> None:
        def oldest_due(now: datetime) -> datetime | None:
            with unit_of_work.read_only() as tx:
                return tx.deliveries.due_since(now)

        assert oldest_due(NOW) is None
        add(unit_of_work, make_delivery("m-1", due_at=NOW), make_delivery("m-2", due_at=NOW + DAY))
        add(unit_of_work, make_delivery("m-3").cancelled())
        assert oldest_due(NOW - MICROSECOND) is None
        assert oldest_due(NOW) == oldest_due(NOW + DAY) == NOW
        assert replace(unit_of_work, get(unit_of_work).claim(NOW), 0)
        assert oldest_due(NOW + LEASE - MICROSECOND) is None
        assert oldest_due(NOW + LEASE) == oldest_due(NOW + DAY) == NOW + LEASE

    def test_open_messages_are_counted(self, unit_of_work: UnitOfWorkFactory) -> None:
        def counts() -> list[int]:
            with unit_of_work.read_only() as tx:
                counted = tx.deliveries.count_open()
            return [
                counted[state]
                for state in (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.FAILED)
            ]

        assert counts() == [0, 0, 0]
        add(unit_of_work, *map(make_delivery, ("m-1", "m-2", "m-3")), make_delivery("m-4").cancelled())
        assert counts() == [3, 0, 0]
        claimed = make_delivery("m-1").claim(NOW)
        assert replace(unit_of_work, claimed, 0)
        assert counts() == [2, 1, 0]
        assert replace(unit_of_work, claimed.record_result(REJECTED, NOW, 0.5), claimed.epoch)
        assert counts() == [2, 0, 1]

    def test_concurrent_claims_get_distinct_messages(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, *(make_delivery(f"m-{number}") for number in range(THREADS)))

        def claim(_number: int) -> str | None:
            for _ in range(THREADS):  # on some stores two may reach for the same one at the same moment
                with unit_of_work() as tx:
                    found = tx.deliveries.find_due(NOW, Channel.MAIL)
                    if found is not None and tx.deliveries.replace(found.claim(NOW), epoch=found.epoch):
                        tx.commit()
                        return found.id
            return None

        assert sorted(str(one) for one in run_in_threads(THREADS, claim)) == [
            f"m-{n}" for n in range(THREADS)
        ]

    def test_only_genuine_acknowledgements_count(self, unit_of_work: UnitOfWorkFactory) -> None:
        acknowledged = make_delivery("m-1", recipient_key="acknowledged@x.example")
        cancelled = make_delivery("m-2", recipient_key="cancelled@x.example").cancelled()
        notified = make_delivery("m-3", recipient_key="staff@x.example", kind=DeliveryKind.NOTIFICATION)
        add(unit_of_work, acknowledged, cancelled, notified)

        def acknowledge(delivery_id: str, recipient_key: str, since: datetime) -> Delivery:
            with unit_of_work() as tx:
                tx.deliveries.acknowledge(make_delivery(delivery_id, recipient_key=recipient_key), since)
                tx.commit()
            with unit_of_work.read_only() as tx:
                return tx.deliveries.get(delivery_id)

        again = acknowledge("m-4", "acknowledged@x.example", NOW - MICROSECOND)
        assert again == make_delivery("m-4", recipient_key="acknowledged@x.example").cancelled()
        assert acknowledge("m-5", "acknowledged@x.example", NOW).state is DeliveryState.PENDING
        for number, other in enumerate(("cancelled@x.example", "staff@x.example", "unknown@x.example")):
            delivery = acknowledge(f"m-{6 + number}", other, NOW - DAY)
            assert delivery == make_delivery(delivery.id, recipient_key=other)
