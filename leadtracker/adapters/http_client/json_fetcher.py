"""Fetch JSON documents of another system, within limits of time and size."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import httpx
from attrs import field, frozen

from leadtracker.adapters.http_client.http_poster import trusted_certificates

_MAX_BYTES = 256 * 1024
_CHUNK_BYTES = 8192


class FetchFailed(Exception):
    """No usable JSON object was fetched; the text names the kind of the error, and no secret."""


@frozen
class JsonDocument:
    """A response: its status and its JSON object; the object may hold secrets."""

    status: int
    body: Mapping[str, Any] = field(repr=False)


class JsonFetcher:
    """Sends one request at a time; follows no redirect, and reads at most 256 KiB. Threads may share it.

    Args:
        connect_seconds: limit for connecting, TLS included.
        total_seconds: limit of the whole request, so that a slow sender cannot hold the caller.
    """

    def __init__(self, *, connect_seconds: float = 3.0, total_seconds: float = 5.0) -> None:
        self._timeout = httpx.Timeout(total_seconds, connect=connect_seconds)
        self._total_seconds = total_seconds
        self._certificates = trusted_certificates()

    def get(self, url: str, *, bearer: str | None = None) -> JsonDocument:
        """Send a GET, with a bearer token if one is given.

        Raises:
            FetchFailed: the request failed, or the response is a redirect, too large, too slow or no JSON.
        """
        headers = {} if bearer is None else {"Authorization": f"Bearer {bearer}"}
        return asyncio.run(self._fetch("GET", url, headers, None, None))

    def post_form(
        self, url: str, form: Mapping[str, str], *, basic: tuple[str, str] | None = None
    ) -> JsonDocument:
        """Send a POST of a form, with a user and a password if they are given; errors as of ``get``."""
        return asyncio.run(self._fetch("POST", url, {}, form, basic))

    async def _fetch(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        form: Mapping[str, str] | None,
        basic: tuple[str, str] | None,
    ) -> JsonDocument:
        # Without compression the limit of bytes is also the limit of what has to be parsed.
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", **headers}
        try:
            async with (
                asyncio.timeout(self._total_seconds),
                httpx.AsyncClient(
                    timeout=self._timeout, follow_redirects=False, verify=self._certificates
                ) as client,
                client.stream(method, url, headers=headers, data=form, auth=basic) as response,
            ):
                return JsonDocument(response.status_code, _parse(await _read(response)))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise FetchFailed(type(error).__name__) from None


async def _read(response: httpx.Response) -> bytes:
    if response.has_redirect_location or response.headers.get("Content-Encoding", "identity") != "identity":
        raise FetchFailed("the response is a redirect or compressed")
    body = bytearray()
    async for chunk in response.aiter_raw(chunk_size=_CHUNK_BYTES):
        body += chunk
        if len(body) > _MAX_BYTES:
            raise FetchFailed(f"the response has more than {_MAX_BYTES // 1024} KiB")
    return bytes(body)


def _parse(body: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise FetchFailed("the response is no JSON") from None
    if not isinstance(document, dict):
        raise FetchFailed("the response is no JSON object")
    return document
