"""The console script: the command line, and the other entrypoints, each imported on first use."""

import os
from typing import Any

from leadtracker.entrypoints.process import imports_without_gc

with imports_without_gc():
    from leadtracker.container import Container
    from leadtracker.entrypoints.cli.application import Runners
    from leadtracker.entrypoints.cli.main import command_line
    from leadtracker.entrypoints.wsgi_adapter.adapter import WebApplication
    from leadtracker.settings import Settings

_OWNER_ONLY = 0o077


def main() -> None:
    """Run ``leadtracker`` with the arguments of this process.

    The files that it creates, such as the database, backups and mails, are for its user only.
    """
    os.umask(_OWNER_ONLY)
    command_line(obj=RUNNERS)


def _serve(settings: Settings) -> None:
    from leadtracker.entrypoints.server import serve

    is_pinned = settings.pin_workers == "on"
    serve(settings.host, settings.port, settings.web_workers, _make_app, pin_workers=is_pinned)


def _make_app() -> WebApplication:
    from leadtracker.entrypoints.http.app import make_app

    return make_app()


def _schedule(container: Container) -> None:
    with imports_without_gc():
        from leadtracker.entrypoints.scheduler.loop import run_forever
    run_forever(container)


def _schedule_once(container: Container) -> bool:
    with imports_without_gc():
        from leadtracker.entrypoints.scheduler.loop import run_once
    return run_once(container)


def _supervise(*commands: str) -> bool:
    from leadtracker.entrypoints.supervisor import supervise

    return supervise(*commands)


def _describe_api() -> dict[str, Any]:
    from leadtracker.entrypoints.http.docs.document import openapi_document

    return openapi_document()


RUNNERS = Runners(
    serve=_serve,
    schedule=_schedule,
    schedule_once=_schedule_once,
    supervise=_supervise,
    describe_api=_describe_api,
)
