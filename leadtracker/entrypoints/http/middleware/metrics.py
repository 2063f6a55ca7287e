"""``/metrics``: figures for Prometheus.

Each process counts its own requests. Worker processes do so in files of a folder that they share, which
``server.py`` makes, and whichever of them is asked adds them up. What is true of the whole installation is
read from the database when somebody asks. Labels have few values, and none says anything of a person.
"""

import hmac
import os
import time
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version
from ipaddress import ip_address
from typing import Any

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from werkzeug.exceptions import Forbidden

from leadtracker.container import Container
from leadtracker.domain.errors import AuthenticationFailed, StorageUnavailable
from leadtracker.domain.use_cases.operations.read_metrics import Metrics, ReadMetrics

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client's own; read when it is imported
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_BOUNDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_CAPTURING = ("POST", "/leads")
_CREATED = frozenset({201, 303})


class RequestMetrics:
    """Counts the requests of this process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self._requests = Counter(
            "leadtracker_http_requests", "Requests answered.", labels, registry=self.registry
        )
        self._seconds = Histogram(
            "leadtracker_http_request_seconds",
            "Time until an answer began.",
            labels[:2],
            buckets=_BOUNDS,
            registry=self.registry,
        )
        # The figures of one kind of answer, found once.
        self._requests_of = cache(self._requests.labels)
        self._seconds_of = cache(self._seconds.labels)
        self._leads = Counter(
            "leadtracker_leads_captured", "Leads captured over HTTP.", registry=self.registry
        )

    def count(self, response: Response) -> Response:
        """Count the request in hand and its answer."""
        verb, rule, status = request.method, request.url_rule, response.status_code
        method = verb if verb in _METHODS else "other"
        route = rule.rule if rule else "none"
        self._requests_of(method, route, status).inc()
        self._seconds_of(method, route).observe(time.perf_counter() - g.started)
        is_new = status in _CREATED and "Idempotent-Replayed" not in response.headers
        if is_new and (method, route) == _CAPTURING:
            self._leads.inc()
        return response


def install_metrics(app: Flask, container: Container) -> None:
    """Count every request of ``app``, and tell the figures to those who may know them."""
    metrics = RequestMetrics()
    app.after_request(metrics.count)
    app.register_blueprint(_blueprint(container, metrics))


def _blueprint(container: Container, metrics: RequestMetrics) -> Blueprint:
    blueprint = Blueprint("metrics", __name__)
    read_metrics = container.read_metrics()
    settings = container.settings()
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else None

    @blueprint.get("/metrics")
    def tell() -> Response:
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
    # A proxy on this machine that nobody has told us of would make everybody look as if they were here.
    is_passed_on = not is_behind_proxy and {"X-Forwarded-For", "Forwarded"} & set(request.headers.keys())
    if is_passed_on or not _is_loopback(request.remote_addr or ""):
        raise Forbidden("Only callers on the same machine get these, unless a token is set.")


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _text(metrics: RequestMetrics, read_metrics: ReadMetrics) -> bytes:
    counted = metrics.registry
    if FOLDER_VARIABLE in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    shared = CollectorRegistry()
    shared.register(_DatabaseMetrics(read_metrics))
    return generate_latest(counted) + generate_latest(shared)


class _DatabaseMetrics:
    """What is read when somebody asks."""

    def __init__(self, read_metrics: ReadMetrics) -> None:
        self._read_metrics = read_metrics

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The families of figures, without those of the database while it is down."""
        yield _gauge("build_info", "The program.", {version("leadtracker"): 1}, "version")
        try:
            metrics = self._read_metrics()
        except StorageUnavailable:
            yield _gauge("database_up", "Whether the database answers.", {None: 0})
            return
        yield _gauge("database_up", "Whether the database answers.", {None: 1})
        yield from _families(metrics)


def _families(metrics: Metrics) -> Iterator[GaugeMetricFamily]:
    yield _gauge("deliveries", "Deliveries not sent yet, or failed.", metrics.deliveries, "state")
    seconds = {None: metrics.delivery_delay.total_seconds()}
    yield _gauge("deliveries_oldest_due_age_seconds", "How long the oldest due message has waited.", seconds)
    yield _gauge("weekly_reports", "Weekly reports.", metrics.reports, "state")
    seconds = {None: metrics.report_delay.total_seconds()}
    yield _gauge("weekly_report_delay_seconds", "How long the oldest due report has waited.", seconds)
    if metrics.heartbeat_age is not None:
        seconds = {None: metrics.heartbeat_age.total_seconds()}
        yield _gauge("scheduler_heartbeat_age_seconds", "How long ago a scheduler was last seen.", seconds)


def _gauge(name: str, about: str, values: Mapping[Any, float], label: str | None = None) -> GaugeMetricFamily:
    """A family of one figure for each value of ``label``, or of a single one."""
    family = GaugeMetricFamily(f"leadtracker_{name}", about, labels=[label] if label else [])
    for value, number in values.items():
        family.add_metric([str(value)] if label else [], number)
    return family
