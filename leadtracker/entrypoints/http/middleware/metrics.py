"""``GET /metrics`` for Prometheus.

Worker processes write their counters to files in a shared folder, which ``server.py`` creates; the process
that handles ``/metrics`` adds them up. Metrics of the whole installation are read from the database then.
"""

import hmac
import os
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from werkzeug.exceptions import Forbidden

from leadtracker.container import Container
from leadtracker.domain.errors import AuthenticationFailed, StorageUnavailable
from leadtracker.domain.use_cases.operations.read_metrics import Metrics
from leadtracker.entrypoints.http.middleware.request_context import RequestMetrics
from leadtracker.entrypoints.wsgi_adapter.environ import received_host

_PROXY_HEADERS = frozenset({"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip"})
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client's own; read when it is imported


def install_metrics(app: Flask, container: Container) -> None:
    """Count every request of ``app``, and add the route that shows the metrics.

    The route needs the configured token; without one it serves only clients on the same machine.
    """
    metrics = RequestMetrics()
    app.after_request(metrics.count)
    app.register_blueprint(_blueprint(container, metrics))


def _blueprint(container: Container, metrics: RequestMetrics) -> Blueprint:
    blueprint = Blueprint("metrics", __name__)
    read_metrics = container.read_metrics()
    settings = container.settings()
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else None

    @blueprint.get("/metrics")
    def show() -> Response:
        if token is None:
            _check_loopback(is_behind_proxy=bool(settings.trusted_proxies))
        else:
            _check_token(token)
        return Response(_text(metrics, read_metrics), content_type=CONTENT_TYPE_LATEST)

    return blueprint


def _check_token(token: str) -> None:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), token.encode()):
        raise AuthenticationFailed


def _check_loopback(*, is_behind_proxy: bool) -> None:
    # Behind a local proxy that is not configured, every client would seem to be on this machine. Without
    # further directives nginx sends no header but a local host, in HTTP/1.0 or with "Connection: close".
    has_proxy = not is_behind_proxy and (
        _PROXY_HEADERS & set(request.headers.keys())
        or request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0"
        or request.headers.get("Connection", "").lower() == "close"
    )
    host = urlsplit(f"//{received_host(request.environ)}").hostname or ""
    is_local = host == "localhost" or _is_loopback(host)
    if has_proxy or not is_local or not _is_loopback(request.remote_addr or ""):
        raise Forbidden("Only callers on the same machine get these, unless a token is set.")


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _text(metrics: RequestMetrics, read_metrics: Callable[[], Metrics]) -> bytes:
    counted = metrics.registry
    if FOLDER_VARIABLE in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    shared = CollectorRegistry()
    shared.register(DatabaseMetrics(read_metrics))
    return generate_latest(counted) + generate_latest(shared)


class DatabaseMetrics:
    """Collects the metrics of the installation at each request of ``/metrics``."""

    def __init__(self, read_metrics: Callable[[], Metrics]) -> None:
        self._read_metrics = read_metrics

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the metrics; while the database is down, only those that do not need it."""
        yield _gauge("build_info", "The version of LeadTracker.", {version("leadtracker"): 1}, "version")
        try:
            metrics = self._read_metrics()
        except StorageUnavailable:
            yield _gauge("database_up", "1 if the database responds, 0 otherwise.", {None: 0})
            return
        yield _gauge("database_up", "1 if the database responds, 0 otherwise.", {None: 1})
        yield from _families(metrics)


def _families(metrics: Metrics) -> Iterator[GaugeMetricFamily]:
    yield _gauge(
        "deliveries", "Deliveries that are not sent yet or failed, by state.", metrics.deliveries, "state"
    )
    seconds = {None: metrics.delivery_delay.total_seconds()}
    yield _gauge("deliveries_oldest_due_age_seconds", "How long the oldest due delivery has waited.", seconds)
    yield _gauge("weekly_reports", "Weekly reports, by state.", metrics.reports, "state")
    seconds = {None: metrics.report_delay.total_seconds()}
    yield _gauge("weekly_report_delay_seconds", "How long the oldest due report has waited.", seconds)
    if metrics.heartbeat_age is not None:
        seconds = {None: metrics.heartbeat_age.total_seconds()}
        yield _gauge("scheduler_heartbeat_age_seconds", "How long ago a scheduler was last seen.", seconds)
    if metrics.canary_passed is not None and metrics.canary_age is not None:
        help_text = "1 if the last daily test of the public form has passed, 0 if it has failed."
        yield _gauge("canary_passed", help_text, {None: int(metrics.canary_passed)})
        seconds = {None: metrics.canary_age.total_seconds()}
        yield _gauge("canary_age_seconds", "How long ago the last test of the form ended.", seconds)


def _gauge(
    name: str, help_text: str, values: Mapping[Any, float], label: str | None = None
) -> GaugeMetricFamily:
    """Make a gauge with one value for each value of ``label``, or with a single one if there is no label."""
    family = GaugeMetricFamily(f"leadtracker_{name}", help_text, labels=[label] if label else [])
    for value, number in values.items():
        family.add_metric([str(value)] if label else [], number)
    return family
