"""Commands for the audit log."""

from datetime import datetime

import click

from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.domain.model.accounts.audit_entry import AuditFilter
from leadtracker.domain.model.values.timestamps import format_timestamp
from leadtracker.entrypoints.cli.application import Application, pass_application, print_json, range_option
from leadtracker.entrypoints.cli.terminal import print_table
from leadtracker.entrypoints.formats.json_models.audit import AuditEntryJson

_HEADS = ("NUMBER", "AT", "ACTOR", "ACTION", "SUBJECT", "NETWORK")


@click.group()
def audit() -> None:
    """Read the audit log."""


@audit.command("list")
@range_option("--since", help="List entries from this day on (2026-11-16), in the business's time zone.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_application
def list_entries(application: Application, since: datetime | None, *, as_json: bool) -> None:
    """List the audit log, newest first."""
    with application.container() as container:
        entries = list(container.read_audit_log().export(OPERATOR, AuditFilter(start=since)))
    if as_json:
        print_json([AuditEntryJson.of_entry(entry) for entry in entries])
        return
    rows = (
        (
            entry.number,
            format_timestamp(entry.record.at),
            entry.record.actor,
            entry.record.action.value,
            entry.record.subject,
            entry.record.network or "",
        )
        for entry in entries
    )
    print_table(_HEADS, rows, "There are no entries.")
