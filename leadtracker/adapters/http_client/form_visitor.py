"""A visitor of the public form over HTTP: opens the page, fills in its form, waits, and sends it."""

import asyncio
import ssl
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

import httpx

from leadtracker.adapters.http_client.html_form import HtmlForm, find_alerts, find_forms
from leadtracker.domain.model.deliveries.canary import CanaryFailure, FormVisit
from leadtracker.domain.model.deliveries.canary_detail import CanaryDetail, CanaryDetailCode
from leadtracker.domain.model.intake.form_token import MIN_FORM_FILL_TIME
from leadtracker.domain.ports.intake.canary import FormVisitor

_CONNECT_SECONDS = 5.0
_TOTAL_SECONDS = 25.0  # a scheduler that is stopped waits for its jobs for 29 seconds
_MAX_PAGE_BYTES = 1024 * 1024
_MAX_DETAIL_LENGTH = 200
_FILL_SECONDS = MIN_FORM_FILL_TIME.total_seconds() + 1
_ACTION_PATH = "/leads"
_THANKS_PATH = "/thanks"
_FILE = ("canary.txt", b"The daily test of the form sends this file.\n", "text/plain")
_HEADERS = {"Accept": "text/html,application/xhtml+xml", "User-Agent": "LeadTracker-canary"}


class HttpFormVisitor(FormVisitor):
    """Visits the form at the public address. Errors name hosts and status codes only.

    Args:
        base_url: the public address of the installation, without a trailing slash.
        fill_seconds: how long a visitor takes to fill in the form.
    """

    def __init__(self, base_url: str, *, fill_seconds: float = _FILL_SECONDS) -> None:
        self._base_url = base_url
        self._fill_seconds = fill_seconds

    def submit(self, inputs: Mapping[str, str]) -> FormVisit:
        return asyncio.run(self._submit(inputs))

    async def _submit(self, inputs: Mapping[str, str]) -> FormVisit:
        timeout = httpx.Timeout(_TOTAL_SECONDS, connect=_CONNECT_SECONDS)
        try:
            async with (
                asyncio.timeout(_TOTAL_SECONDS),
                httpx.AsyncClient(timeout=timeout, headers=_HEADERS, follow_redirects=True) as client,
            ):
                return await self._visit(client, inputs)
        except TimeoutError:
            seconds = f"{_TOTAL_SECONDS:.0f}"
            return self._failed(CanaryFailure.UNREACHABLE, CanaryDetailCode.TIMEOUT, seconds=seconds)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            failure = CanaryFailure.TLS if _is_of_tls(error) else CanaryFailure.UNREACHABLE
            code, reason = _reason(error)
            return self._failed(failure, code, error=reason)

    async def _visit(self, client: httpx.AsyncClient, inputs: Mapping[str, str]) -> FormVisit:
        status, url, page = await _read(client, client.build_request("GET", f"{self._base_url}/"))
        if status != httpx.codes.OK:
            return self._failed(CanaryFailure.UNREACHABLE, CanaryDetailCode.ANSWERED, status=status)
        form = next((one for one in find_forms(page) if _posts_leads(one, url)), None)
        if form is None:
            return self._failed(CanaryFailure.FORM_MISSING, CanaryDetailCode.NO_FORM)
        if missing := sorted({"first_name", "email"} - set(form.texts)):
            names = ", ".join(missing)
            return self._failed(CanaryFailure.FORM_MISSING, CanaryDetailCode.INPUTS_MISSING, inputs=names)
        await asyncio.sleep(self._fill_seconds)
        request = client.build_request(
            "POST",
            urljoin(url, form.action),
            data=_filled(form, inputs),
            # Without a file, httpx would not encode the form as multipart, as a browser does.
            files=dict.fromkeys(form.files[:1] or [""], _FILE),
            headers={"Referer": url, "Origin": _origin(url)},
        )
        return self._judge(*await _read(client, request))

    def _judge(self, status: int, url: str, page: str) -> FormVisit:
        if status == httpx.codes.OK and urlsplit(url).path.endswith(_THANKS_PATH):
            return FormVisit()
        alerts = " ".join(find_alerts(page))[:_MAX_DETAIL_LENGTH]
        code = CanaryDetailCode.FORM_SHOWED if alerts else CanaryDetailCode.ANSWERED
        shown = {"message": alerts} if alerts else {}
        return self._failed(CanaryFailure.REJECTED, code, status=status, **shown)

    def _failed(self, failure: CanaryFailure, code: CanaryDetailCode, **data: object) -> FormVisit:
        return FormVisit(failure, CanaryDetail.of(code, host=urlsplit(self._base_url).hostname, **data))


async def _read(client: httpx.AsyncClient, request: httpx.Request) -> tuple[int, str, str]:
    """Send a request and return the status, the address after redirects, and the page, cut off if long."""
    response = await client.send(request, stream=True)
    try:
        content = b""
        async for chunk in response.aiter_bytes():
            content += chunk
            if len(content) > _MAX_PAGE_BYTES:
                break
        return response.status_code, str(response.url), content.decode("utf-8", "replace")
    finally:
        await response.aclose()


def _posts_leads(form: HtmlForm, url: str) -> bool:
    return urlsplit(urljoin(url, form.action)).path.endswith(_ACTION_PATH)


def _filled(form: HtmlForm, inputs: Mapping[str, str]) -> dict[str, str]:
    """Return what a browser sends: hidden inputs and those left empty as they are, the others filled in."""
    known = {name: text for name, text in inputs.items() if name in form.texts}
    return {**form.texts, **known, **form.required_checkboxes}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _is_of_tls(error: BaseException | None) -> bool:
    """Return True if an error, or one that it was raised for, comes from TLS."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _reason(error: Exception) -> tuple[CanaryDetailCode, str]:
    """Return what an error means: its type, or the reason of TLS, which names no URL."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return CanaryDetailCode.CERTIFICATE, cause.verify_message
        cause = cause.__cause__ or cause.__context__
    return CanaryDetailCode.CONNECTION, type(error).__name__
