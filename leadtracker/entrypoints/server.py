"""The web server: granian, running the HTTP door in worker processes."""

import os

from granian import Granian
from granian.constants import HTTPModes, Interfaces

from leadtracker.entrypoints.metrics_folder import metrics_folder

_TARGET = "leadtracker.entrypoints.http.wsgi:make_app"
_THREADS_PER_WORKER = 16  # while those of one transaction wait for the disk, others fill the next
_SECONDS_TO_FINISH = 10
_METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # by which prometheus_client finds it
_LOGGING = {
    # Granian's lines take the same way as all others.
    "version": 1,
    "disable_existing_loggers": False,
    "loggers": {"_granian": {"handlers": [], "propagate": True, "level": "INFO"}},
}


def serve(host: str, port: int, workers: int, target: str = _TARGET) -> None:
    """Serve until SIGINT or SIGTERM, then finish the requests in hand.

    Args:
        host: the address to listen at.
        port: the port to listen at.
        workers: how many processes to serve with.
        target: what makes the WSGI application in each of them, as ``module:function``.

    Raises:
        SystemExit: a worker died, or could not start.
    """
    server = Granian(
        target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=_THREADS_PER_WORKER,
        http=HTTPModes.http1,
        websockets=False,
        backlog=1024,
        workers_kill_timeout=_SECONDS_TO_FINISH,
        respawn_failed_workers=True,
        factory=True,
        log_dictconfig=_LOGGING,
    )
    with metrics_folder() as folder:
        os.environ[_METRICS_FOLDER] = str(folder)  # inherited by the workers, who count in there
        server.serve()
