"""The outbox in memory."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from attrs import frozen

from leadtracker.domain.errors import MessageNotFound
from leadtracker.domain.model.deliveries.delivery import (
    UNFINISHED,
    Channel,
    Message,
    MessageKind,
    MessagePage,
    MessagePlace,
    MessageState,
)
from leadtracker.domain.ports.deliveries.delivery_repository import Outbox
from tests.support.memory.store import Transaction


@frozen
class MemoryOutbox(Outbox):
    """See the port for what it promises."""

    _transaction: Transaction

    def add(self, messages: Iterable[Message]) -> None:
        self._transaction.for_writing().messages.update({message.id: message for message in messages})

    def get(self, message_id: str) -> Message:
        message = self._transaction.tables.messages.get(message_id)
        if message is None:
            raise MessageNotFound(message_id)
        return message

    def find_due(
        self, now: datetime, channel: Channel, recipient_key: str | None = None, *, early: bool = False
    ) -> Message | None:
        due = [
            message
            for message in self._transaction.tables.messages.values()
            if message.channel is channel
            and recipient_key in {None, message.recipient_key}
            and (message.is_due(now) or (early and message.as_of(now).due_at is not None))
        ]
        return min(due, key=lambda message: message.as_of(now).due_at or now, default=None)

    def waiting_recipients(self, channel: Channel) -> frozenset[str]:
        return frozenset(
            message.recipient_key
            for message in self._transaction.tables.messages.values()
            if message.channel is channel and (message.due_at or message.leased_until)
        )

    def due_since(self, now: datetime) -> datetime | None:
        messages = self._transaction.tables.messages.values()
        waiting = (instant for message in messages for instant in (message.due_at, message.leased_until))
        return min((instant for instant in waiting if instant and instant <= now), default=None)

    def unfinished(self) -> Mapping[MessageState, int]:
        states = [message.state for message in self._transaction.tables.messages.values()]
        return {state: states.count(state) for state in UNFINISHED}

    def replace(self, message: Message, *, epoch: int) -> bool:
        messages = self._transaction.for_writing().messages
        if message.id not in messages or messages[message.id].epoch != epoch:
            return False
        messages[message.id] = message
        return True

    def page(
        self, state: MessageState | None, *, limit: int, after: MessagePlace | None = None
    ) -> MessagePage:
        found = [
            message
            for message in self._transaction.tables.messages.values()
            if state in {None, message.state}
            and (after is None or _place(message) < (after.created_at, after.message_id))
        ]
        return MessagePage.cut(sorted(found, key=_place, reverse=True), limit)

    def acknowledge(self, message: Message, since: datetime) -> None:
        has_earlier = any(
            earlier.kind is MessageKind.ACKNOWLEDGEMENT
            and earlier.recipient_key == message.recipient_key
            and earlier.created_at > since
            and earlier.state is not MessageState.SUPPRESSED
            for earlier in self._transaction.tables.messages.values()
        )
        self.add([message.suppressed() if has_earlier else message])

    def erase(self, lead_id: str) -> None:
        tables = self._transaction.for_writing()
        kept = {key: one for key, one in tables.messages.items() if one.lead_id != lead_id}
        tables.messages = kept


def _place(message: Message) -> tuple[datetime, str]:
    return message.created_at, message.id
