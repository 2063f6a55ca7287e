"""The requests of the benchmark clients."""

import itertools
import secrets
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from urllib.parse import urlencode

import orjson

from tests.bench.load import Load, RequestSpec, drive, request
from tests.bench.targets.subjects import Server


class WrongResponses(Exception):
    """A server responded wrongly or not at all, so its speed means nothing."""


UNKNOWN_INPUTS: Mapping[str, str] = MappingProxyType(
    {
        "interest": "a new kitchen",
        "preferred_day": "Tuesday",
        "customer_number": "KD-2026-04711",
        "page_url": "https://example.com/contact?x=1",
        "website": "https://www.example.net/",
        "budget": "10000-20000",
        "company": "Example Ltd",
        "city": "London",
        "postcode": "EC1A 1BB",
        "country": "United Kingdom",
        "service": "Consulting",
        "best_time": "mornings",
        "how_heard": "a friend",
        "newsletter": "yes",
        "employees": "11-50",
        "industry": "Construction",
        "timeline": "within a month",
        "form_id": "contact-7",
        "ab_variant": "B",
        "screen": "1920x1080",
    }
)
"""20 inputs that are no fields of a lead and become answers."""


def leads(more: Mapping[str, str] = MappingProxyType({})) -> Iterator[RequestSpec]:
    """Yield requests with new leads without end, each with a different address and with ``more`` inputs."""
    run = secrets.token_hex(4)
    for number in itertools.count():
        email = f"p{number}.{run}@example.com"
        body = orjson.dumps(
            {
                "first_name": "Ada",
                "last_name": f"Lovelace {number % 997}",
                "email": email,
                "phone": f"+44 20 79{number % 1_000_000:06}",
                "message": "I would like to know what this costs, and when we can begin.",
                "source": "website",
                **more,
            }
        )
        yield RequestSpec(request("POST", "/leads", body), 201, email.encode())


def pages(paths: list[str], api_key: str, needle: bytes = b'"email"') -> Iterator[RequestSpec]:
    """Yield requests for the pages repeatedly, without end."""
    specs = [
        RequestSpec(request("GET", path, headers=[f"X-API-Key: {api_key}"]), 200, needle) for path in paths
    ]
    return itertools.cycle(specs)


def page_path(**query: object) -> str:
    """Return the path of a page of leads."""
    return f"/leads?{urlencode(query)}"


def checked(server: Server, specs: Iterator[RequestSpec], *, connections: int, seconds: float) -> Load:
    """Run a round of requests and check the responses.

    Raises:
        WrongResponses: not every answer is right.
    """
    load = drive(server.port, specs, connections=connections, seconds=seconds)
    if load.wrong or load.broken or not load.responses:
        shown = [(response.status, response.body[:300]) for response in load.wrong[:3]]
        message = f"{len(load.wrong)} wrong answers and {load.broken} broken connections, such as {shown}"
        raise WrongResponses(message)
    return load
