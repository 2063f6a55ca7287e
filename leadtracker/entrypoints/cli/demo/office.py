"""Play the weeks of the invented office: enquiries come, staff answer them, the scheduler does its jobs."""

import heapq
import random
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from types import MappingProxyType

from attrs import define, field

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, PUBLIC, Actor, Role
from leadtracker.domain.model.intake.submission import Submission
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.entrypoints.cli.demo.enquiries import STAFF_TEXTS, StaffTexts
from leadtracker.entrypoints.cli.demo.prospects import Prospect, enquiries, office_hours
from leadtracker.entrypoints.cli.demo.stand_ins import DiscardingEmailSender, DiscardingReportSink, SetClock
from leadtracker.i18n.languages import SOURCE_LANGUAGE

STAFF = (("ada", Role.ADMIN), ("ben", Role.AGENT), ("chloe", Role.AGENT), ("vic", Role.VIEWER))
_AGENTS = tuple(Actor(f"user:{name}", role) for name, role in STAFF if role is not Role.VIEWER)
_NUMBER_WAITING = 4  # of the latest enquiries, so that the pages always have new leads to show
_FIRST_REPORT_AFTER = timedelta(days=8)  # before that, the last closed week lies before the office opened
_SPAM = {
    "first_name": "Best",
    "last_name": "Offers",
    "email": "win@spam.example",
    "message": "You have won!!!",
}

Event = Callable[[], None]


@define
class Office:
    """The invented office, on the day on which it opens.

    Args:
        container: a separate container, whose clock and receivers this replaces.
        now: the end of the last week.
        weeks: for how long it has been open.
    """

    _container: Container
    _now: datetime
    _weeks: int
    _chance: random.Random = field(factory=lambda: random.Random(7))
    _clock: SetClock = field(init=False)
    _events: list[tuple[datetime, int, Event]] = field(factory=list, init=False)
    _number: "count[int]" = field(factory=count, init=False)
    _opened: datetime = field(init=False)
    _texts: StaffTexts = field(init=False)
    captured: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        start = (self._now - timedelta(weeks=self._weeks)).replace(hour=0, minute=0, second=0, microsecond=0)
        self._opened = start - timedelta(days=start.weekday())
        self._clock = SetClock(self._opened)
        language = self._container.settings().language
        self._texts = STAFF_TEXTS.get(language, STAFF_TEXTS[SOURCE_LANGUAGE])
        self._container.clock.override(self._clock)
        self._container.email_sender.override(DiscardingEmailSender())
        self._container.report_sink.override(DiscardingReportSink())

    def play(self) -> None:
        """Store what happens in the weeks before now, as it would have happened."""
        start = self._opened
        self._hire()
        prospects = enquiries(self._chance, start, self._now)
        number_answered = len(prospects) - _NUMBER_WAITING
        for number, prospect in enumerate(prospects):
            is_answered = number < number_answered
            self._plan(prospect.at, partial(self._receive, prospect, is_answered=is_answered))
        for hours in range(0, int((self._now - start) / timedelta(hours=1)), 3):
            self._plan(start + timedelta(hours=hours), self._run_scheduler)
        self._plan(self._now - timedelta(hours=30), self._receive_spam)
        while self._events:
            self._clock.time, _, happen = heapq.heappop(self._events)
            happen()
        self._clock.time = self._now
        self._run_scheduler()

    def _plan(self, at: datetime, event: Event) -> None:
        """Let something happen at ``at``; what would be in the future does not happen yet."""
        if at <= self._now:
            heapq.heappush(self._events, (at, next(self._number), event))

    def _hire(self) -> None:
        users, keys, ids = (
            self._container.manage_users(),
            self._container.manage_api_keys(),
            self._container.ids(),
        )
        known = {user.name for user in users.all(OPERATOR)}
        for name, role in STAFF:
            if name not in known:
                users.add(OPERATOR, name, role, ids.secret(), f"{name}@firm.example")
        if not keys.all(OPERATOR):
            keys.add(OPERATOR, "website", Role.AGENT)

    def _receive(self, prospect: Prospect, *, is_answered: bool) -> None:
        lead = self._container.capture_lead()(PUBLIC, prospect.fields).lead
        self.captured += 1
        if lead.duplicate_of is None and is_answered:
            agent = self._chance.choice(_AGENTS)
            hours = self._chance.lognormvariate(1.8, 0.9)
            at = office_hours(prospect.at + timedelta(hours=hours))
            self._plan(at, lambda: self._answer(agent, lead.id))

    def _answer(self, agent: Actor, lead_id: str) -> None:
        """Claim a lead, contact the prospect for the first time, and schedule the follow-up."""
        if self._container.get_lead()(agent, lead_id).owner is None:
            self._container.claim_lead()(agent, lead_id)
        if self._chance.random() < 0.5:  # by mail or by phone
            self._follow_up(agent, lead_id, {"message": self._chance.choice(self._texts.replies)})
        else:
            self._container.add_note()(agent, lead_id, {"note": self._chance.choice(self._texts.notes)})
        self._move(agent, lead_id, LeadState.REACHED_OUT)
        due_at = office_hours(self._clock.time + timedelta(days=self._chance.randrange(1, 6)))
        follow_up = {"due_at": due_at.isoformat(), "note": self._chance.choice(self._texts.plans)}
        self._follow_up(agent, lead_id, follow_up)
        late = timedelta(hours=self._chance.choice((1, 2, 4, 30)))
        self._plan(office_hours(due_at + late), lambda: self._pursue(agent, lead_id))

    def _pursue(self, agent: Actor, lead_id: str) -> None:
        """Do the scheduled follow-up, and decide what becomes of the lead."""
        self._follow_up(agent, lead_id, {"note": self._chance.choice(self._texts.notes)})
        outcome = self._chance.choices(
            (LeadState.CONVERTED, LeadState.LOST, LeadState.REACHED_OUT), (45, 30, 25)
        )[0]
        if outcome is not LeadState.REACHED_OUT:
            is_lost = outcome is LeadState.LOST
            reason = {"lost_reason": self._chance.choice(self._texts.lost_reasons)} if is_lost else {}
            self._move(agent, lead_id, outcome, reason)
            return
        due_at = office_hours(self._clock.time + timedelta(days=self._chance.randrange(3, 12)))
        self._follow_up(
            agent, lead_id, {"due_at": due_at.isoformat(), "note": self._chance.choice(self._texts.plans)}
        )
        self._plan(due_at + timedelta(hours=3), lambda: self._pursue(agent, lead_id))

    def _follow_up(self, agent: Actor, lead_id: str, fields: Mapping[str, object]) -> None:
        self._container.record_follow_up()(agent, lead_id, fields)

    def _move(
        self, agent: Actor, lead_id: str, state: LeadState, fields: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        if self._container.get_lead()(agent, lead_id).state is not state:
            self._container.update_lead()(agent, lead_id, {"state": state.value, **fields})

    def _receive_spam(self) -> None:
        self._container.capture_lead()(PUBLIC, _SPAM, submission=Submission(filled_honeypot=True))

    def _run_scheduler(self) -> None:
        """Do what a scheduler does: seal and send reports, remind, and send mails."""
        container = self._container
        if self._clock.time >= self._opened + _FIRST_REPORT_AFTER:
            container.seal_weeks()()
        _exhaust(container.send_due_reports()())
        _exhaust(container.remind_follow_ups()())
        container.enqueue_digest()()
        _exhaust(container.deliver_notifications().mail(until=lambda: False))


def _exhaust(items: Iterable[object]) -> None:
    for _ in items:
        pass
