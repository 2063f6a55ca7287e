"""Worker processes are forked from a process that has loaded everything and opened nothing."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.harness.planting import in_processes
from tests.support.builders import make_fields
from tests.support.instruments.polling import eventually
from tests.support.servers.processes import Program, Running, Site, free_port

PROC = Path("/proc")
LATE = {
    "aiosmtplib",
    "flask",
    "granian",
    "httpx",
    "leadtracker.entrypoints.http",
    "leadtracker.entrypoints.scheduler",
    "leadtracker.entrypoints.server",
    "leadtracker.entrypoints.supervisor",
    "obstore",
    "prometheus_client",
    "schedule",
    "wtforms",
}
SLOW_LOADING = """
    import time
    from leadtracker.entrypoints.wsgi_adapter.adapter import WsgiAdapter
    begin = WsgiAdapter.__init__
    def begin_slowly(*arguments):
        time.sleep(2)
        begin(*arguments)
    WsgiAdapter.__init__ = begin_slowly
"""
pytestmark = pytest.mark.skipif(not (PROC / "self/stat").exists(), reason="looks into /proc")


def workers_of(pid: int) -> set[int]:
    return {int(child) for child in (PROC / f"{pid}/task/{pid}/children").read_text().split()}


def cores_of_workers(pid: int) -> list[int]:
    """Return the cores that the workers of a server may run on, with repetitions."""
    return sorted(core for worker in workers_of(pid) for core in os.sched_getaffinity(worker))


def opened_by(pid: int) -> set[str]:
    """Return the names of the files that a process has open."""
    names = set()
    for link in (PROC / f"{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed since
            names.add(link.readlink().name)
    return names


@pytest.fixture
def few_cores() -> Iterator[list[int]]:
    """Restrict the test and its programs to at most two cores."""
    all_cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(all_cores)[:2])
    yield sorted(all_cores)[:2]
    os.sched_setaffinity(0, all_cores)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Site]]:
    """A web server with one worker, which a test may kill, for it is replaced."""
    site = Site(free_port())
    settings = {"PORT": site.port, "WEB_WORKERS": 1}
    program = Program(tmp_path_factory.mktemp("served"), settings, is_forked=True)
    with program.start("web") as running:
        site.wait_until_ready()
        yield running, site


def test_killed_worker_is_replaced(served: tuple[Running, Site]) -> None:
    running, site = served
    assert site.send("POST", "/leads", json=make_fields())[0] == 201
    [worker] = workers_of(running.process.pid)
    os.kill(worker, signal.SIGKILL)
    eventually(
        lambda: workers_of(running.process.pid) - {worker} and site.is_ready(), "a worker that is ready"
    )
    assert site.send("POST", "/leads", json=make_fields())[0] == 201


@pytest.mark.parametrize("per_core", [1, 2])
def test_workers_are_pinned_evenly(program: Program, site: Site, few_cores: list[int], per_core: int) -> None:
    with program.with_settings(WEB_WORKERS=per_core * len(few_cores), PIN_WORKERS="on").start(
        "web"
    ) as running:
        usual = sorted(few_cores * per_core)
        eventually(lambda: cores_of_workers(running.process.pid) == usual, "workers on all cores alike")
        site.wait_until_ready()
        victim = workers_of(running.process.pid).pop()
        os.kill(victim, signal.SIGKILL)
        eventually(lambda: victim not in workers_of(running.process.pid), "the end of a worker")
        eventually(lambda: cores_of_workers(running.process.pid) == usual, "another one on its core")


def test_workers_may_use_every_core_by_default(served: tuple[Running, Site]) -> None:
    running, _ = served
    [worker] = workers_of(running.process.pid)
    assert os.sched_getaffinity(worker) == os.sched_getaffinity(0)


def test_workers_exit_with_their_parent(program: Program, site: Site) -> None:
    with program.start("web") as running:
        site.wait_until_ready()
        [worker] = workers_of(running.process.pid)
        running.stop(signal.SIGKILL)
        eventually(lambda: not (PROC / f"{worker}/fd").exists(), "the end of the worker")


def test_worker_that_still_loads_exits_with_its_parent(program: Program) -> None:
    with in_processes(SLOW_LOADING)(), program.start("web") as running:
        running.wait_for_log_line("Spawning worker-1 with PID")
        [worker] = workers_of(running.process.pid)
        running.stop(signal.SIGKILL)
        eventually(lambda: not (PROC / f"{worker}/fd").exists(), "the end of the worker")


def test_orphan_exits_at_once(program: Program) -> None:
    code = (
        "import os, sys, time; from leadtracker.entrypoints.process import exit_with_parent\n"
        "parent = os.getpid()\n"
        "if os.fork(): os._exit(0)\n"
        "while os.getppid() == parent: time.sleep(0.01)\n"
        "exit_with_parent(parent); time.sleep(60); print('still here')"
    )
    assert run_python(program, code) == ""


def test_workers_share_loaded_modules(served: tuple[Running, Site]) -> None:
    running, _ = served
    [worker] = workers_of(running.process.pid)
    lines = (PROC / f"{worker}/smaps_rollup").read_text().splitlines()
    kilobytes = {line.split()[0]: int(line.split()[1]) for line in lines[1:]}
    assert kilobytes["Shared_Dirty:"] > kilobytes["Private_Dirty:"]


def test_workers_share_no_connection_or_lock(served: tuple[Running, Site]) -> None:
    running, site = served
    assert site.send("POST", "/leads", json=make_fields())[0] == 201
    [worker] = workers_of(running.process.pid)
    here = {"leadtracker.db", "leadtracker.write-lock"}
    assert here <= opened_by(worker)
    assert not here & opened_by(running.process.pid)


def run_python(program: Program, code: str) -> str:
    command = [sys.executable, "-c", code]
    ended = subprocess.run(command, env=program.environment, capture_output=True, check=True, text=True)
    return ended.stdout


def test_cli_imports_only_what_it_needs(program: Program) -> None:
    loaded = run_python(program, "import sys, leadtracker.entrypoints.main; print(*sys.modules)")
    assert set(loaded.split()) & LATE == set()


def test_lazy_imports_keep_gc_enabled(program: Program) -> None:
    code = "import gc, leadtracker.entrypoints.main; print(gc.isenabled(), gc.get_freeze_count())"
    is_enabled, frozen = run_python(program, code).split()
    assert is_enabled == "True"
    assert int(frozen) > 10_000


def test_web_server_without_a_provider_does_not_load_its_libraries(program: Program) -> None:
    code = (
        "import sys; from leadtracker.entrypoints.http.app import make_app; make_app(); print(*sys.modules)"
    )
    loaded = set(run_python(program.with_settings(LOG_LEVEL="error"), code).split())
    assert "flask" in loaded
    assert not {"httpx", "joserfc"} & loaded
