"""What ``Outbox`` promises."""

from datetime import datetime, timedelta

import pytest
from attrs import evolve

from leadtracker.domain.errors import MessageNotFound
from leadtracker.domain.model.deliveries.deliverable import LEASE, DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.delivery import Channel, Message, MessageKind, MessageState
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.builders import make_event, make_message
from tests.support.clock import DAY, MICROSECOND, NOW
from tests.support.concurrency import in_threads

THREADS = 8
REFUSED = DeliveryResult(outcome=Outcome.REFUSED, status=550, detail="x.example answered 550")
LATER = DeliveryResult(outcome=Outcome.RETRY, status=451, detail="x.example answered 451")


def add(unit_of_work: UnitOfWorkFactory, *messages: Message) -> None:
    """Commit messages."""
    with unit_of_work() as tx:
        tx.outbox.add(messages)
        tx.commit()


def replace(unit_of_work: UnitOfWorkFactory, message: Message, epoch: int) -> bool:
    """Commit the new state of a message, if that was its epoch."""
    with unit_of_work() as tx:
        replaced = tx.outbox.replace(message, epoch=epoch)
        tx.commit()
    return replaced


def get(unit_of_work: UnitOfWorkFactory, message_id: str = "m-1") -> Message:
    """A committed message."""
    with unit_of_work.read_only() as tx:
        return tx.outbox.get(message_id)


