"""Enqueue reminders of the follow-ups that have come due."""

from collections.abc import Iterator

from attrs import frozen

from leadtracker.domain.model.accounts.account import user_name_of
from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications

_MAX_BATCH_SIZE = 100


@frozen
class Reminded:
    """A follow-up that is marked as reminded, and the number of its mails; 0 if it has no recipient."""

    follow_up: FollowUp
    mails: int


@frozen(kw_only=True)
class RemindFollowUps:
    """Enqueue one reminder of each due follow-up to each recipient; called by every scheduler.

    A follow-up is marked as reminded in the transaction that enqueues its mails. So it is reminded once,
    however many schedulers run, and however long none ran.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _notifications: Notifications

    def __call__(self) -> Iterator[list[Reminded]]:
        """Yield the reminded follow-ups of each transaction until none is due; the next starts on demand."""
        while reminded := self._remind_batch():
            yield reminded

    def _remind_batch(self) -> list[Reminded]:
        now = self._clock.now()
        with self._unit_of_work() as tx:
            follow_ups = tx.follow_ups.claim_unreminded(now, limit=_MAX_BATCH_SIZE)
            owners = tx.leads.owners({one.lead_id for one in follow_ups})
            creators = {one.created_by: user_name_of(one.created_by) for one in follow_ups}
            addresses = {name: _address_of(tx, name) for name in {*owners.values(), *creators.values()}}
            reminded = [
                Reminded(
                    one,
                    self._notifications.follow_up_due(
                        tx,
                        one,
                        addresses.get(owners.get(one.lead_id)),
                        addresses[creators[one.created_by]],
                        now,
                    ),
                )
                for one in follow_ups
            ]
            tx.commit()
        return reminded


def _address_of(tx: UnitOfWork, user_name: str | None) -> EmailAddress | None:
    """Return the address of a user; None for users who cannot be reached, and for None."""
    user = None if user_name is None else tx.users.find(user_name)
    return None if user is None else user.reachable_at
