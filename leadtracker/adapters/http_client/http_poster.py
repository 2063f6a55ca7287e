"""One POST to another system, and what its result means.

An attempt is one POST: up to 5 seconds to connect, 30 seconds in all, no redirects. Its outcome depends on
how far it came: without a connection nothing was sent; with a response its status decides; in between the
outcome is unknown.
"""

import asyncio
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from urllib.parse import urlsplit

import httpx
from attrs import field, frozen

from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.ports.system import Clock

_MAX_RESPONSE_BYTES = 64 * 1024
_RETRY_STATUSES = frozenset({408, 425, 429})
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
    """URL, body and headers of a POST; the URL and the headers may hold secrets."""

    url: str = field(repr=False)
    body: bytes
    headers: Mapping[str, str] = field(repr=False)

    @property
    def host(self) -> str:
        """The host name, the only part of the URL that may be logged."""
        return urlsplit(self.url).hostname or ""


@cache
def trusted_certificates() -> ssl.SSLContext:
    """Return the certificates that are trusted; reading their files takes longer than many requests."""
    return httpx.create_ssl_context()


class HttpPoster:
    """Sends POST requests; network errors become outcomes, never exceptions. Threads may share a poster.

    Errors of httpx hold URLs, so a result names only the type of the error and the host.

    Args:
        connect_seconds: limit for connecting, TLS included.
        total_seconds: limit of one attempt; half of a delivery's lease.
    """

    def __init__(self, clock: Clock, *, connect_seconds: float = 5.0, total_seconds: float = 30.0) -> None:
        self._clock = clock
        self._timeout = httpx.Timeout(total_seconds, connect=connect_seconds)
        self._total_seconds = total_seconds
        self._certificates = trusted_certificates()

    def post(self, request: OutboundRequest) -> DeliveryResult:
        """Send the request once.

        Status 2xx is ``DELIVERED``; 408, 425, 429 and 5xx are ``RETRY``; any other status is ``REJECTED``.
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
        """Send the request; append the response as soon as its head has arrived."""
        async with (
            httpx.AsyncClient(
                timeout=self._timeout, follow_redirects=False, verify=self._certificates
            ) as client,
            client.stream("POST", request.url, content=request.body, headers=request.headers) as response,
        ):
            responses.append(response)
            await _read_bounded(response)

    def _result(self, request: OutboundRequest, response: httpx.Response) -> DeliveryResult:
        return DeliveryResult(
            outcome=_outcome_of(response.status_code),
            status=response.status_code,
            detail=AttemptDetail(DetailCode.HTTP_ANSWERED, host=request.host),
            retry_after=_retry_after(response.headers.get("Retry-After"), self._clock.now()),
        )


def _no_response(outcome: Outcome, request: OutboundRequest, error: Exception) -> DeliveryResult:
    detail = AttemptDetail(DetailCode.HTTP_UNANSWERED, host=request.host, error=type(error).__name__)
    return DeliveryResult(outcome=outcome, detail=detail)


async def _read_bounded(response: httpx.Response) -> None:
    """Read a short response to its end, so that the receiver sees no reset; cut off a long one."""
    read = 0
    async for chunk in response.aiter_raw(chunk_size=8192):
        read += len(chunk)
        if read >= _MAX_RESPONSE_BYTES:
            return


def _outcome_of(status: int) -> Outcome:
    if httpx.codes.is_success(status):
        return Outcome.DELIVERED
    if status in _RETRY_STATUSES or httpx.codes.is_server_error(status):
        return Outcome.RETRY
    return Outcome.REJECTED


def _retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Parse a Retry-After header (RFC 9110, section 10.2.3), seconds or a date; ignore an invalid one."""
    if value is None:
        return None
    try:
        if value.strip().isdecimal():
            return timedelta(seconds=int(value))
        return parsedate_to_datetime(value).replace(tzinfo=UTC) - now
    except (ValueError, OverflowError):
        return None
