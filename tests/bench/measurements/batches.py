"""Benchmarks of imports, mail delivery and process start."""

import csv
import io
import time
from contextlib import closing
from datetime import UTC
from itertools import islice
from pathlib import Path

from leadtracker.adapters.database.engine.dialects import dialect_for
from leadtracker.adapters.database.schema import PeeweeSchema
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.adapters.system.operating_system import SystemClock, SystemIdSource
from leadtracker.adapters.system.phone_parser import LibPhoneParser
from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.domain.use_cases.deliveries.notifications import Notifications
from leadtracker.domain.use_cases.imports.import_leads import ImportLeads
from leadtracker.domain.use_cases.imports.import_rows import RowOutcome
from leadtracker.entrypoints.formats.lead_csv import LeadCsv
from tests.bench.measurements.posting import Scale
from tests.bench.request_mix import checked, leads
from tests.bench.results import Result, Results
from tests.bench.targets.seeding import rows, store
from tests.bench.targets.smtp_sink import MailSink
from tests.bench.targets.subjects import comparison, leadtracker
from tests.support.instruments.polling import eventually

_ROWS_AT_ONCE = 5_000
_IMPORT_GOAL = 67
"""10,000 rows per second where the comparison stores 150 leads per second."""
_LEADS_PER_SECOND = 3_000  # more than any server stores, so that only a few more than needed are sent


def measure_import(results: Results, folder: Path, scale: Scale, number: int) -> None:
    """Measure an import with all checks.

    It is compared with storing the same rows in the same tables without any check, and with what the
    comparison stores in requests, which depends on the machine as well.
    """
    unchecked, posted, rates = [], [], []
    with comparison(folder) as other:
        for round_number in range(scale.rounds):
            seconds = _import_seconds(f"sqlite:///{folder / f'import-{round_number}.db'}", number)
            unchecked.append(_raw_seconds(f"sqlite:///{folder / f'raw-{round_number}.db'}", number) / seconds)
            rates.append(number / seconds)
            load = checked(other, leads(), connections=1, seconds=scale.seconds)
            posted.append(rates[-1] / load.per_second)
    name = f"import of {number:,} rows"
    results.add(Result(f"{name}: rate / POST rate of the comparison, 1 connection", posted, _IMPORT_GOAL))
    results.add(Result(f"{name}: rate / executemany", unchecked, notes={"rows_per_second": rates}))


def measure_delivery(results: Results, folder: Path, number: int) -> None:
    """Measure the mails per second that one scheduler delivers."""
    with leadtracker(folder) as server:
        requested = leads()
        while number > 0:
            seconds = number / _LEADS_PER_SECOND
            number -= len(checked(server, requested, connections=32, seconds=seconds).responses)
    with MailSink() as sink:
        url = f"smtp+plain://127.0.0.1:{sink.port}"
        with leadtracker(folder, "up", SMTP_URL=url):
            eventually(lambda: _is_over(sink), "all mails are delivered", 600)
    times = sink.times
    rate = (len(times) - 1) / (times[-1] - times[0])
    results.add(
        Result("mails delivered by one scheduler", [rate], 300, unit="/s", notes={"mails": len(times)})
    )


def measure_start_and_memory(results: Results, folder: Path, scale: Scale) -> None:
    """Measure the time from the command to the first response, and the memory of two workers."""
    starts, memories = [], []
    for _ in range(scale.rounds + 1):
        with leadtracker(folder, WEB_WORKERS=2) as ours:
            checked(ours, leads(), connections=8, seconds=scale.seconds / 4)
            our_memory = ours.memory()
        with comparison(folder) as one:
            their_start = one.seconds_to_ready
        with comparison(folder, workers=2) as two:
            checked(two, leads(), connections=8, seconds=scale.seconds / 4)
            memories.append(our_memory / two.memory())
        starts.append(ours.seconds_to_ready / their_start)
    # The first start set up the database and wrote the byte code.
    results.add(Result("start to the first answer / comparison", starts[1:], 1.0, at_most=True))
    results.add(Result("memory of two workers / comparison", memories[1:]))


def _import_seconds(url: str, number: int) -> float:
    with closing(dialect_for(url)) as dialect:
        PeeweeSchema(dialect).migrate()
        ids = SystemIdSource()
        make = ImportLeads(
            unit_of_work=PeeweeUnitOfWorkFactory(dialect),
            clock=SystemClock(),
            ids=ids,
            phones=LibPhoneParser(region=None),
            notifications=Notifications(ids=ids, notify=(), endpoints=()),
        )
        file = io.BytesIO(_file(number).getvalue().encode())
        began = time.perf_counter()
        with LeadCsv.open(file, UTC) as leads_csv:
            outcomes = [result.outcome for result in make(OPERATOR, leads_csv.rows())]
        seconds = time.perf_counter() - began
    assert outcomes == [RowOutcome.CREATED] * number, "every row is imported"
    return seconds


def _raw_seconds(url: str, number: int) -> float:
    with closing(dialect_for(url)) as dialect:
        PeeweeSchema(dialect).migrate()
        connection = dialect.writer.connection()
        prepared = iter(list(rows(number)))
        began = time.perf_counter()
        while chunk := list(islice(prepared, _ROWS_AT_ONCE)):
            dialect.writer.begin()
            store(connection, chunk)
            dialect.writer.commit()
        return time.perf_counter() - began


def _file(number: int) -> io.StringIO:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("first_name", "last_name", "email", "phone", "message", "source", "state", "created_at"))
    for _, first, last, email, _, phone, message, source, state, at, _ in rows(number):
        writer.writerow((first, last, email, phone, message, source, state, at))
    text.seek(0)
    return text


def _is_over(sink: MailSink) -> bool:
    """Return whether no mail has arrived for three seconds; the sink does not know how many will come."""
    return bool(sink.times) and time.monotonic() - sink.times[-1] > 3
