"""The web server: granian, running the HTTP entrypoint in worker processes.

The application is made before they are forked from this process, so that it is loaded once and in memory
once. What must not be shared between processes (connections, locked files, threads) it opens on first use.
"""

import multiprocessing
import os
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TypeAlias
from wsgiref.types import WSGIApplication

from granian import Granian
from granian.constants import HTTPModes, Interfaces

from leadtracker.entrypoints.cpu_affinity import pin_to_core
from leadtracker.entrypoints.fast_import import imports_without_gc
from leadtracker.entrypoints.metrics_folder import metrics_folder
from leadtracker.entrypoints.parent_watchdog import exit_with_parent

MakeApp: TypeAlias = Callable[[], WSGIApplication]

_THREADS_PER_WORKER = 32  # while those of one transaction wait for the disk, others fill the next
_SHUTDOWN_TIMEOUT_SECONDS = 10
_METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # by which prometheus_client finds it
_LOGGING = {
    # Granian's lines take the same way as all others.
    "version": 1,
    "disable_existing_loggers": False,
    "loggers": {"_granian": {"handlers": [], "propagate": True, "level": "INFO"}},
}


def serve(host: str, port: int, workers: int, make_app: MakeApp) -> None:
    """Serve until SIGINT or SIGTERM, then finish the requests in hand.

    Args:
        host: the address to listen at.
        port: the port to listen at.
        workers: how many processes to serve with.
        make_app: what makes the WSGI application.

    Raises:
        SystemExit: a worker died, or could not start.
    """
    server = Granian(
        make_app.__module__,  # for its messages only
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=_THREADS_PER_WORKER,
        http=HTTPModes.http1,
        websockets=False,
        backlog=1024,
        workers_kill_timeout=_SHUTDOWN_TIMEOUT_SECONDS,
        respawn_failed_workers=True,
        log_dictconfig=_LOGGING,
    )
    with metrics_folder() as folder:
        os.environ[_METRICS_FOLDER] = str(folder)  # before the application is loaded, which counts in there
        if sys.platform == "linux":
            multiprocessing.set_start_method("fork", force=True)  # the default until Python 3.14 only
        with imports_without_gc():
            _made(make_app)
        server.serve(target_loader=partial(_load_in_worker, make_app, folder), wrap_loader=False)


def _load_in_worker(make_app: MakeApp, folder: Path) -> WSGIApplication:
    pin_to_core(folder)  # before there are threads
    exit_with_parent()
    return _made(make_app)


@cache
def _made(make_app: MakeApp) -> WSGIApplication:
    """The application: the one that was made before the fork, or where a system does not fork, a new one."""
    return make_app()