class OutboxContract:
    """Needs the fixture ``unit_of_work``: a factory on an empty store, to be used by many threads."""

    @pytest.mark.parametrize(
        "message",
        [
            make_message(),
            make_message(
                kind=MessageKind.FOLLOW_UP, recipient="Zoë@Bücher.example", text="Hi,\r\n'\" % _ \\ 🦊 ?"
            ),
            make_message().suppressed(),
            make_message(kind=MessageKind.REMINDER, follow_up_id="follow-up-1"),
            make_message(kind=MessageKind.DIGEST, lead_id=None),
            make_event("m-1", text='{"data":{"last_name":"Zoë \\" 🦊"}}'),
        ],
        ids=["least", "most", "suppressed", "reminder", "digest", "webhook"],
    )
    def test_a_message_comes_back_as_it_was_stored(
        self, unit_of_work: UnitOfWorkFactory, message: Message
    ) -> None:
        add(unit_of_work, message)
        assert get(unit_of_work) == message

    def test_an_unknown_id_is_not_found(self, unit_of_work: UnitOfWorkFactory) -> None:
        with pytest.raises(MessageNotFound):
            get(unit_of_work, "nobody")

    def test_every_step_with_its_attempts_comes_back(self, unit_of_work: UnitOfWorkFactory) -> None:
        message = make_message()
        add(unit_of_work, message)
        for number, result in enumerate([LATER, LATER, REFUSED]):
            claimed = message.claim(NOW + number * DAY)
            assert replace(unit_of_work, claimed, message.epoch)
            message = claimed.settle(result, NOW + number * DAY + MICROSECOND, 0.5)
            assert replace(unit_of_work, message, claimed.epoch)
            assert get(unit_of_work) == message
        assert message.state is MessageState.DEAD

    def test_who_knows_an_older_epoch_stores_nothing(self, unit_of_work: UnitOfWorkFactory) -> None:
        message = make_message()
        add(unit_of_work, message)
        claimed = message.claim(NOW)
        assert replace(unit_of_work, claimed, message.epoch)
        late = message.claim(NOW + DAY)
        assert not replace(unit_of_work, late, message.epoch)
        assert get(unit_of_work) == claimed

    def test_what_was_due_first_is_found_first(self, unit_of_work: UnitOfWorkFactory) -> None:
        later, first, future = (
            make_message(name, due_at=NOW + wait)
            for name, wait in (("m-1", timedelta(0)), ("m-2", -DAY), ("m-3", MICROSECOND))
        )
        add(unit_of_work, later, first, future, make_message("m-4").suppressed())
        with unit_of_work() as tx:
            assert tx.outbox.find_due(NOW, Channel.MAIL) == first
            assert tx.outbox.replace(first.claim(NOW), epoch=0)
            assert tx.outbox.find_due(NOW, Channel.MAIL) == later
            assert tx.outbox.replace(later.claim(NOW), epoch=0)
            assert tx.outbox.find_due(NOW, Channel.MAIL) is None

    def test_what_is_due_is_found_by_its_way_and_its_recipient(self, unit_of_work: UnitOfWorkFactory) -> None:
        mail = make_message("m-1")
        first, second = (make_event(f"e-{n}", f"endpoint-{n}", due_at=NOW - n * DAY) for n in (1, 2))
        add(unit_of_work, mail, first, second)
        with unit_of_work() as tx:
            assert tx.outbox.find_due(NOW, Channel.MAIL) == mail
            assert tx.outbox.find_due(NOW, Channel.WEBHOOK) == second
            assert tx.outbox.find_due(NOW, Channel.WEBHOOK, "endpoint-1") == first
            assert tx.outbox.find_due(NOW, Channel.WEBHOOK, "endpoint-3") is None

    def test_what_waits_can_be_found_before_it_is_due_but_not_what_is_being_sent(
        self, unit_of_work: UnitOfWorkFactory
    ) -> None:
        waits = make_event("e-1", due_at=NOW + DAY)
        hangs = make_event("e-2", due_at=NOW)
        add(unit_of_work, waits, hangs, make_event("e-3", due_at=None), make_event("e-4", "endpoint-2"))
        assert replace(unit_of_work, hangs.claim(NOW), 0)
        later = NOW + LEASE
        with unit_of_work() as tx:
            assert tx.outbox.find_due(NOW, Channel.WEBHOOK, "endpoint-1") is None
            assert tx.outbox.find_due(NOW, Channel.WEBHOOK, "endpoint-1", early=True) == waits
            assert tx.outbox.replace(waits.claim(later), epoch=0)
            assert tx.outbox.find_due(NOW, Channel.WEBHOOK, "endpoint-1", early=True) is None
            abandoned = tx.outbox.find_due(later, Channel.WEBHOOK, "endpoint-1", early=True)
        assert abandoned is not None
        assert abandoned.id == hangs.id

    def test_it_knows_to_whom_something_waits_or_is_on_its_way(self, unit_of_work: UnitOfWorkFactory) -> None:
        sending = make_event("e-1", "endpoint-1")
        future = [make_event(f"e-{n}", "endpoint-2", due_at=NOW + DAY) for n in (2, 3)]
        add(unit_of_work, sending, *future, make_event("e-4", "endpoint-3").suppressed(), make_message("m-1"))
        replace(unit_of_work, sending.claim(NOW), 0)
        with unit_of_work.read_only() as tx:
            assert tx.outbox.waiting_recipients(Channel.WEBHOOK) == {"endpoint-1", "endpoint-2"}
            assert tx.outbox.waiting_recipients(Channel.MAIL) == {"ann@example.com"}

    def test_a_claim_that_was_abandoned_is_found_after_its_lease_and_backoff(
        self, unit_of_work: UnitOfWorkFactory
    ) -> None:
        message = make_message()
        add(unit_of_work, message)
        replace(unit_of_work, message.claim(NOW), 0)
        with unit_of_work() as tx:
            assert tx.outbox.find_due(NOW + LEASE - MICROSECOND, Channel.MAIL) is None
            found = tx.outbox.find_due(NOW + LEASE, Channel.MAIL)
        assert found is not None
        assert found.as_of(NOW + LEASE).attempts[-1].outcome is Outcome.UNKNOWN

    def test_since_when_something_is_due_is_told(self, unit_of_work: UnitOfWorkFactory) -> None:
        def told(now: datetime) -> datetime | None:
            with unit_of_work.read_only() as tx:
                return tx.outbox.due_since(now)

        assert told(NOW) is None
        add(unit_of_work, make_message("m-1", due_at=NOW), make_message("m-2", due_at=NOW + DAY))
        add(unit_of_work, make_message("m-3").suppressed())
        assert told(NOW - MICROSECOND) is None
        assert told(NOW) == told(NOW + DAY) == NOW
        assert replace(unit_of_work, get(unit_of_work).claim(NOW), 0)
        assert told(NOW + LEASE - MICROSECOND) is None
        assert told(NOW + LEASE) == told(NOW + DAY) == NOW + LEASE

    def test_messages_that_somebody_waits_for_are_counted(self, unit_of_work: UnitOfWorkFactory) -> None:
        def told() -> list[int]:
            with unit_of_work.read_only() as tx:
                counted = tx.outbox.unfinished()
            return [
                counted[state] for state in (MessageState.PENDING, MessageState.SENDING, MessageState.DEAD)
            ]

        assert told() == [0, 0, 0]
        add(unit_of_work, *map(make_message, ("m-1", "m-2", "m-3")), make_message("m-4").suppressed())
        assert told() == [3, 0, 0]
        claimed = make_message("m-1").claim(NOW)
        assert replace(unit_of_work, claimed, 0)
        assert told() == [2, 1, 0]
        assert replace(unit_of_work, claimed.settle(REFUSED, NOW, 0.5), claimed.epoch)
        assert told() == [2, 0, 1]

    def test_of_many_threads_each_claims_another_message(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, *(make_message(f"m-{number}") for number in range(THREADS)))

        def claim(_number: int) -> str | None:
            for _ in range(THREADS):  # on some stores two may reach for the same one at the same moment
                with unit_of_work() as tx:
                    found = tx.outbox.find_due(NOW, Channel.MAIL)
                    if found is not None and tx.outbox.replace(found.claim(NOW), epoch=found.epoch):
                        tx.commit()
                        return found.id
            return None

        assert sorted(str(one) for one in in_threads(THREADS, claim)) == [f"m-{n}" for n in range(THREADS)]

    def test_pages_show_every_message_once_the_latest_first(self, unit_of_work: UnitOfWorkFactory) -> None:
        messages = [make_message(f"m-{n}", created_at=NOW + (n // 2) * MICROSECOND) for n in range(7)]
        add(unit_of_work, *messages)
        seen, after = list[Message](), None
        with unit_of_work.read_only() as tx:
            for _ in range(9):
                page = tx.outbox.page(None, limit=2, after=after)
                seen += page.messages
                after = page.next
                if after is None:
                    break
        assert seen == messages[::-1]

    def test_a_page_of_one_state_has_no_others(self, unit_of_work: UnitOfWorkFactory) -> None:
        silent = make_message("m-2").suppressed()
        add(unit_of_work, make_message("m-1"), silent)
        with unit_of_work.read_only() as tx:
            assert tx.outbox.page(MessageState.SUPPRESSED, limit=9).messages == (silent,)
            assert tx.outbox.page(MessageState.DEAD, limit=9).messages == ()

    def test_only_an_acknowledgement_that_was_meant_counts_as_one(
        self, unit_of_work: UnitOfWorkFactory
    ) -> None:
        told = make_message("m-1", recipient_key="told@x.example")
        silent = make_message("m-2", recipient_key="silent@x.example").suppressed()
        staff = make_message("m-3", recipient_key="staff@x.example", kind=MessageKind.NOTIFICATION)
        add(unit_of_work, told, silent, staff)

        def acknowledge(message_id: str, recipient_key: str, since: datetime) -> Message:
            with unit_of_work() as tx:
                tx.outbox.acknowledge(make_message(message_id, recipient_key=recipient_key), since)
                tx.commit()
            with unit_of_work.read_only() as tx:
                return tx.outbox.get(message_id)

        again = acknowledge("m-4", "told@x.example", NOW - MICROSECOND)
        assert again == make_message("m-4", recipient_key="told@x.example").suppressed()
        assert acknowledge("m-5", "told@x.example", NOW).state is MessageState.PENDING
        for number, other in enumerate(("silent@x.example", "staff@x.example", "nobody@x.example")):
            message = acknowledge(f"m-{6 + number}", other, NOW - DAY)
            assert message == make_message(message.id, recipient_key=other)

    def test_the_messages_about_a_lead_go_with_it(self, unit_of_work: UnitOfWorkFactory) -> None:
        about, other = make_message("m-1"), make_message("m-2", lead_id="lead-2")
        digest = make_message("m-3", lead_id=None)
        add(unit_of_work, about, other, digest)
        claimed = about.claim(NOW)
        replace(unit_of_work, claimed, 0)
        with unit_of_work() as tx:
            tx.outbox.erase("lead-1")
            tx.commit()
        settled = evolve(claimed, epoch=9)
        assert not replace(unit_of_work, settled, claimed.epoch)
        with unit_of_work.read_only() as tx:
            assert tx.outbox.page(None, limit=9).messages == (digest, other)
