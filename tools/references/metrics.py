"""The metrics, from the objects that produce them."""

from collections.abc import Iterable
from datetime import timedelta

from prometheus_client import Metric

from leadtracker.domain.model.deliveries.delivery import OPEN_STATES
from leadtracker.domain.model.reports.weekly_report import ReportState
from leadtracker.domain.use_cases.operations.read_metrics import Metrics
from leadtracker.entrypoints.http.middleware.metrics import DatabaseMetrics
from leadtracker.entrypoints.http.middleware.request_context import RequestMetrics
from tools.references.markdown import code, table


def request_metrics() -> str:
    """Return the table of what each process counts."""
    return _table(RequestMetrics().registry.collect())


def database_metrics() -> str:
    """Return the table of what is read from the database."""
    none = timedelta(0)
    example = Metrics(
        deliveries=dict.fromkeys(OPEN_STATES, 0),
        delivery_delay=none,
        reports=dict.fromkeys(ReportState, 0),
        report_delay=none,
        heartbeat_age=none,
        canary_passed=True,
        canary_age=none,
    )
    return _table(DatabaseMetrics(lambda: example).collect())


def _table(metrics: Iterable[Metric]) -> str:
    return table(
        ("metric", "type", "meaning"), ((code(_name(one)), one.type, _meaning(one)) for one in metrics)
    )


def _name(metric: Metric) -> str:
    return f"{metric.name}_total" if metric.type == "counter" else metric.name


def _meaning(metric: Metric) -> str:
    labels = {name: value for sample in metric.samples for name, value in sample.labels.items()}
    if "state" not in labels:
        return metric.documentation
    values = ", ".join(code(sample.labels["state"]) for sample in metric.samples)
    return f"{metric.documentation} Label `state`: {values}."
