"""Choose who writes to the invented office, when, and what becomes of it; the same on every run."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from attrs import evolve, field, frozen

from leadtracker.domain.model.leads.lead_file import Upload
from leadtracker.entrypoints.cli.demo.enquiries import CAMPAIGNS, ENQUIRIES, RESUME, SOURCES, Enquiries
from leadtracker.entrypoints.cli.demo.stand_ins import UNKNOWN_DOMAIN

_FIRST_WEEK, _GROWTH = 9, 1.0
_OPENS, _CLOSES = 9, 18
_SATURDAY = 5
_SPELLINGS = str.maketrans("äáàçéèíıłñóöúüûşïØ", "aaaceeiilnoouuusio") | {
    ord("ß"): "ss",
    ord("’"): "",
    ord(" "): "-",
}


@frozen
class Prospect:
    """One enquiry: when it comes, and the fields of the lead."""

    at: datetime
    fields: dict[str, object] = field(factory=dict)


def enquiries(chance: random.Random, start: datetime, end: datetime) -> list[Prospect]:
    """Return the enquiries between two times, slightly more each week, in the order in which they come."""
    times = sorted(_times(chance, start, end))
    found: list[Prospect] = []
    for number, at in enumerate(times):
        if found and chance.random() < 0.06:  # a person who writes again
            earlier = chance.choice(found)
            again = {"message": "I wrote to you before. Have you had time to look at it?", "resume": None}
            by_newsletter = {"source": "newsletter", **CAMPAIGNS["newsletter"]}
            found.append(evolve(earlier, at=at, fields=earlier.fields | again | by_newsletter))
        else:
            found.append(Prospect(at, _fields(chance, number)))
    return found


def office_hours(at: datetime) -> datetime:
    """Return when staff do what is due at ``at``: then, or on the next morning of a weekday."""
    if at.hour >= _CLOSES:
        at = (at + timedelta(days=1)).replace(hour=_OPENS)
    elif at.hour < _OPENS:
        at = at.replace(hour=_OPENS)
    return at + timedelta(days=7 - at.weekday()) if at.weekday() >= _SATURDAY else at


def _times(chance: random.Random, start: datetime, end: datetime) -> Iterator[datetime]:
    for week in range((end - start) // timedelta(weeks=1) + 1):
        for _ in range(_FIRST_WEEK + int(week * _GROWTH) + chance.randrange(5)):
            hour = min(max(chance.gauss(14, 4), 0.2), 23.8)
            at = start + timedelta(days=week * 7 + chance.choice((0, 0, 1, 1, 2, 2, 3, 3, 4, 5, 6)))
            at = at.replace(hour=0, minute=0) + timedelta(hours=hour)
            if start <= at < end:
                yield at


def _fields(chance: random.Random, number: int) -> dict[str, object]:
    group = chance.choices(ENQUIRIES, [one.share for one in ENQUIRIES])[0]
    first, last = chance.choice(group.first_names), chance.choice(group.last_names)
    domain = UNKNOWN_DOMAIN if number % 61 == 40 else chance.choice(("@example.com", "@example.org"))
    source = chance.choice(SOURCES)
    fields: dict[str, object] = {
        "first_name": first,
        "last_name": last,
        "email": f"{_ascii(first)}.{_ascii(last)}{number or ''}{domain}",
        "phone": _phone(chance, group, number),
        "message": chance.choice(group.messages),
        "source": source,
        **CAMPAIGNS.get(source, {}),
    }
    if chance.random() < 0.12:  # who sends a file
        content = RESUME.format(name=f"{first} {last}").encode()
        fields["resume"] = Upload(f"{_ascii(last)}.txt", content)
    return fields


def _phone(chance: random.Random, group: Enquiries, number: int) -> str | None:
    return f"{group.phone}{number % 1000:03}" if chance.random() < 0.7 else None  # who gives one


def _ascii(name: str) -> str:
    """Write a name as people do in their addresses."""
    return name.lower().translate(_SPELLINGS)
