"""One POST to another program.

One attempt is one POST: up to 5 seconds to connect, 30 seconds in all, no redirects. What an attempt means is
decided by how far it got: before the connection stood nothing was sent; after an answer its status decides;
in between nobody can know.
"""

import asyncio
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx
from attrs import field, frozen

from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.ports.clock import Clock

_MAX_RESPONSE_BYTES = 64 * 1024
_ASKS_FOR_RETRY = frozenset({408, 425, 429})
_NOTHING_WAS_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.InvalidURL,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


@frozen
class OutboundRequest:
    """What is sent, and where to; the URL and the headers may hold secrets."""

    url: str = field(repr=False)
    body: bytes
    headers: Mapping[str, str] = field(repr=False)

    @property
    def host(self) -> str:
        """What may be told of the URL."""
        return urlsplit(self.url).hostname or ""


class HttpPoster:
    """Posts and says how it went, whatever goes wrong outside; may be shared by threads.

    httpx puts URLs into its errors; so nothing of an error leaves this class but its kind, and of the URL
    only the host.

    Args:
        connect_seconds: how long the connection, with TLS, may take to stand.
        total_seconds: how long an attempt may take in all; the lease of a delivery is twice as long.
    """

    def __init__(self, clock: Clock, *, connect_seconds: float = 5.0, total_seconds: float = 30.0) -> None:
        self._clock = clock
        self._timeout = httpx.Timeout(total_seconds, connect=connect_seconds)
        self._total_seconds = total_seconds
        self._certificates: ssl.SSLContext = httpx.create_ssl_context()  # reading them takes a while

    def post(self, request: OutboundRequest) -> DeliveryResult:
        """Try once.

        ``DELIVERED`` is a 2xx; ``RETRY`` is 408, 425, 429 or a 5xx; ``REJECTED`` any other status.
        """
        return asyncio.run(self._post(request))

    async def _post(self, request: OutboundRequest) -> DeliveryResult:
        responses: list[httpx.Response] = []
        try:
            async with asyncio.timeout(self._total_seconds):
                await self._send(request, responses)
        except _NOTHING_WAS_SENT as error:
            return _no_response(Outcome.NOT_SENT, request, error)
        except (httpx.TransportError, TimeoutError) as error:
            if not responses:
                return _no_response(Outcome.UNKNOWN, request, error)
        return self._result(request, responses[0])

    async def _send(self, request: OutboundRequest, responses: list[httpx.Response]) -> None:
        """Send everything and note the answer as soon as its head is there."""
        async with (
            httpx.AsyncClient(
                timeout=self._timeout, follow_redirects=False, verify=self._certificates
            ) as client,
            client.stream("POST", request.url, content=request.body, headers=request.headers) as response,
        ):
            responses.append(response)
            await _read_politely(response)

    def _result(self, request: OutboundRequest, response: httpx.Response) -> DeliveryResult:
        return DeliveryResult(
            outcome=_outcome_of(response.status_code),
            status=response.status_code,
            detail=f"{request.host} answered {response.status_code}",
            retry_after=_retry_after(response.headers.get("Retry-After"), self._clock.now()),
        )


def _no_response(outcome: Outcome, request: OutboundRequest, error: Exception) -> DeliveryResult:
    return DeliveryResult(outcome=outcome, detail=f"{type(error).__name__} at {request.host}")


async def _read_politely(response: httpx.Response) -> None:
    """Let the receiver finish a short answer; a long one is cut off."""
    read = 0
    async for chunk in response.aiter_raw(chunk_size=8192):
        read += len(chunk)
        if read >= _MAX_RESPONSE_BYTES:
            return


def _outcome_of(status: int) -> Outcome:
    if httpx.codes.is_success(status):
        return Outcome.DELIVERED
    if status in _ASKS_FOR_RETRY or httpx.codes.is_server_error(status):
        return Outcome.RETRY
    return Outcome.REJECTED


def _retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Read a Retry-After header (RFC 9110, section 10.2.3): seconds or a date; nonsense counts as absent."""
    if value is None:
        return None
    try:
        if value.strip().isdecimal():
            return timedelta(seconds=int(value))
        return parsedate_to_datetime(value).replace(tzinfo=UTC) - now
    except (ValueError, OverflowError):
        return None
