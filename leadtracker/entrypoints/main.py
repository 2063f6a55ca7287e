"""The console script: the command line, given the other doors it can open."""

from leadtracker.entrypoints.cli.application import Doors
from leadtracker.entrypoints.cli.main import command_line
from leadtracker.entrypoints.http.openapi.document import openapi_document
from leadtracker.entrypoints.scheduler.loop import run_forever, run_once
from leadtracker.entrypoints.server import serve
from leadtracker.entrypoints.supervisor import supervise


def main() -> None:
    """Run ``leadtracker`` with the arguments of this process."""
    command_line(
        obj=Doors(
            serve=serve,
            schedule=run_forever,
            schedule_once=run_once,
            supervise=supervise,
            describe_api=openapi_document,
        )
    )
