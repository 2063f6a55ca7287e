"""Invented leads of a small law firm over half a year, the same on every run."""

import csv
import io
import random
from datetime import UTC, datetime, timedelta

_FIRST = [
    "Ada",
    "Grace",
    "Alan",
    "Katherine",
    "Edsger",
    "Barbara",
    "Donald",
    "Margaret",
    "Tim",
    "Radia",
    "Dennis",
    "Hedy",
    "Linus",
    "Annie",
    "Ken",
    "Joan",
    "Niklaus",
    "Frances",
    "John",
    "Mary",
]
_LAST = [
    "Lovelace",
    "Hopper",
    "Turing",
    "Johnson",
    "Dijkstra",
    "Liskov",
    "Knuth",
    "Hamilton",
    "Perlman",
    "Ritchie",
    "Lamarr",
    "Easley",
    "Thompson",
    "Clarke",
    "Wirth",
    "Allen",
    "McCarthy",
    "Keller",
    "Okafor",
    "Yilmaz",
    "Nguyen",
    "Silva",
]
_SOURCES = ("google / cpc", "google / cpc", "website", "website", "website", "referral", "newsletter", "")
_MESSAGES = (
    "I was dismissed last week and would like to know whether that was lawful.",
    "Two of us want to found a company. What do we need to think of?",
    "My landlord keeps the deposit, though the flat was handed over in good order.",
    "I have a question about an inheritance abroad.",
    "Please call me in the afternoon, it is about a contract.",
    "",
)
_STATES = ("PENDING", "REACHED_OUT", "CONVERTED", "LOST")
_WEEKS = 26


def demo_csv(now: datetime) -> str:
    """Return a CSV file to import, with leads of the weeks before ``now``."""
    chance = random.Random(7)  # noqa: S311 - invented data, no secrets
    out = io.StringIO()
    write = csv.writer(out).writerow
    write(["first_name", "last_name", "email", "phone", "message", "source", "state", "created_at"])
    for number, created_at in enumerate(_times(chance, now)):
        first, last = chance.choice(_FIRST), chance.choice(_LAST)
        write(
            [
                first,
                last,
                f"{first}.{last}.{number}@example.com".lower(),
                chance.choice(["", f"+49 30 9018{number:04}"]),
                chance.choice(_MESSAGES),
                chance.choice(_SOURCES),
                chance.choices(_STATES, _weights((now - created_at).days))[0],
                created_at.astimezone(UTC).isoformat(),
            ]
        )
    return out.getvalue()


def _times(chance: random.Random, now: datetime) -> list[datetime]:
    start = now - timedelta(weeks=_WEEKS)
    times = [
        start + timedelta(weeks=week, hours=chance.random() * 168)
        for week in range(_WEEKS)
        for _ in range(12 + week + chance.randrange(12))
    ]
    return sorted(time for time in times if time < now)


def _weights(age_in_days: int) -> tuple[int, int, int, int]:
    """Return the weight of each state for a lead of that age."""
    if age_in_days > 21:
        return 0, 3, 5, 3
    return (3, 5, 2, 1) if age_in_days > 2 else (9, 1, 0, 0)
