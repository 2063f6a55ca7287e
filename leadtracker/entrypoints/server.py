"""The web server: granian, running the HTTP entrypoint in worker processes.

The application is made before the workers are forked, so that it is loaded once and its memory is shared.
What must not be shared between processes (connections, locked files, threads) is opened on first use.
"""

import multiprocessing
import os
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TypeAlias

from granian import Granian
from granian.constants import HTTPModes, Interfaces

from leadtracker.entrypoints.metrics_folder import metrics_folder
from leadtracker.entrypoints.process import (
    exit_with_parent,
    imports_without_gc,
    let_sigterm_end_children,
    pin_to_core,
)
from leadtracker.entrypoints.wsgi_adapter.adapter import WebApplication, WsgiAdapter

MakeApp: TypeAlias = Callable[[], WebApplication]

_THREADS_PER_WORKER = 32  # while the threads of one transaction wait for the disk, others fill the next
_MAX_REQUESTS_PER_WORKER = 4096  # also those whose body is being received, which cost memory only
_SHUTDOWN_TIMEOUT_SECONDS = 10
_METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the variable that prometheus_client reads
_LOGGING = {
    # Granian's lines go through the root logger, as all others.
    "version": 1,
    "disable_existing_loggers": False,
    "loggers": {"_granian": {"handlers": [], "propagate": True, "level": "INFO"}},
}


def serve(host: str, port: int, workers: int, make_app: MakeApp, *, pin_workers: bool = False) -> None:
    """Serve until SIGINT or SIGTERM, then finish the open requests.

    Args:
        host: the address to listen on.
        port: the port to listen on.
        workers: the number of worker processes.
        make_app: makes the application.
        pin_workers: pin each worker to one core (decision 24).

    Raises:
        SystemExit: a worker could not start.
    """
    server = Granian(
        make_app.__module__,  # for its messages only
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        workers=workers,
        backpressure=_MAX_REQUESTS_PER_WORKER,
        http=HTTPModes.http1,
        websockets=False,
        backlog=1024,
        workers_kill_timeout=_SHUTDOWN_TIMEOUT_SECONDS,
        respawn_failed_workers=True,
        log_dictconfig=_LOGGING,
    )
    with metrics_folder() as folder:
        os.environ[_METRICS_FOLDER] = str(folder)  # before the application is loaded
        if sys.platform == "linux":
            multiprocessing.set_start_method("fork", force=True)  # no longer the default in Python 3.14
            let_sigterm_end_children()
        with imports_without_gc():
            _made(make_app)
        load = partial(_load_in_worker, make_app, os.getpid(), folder if pin_workers else None)
        server.serve(target_loader=load, wrap_loader=False)


def _load_in_worker(make_app: MakeApp, parent: int, pin_folder: Path | None) -> WsgiAdapter:
    if pin_folder is not None:
        pin_to_core(pin_folder)  # before there are threads, which inherit it
    exit_with_parent(parent)
    return WsgiAdapter(_made(make_app), _THREADS_PER_WORKER)


@cache
def _made(make_app: MakeApp) -> WebApplication:
    """The application made before the fork or, on systems that do not fork, a new one."""
    return make_app()
