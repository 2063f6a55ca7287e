"""Benchmarks of requests among few and many leads: their processor time, in one process and in turn.

Times of the clock depend on what else runs on the machine, and processor time hardly does.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from attrs import frozen
from flask import Flask
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.values.timestamps import format_timestamp
from leadtracker.entrypoints.http.app import create_app
from leadtracker.entrypoints.logs import configure_logging
from tests.bench.results import Result, Results
from tests.bench.targets.office import RECENT, fill
from tests.support.http import api_key, session
from tests.support.instruments.quick_containers import GivenSettings

_PASSWORD = "a password for the bench"  # noqa: S105 - guards nothing
_WARM_UP_ROUNDS = 2
_SEALED = 10_000
_ROUNDS_PER_ROUND = 3  # a request takes so much less time than a round of others
_API = {
    "page of 50": "/leads?limit=50",
    "search for two words that many leads have": "/leads?q=love+ada",
    "search for a number that few leads have": "/leads?q=4999",
    "search for an address": "/leads?q=p4242@example.com",
    "search for a word that no lead has": "/leads?q=zebra",
}
_PAGES = {
    "list page": "/dashboard/leads",
    "list page, one state": "/dashboard/leads?state=CONVERTED",
    "list page, one owner": "/dashboard/leads?owner=ann",
    "list page, no owner": "/dashboard/leads?owner=none",
    "list page, one state, by change": "/dashboard/leads?state=CONVERTED&sort=-updated_at",
    "list page, two words": "/dashboard/leads?q=love+ada",
    "dashboard": "/dashboard",
    "board": "/dashboard/board",
    "board of one owner": "/dashboard/board?owner=ann",
    "statistics of 52 weeks": "/dashboard/statistics?weeks=52",
}


@frozen
class Office:
    """The application over a filled database, in this process.

    Attributes:
        path: the database.
        container: of the application.
    """

    path: Path
    container: Container
    _app: Flask
    _key: Mapping[str, str]
    _session: Mapping[str, str]

    @classmethod
    @contextmanager
    def opened(cls, folder: Path, number: int) -> Iterator["Office"]:
        """Open the application; fill its database if there is none in the folder yet."""
        path = folder / f"office-{number}.db"
        if not path.exists():
            with _container(path):
                pass  # makes the tables
            fill(path, number, last_week().end)
        with _container(path) as container:
            app, name = create_app(container), uuid4().hex
            container.manage_users().add(OPERATOR, name, Role.ADMIN, _PASSWORD)
            key = container.manage_api_keys().add(OPERATOR, name, Role.ADMIN)
            yield cls(path, container, app, api_key(key), session(app, name, _PASSWORD))

    def prepare(self) -> float:
        """Roll up what is not rolled up, and seal two weeks, as a scheduler does.

        Returns:
            The milliseconds of processor time for 10,000 leads of the last week.
        """
        for _ in self.container.roll_up_leads()():
            pass
        self._seal(earlier_week())
        began = time.process_time()
        sealed = self._seal(last_week())
        return (time.process_time() - began) * 1000 * _SEALED / max(sealed, 1)

    def _seal(self, week: Week) -> int:
        with self.container.unit_of_work()() as tx:
            sealed = tx.sealed_leads.seal(week)
            tx.commit()
        return sealed

    def measures(self) -> dict[str, Callable[[], object]]:
        """Return what is measured, by name."""
        middle = format_timestamp(last_week().end - RECENT)
        api = {**_API, "page of 50 in the middle": f"/leads?{urlencode({'limit': 50, 'created_to': middle})}"}
        return {
            **{name: partial(self._get, path, self._key) for name, path in api.items()},
            **{name: partial(self._get, path, self._session) for name, path in _PAGES.items()},
            "POST /leads": self._post,
            "count of the last week": partial(self._count, last_week()),
            "count of a week of the earlier years": partial(self._count, earlier_week()),
            "ids of the last week": partial(self._ids, last_week()),
            "ids of a week of the earlier years": partial(self._ids, earlier_week()),
        }

    def _get(self, path: str, headers: Mapping[str, str]) -> None:
        response = self._app.test_client(use_cookies=False).get(path, headers=headers)
        assert response.status_code == 200, (path, response.status_code)

    def _post(self) -> None:
        lead = {"first_name": "Ada", "email": f"{uuid4().hex}@example.com", "message": "What does it cost?"}
        response = self._app.test_client(use_cookies=False).post("/leads", json=lead)
        assert response.status_code == 201, response.status_code

    def _count(self, week: Week) -> int:
        with self.container.unit_of_work().read_only() as tx:
            return tx.leads.count_for_report(week.start, week.end)

    def _ids(self, week: Week) -> int:
        with self.container.unit_of_work().read_only() as tx:
            return len(tx.sealed_leads.counted(week))


@contextmanager
def _container(path: Path) -> Iterator[Container]:
    """Return the container over a database, whose tables are made if they are missing."""
    settings = GivenSettings(
        database_url=SecretStr(f"sqlite:///{path}"),
        data_dir=path.parent,
        secret_key=SecretStr("a key that guards nothing"),
        public_rate_limit="off",
    )
    container = Container(settings=settings)
    try:
        container.schema().prepare()
        yield container
    finally:
        container.dialect().close()


def last_week() -> Week:
    """Return the last week that is over."""
    return Week.last_closed(datetime.now(UTC), UTC)


def earlier_week() -> Week:
    """Return a week of the years that had a tenth as many leads each week."""
    return Week.containing(last_week().end - RECENT * 3, UTC)


def measure_scaling(results: Results, folder: Path, numbers: Sequence[int], rounds: int) -> None:
    """Measure each request among each number of leads, and how much longer a page takes among the most."""
    configure_logging("json", "warning")
    with ExitStack() as stack:
        offices = [stack.enter_context(Office.opened(folder, number)) for number in numbers]
        sealing = [office.prepare() for office in offices]
        times = _times([office.measures() for office in offices], rounds * _ROUNDS_PER_ROUND)
    name = f"sealing {_SEALED:,} leads, {numbers[-1]:,} leads"
    results.add(Result(name, sealing[-1:], 1000, at_most=True, unit="ms"))
    for name, of_offices in times.items():
        goal = 50 if name in _PAGES else 20 if name.startswith(("count", "ids")) else None
        for number, some in zip(numbers, of_offices, strict=True):
            results.add(Result(f"{name}, {number:,} leads", some, goal, at_most=True, unit="ms"))
    pages = zip(times["page of 50"][0], times["page of 50"][-1], strict=True)
    name = f"page of 50: {numbers[-1]:,} / {numbers[0]:,} leads"
    results.add(Result(name, [many / few for few, many in pages], 1.3, at_most=True))


def _times(
    offices: Sequence[Mapping[str, Callable[[], object]]], rounds: int
) -> dict[str, list[list[float]]]:
    """Return the milliseconds of processor time of each measure, for each office."""
    times: dict[str, list[list[float]]] = {name: [[] for _ in offices] for name in offices[0]}
    for turn in range(rounds + _WARM_UP_ROUNDS):
        for name, of_offices in times.items():
            for measures, some in zip(offices, of_offices, strict=True):
                began = time.process_time()
                measures[name]()
                if turn >= _WARM_UP_ROUNDS:
                    some.append((time.process_time() - began) * 1000)
    return times
