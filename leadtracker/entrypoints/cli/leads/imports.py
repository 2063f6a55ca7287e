"""Commands that list imports and undo them."""

import click

from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.domain.model.values.timestamps import format_timestamp
from leadtracker.entrypoints.cli.application import Application, pass_application, print_json, say
from leadtracker.entrypoints.cli.terminal import print_table
from leadtracker.entrypoints.formats.json_models.imports import LeadImportJson, UndoneImportJson

_MAX_KEPT_SHOWN = 50
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_HEADS = (
    "ID",
    "STARTED",
    "BY",
    "FILE",
    "STATE",
    "CREATED",
    "UPDATED",
    "DUPLICATES",
    "REJECTED",
    "REMOVED",
)


@click.group()
def imports() -> None:
    """List imports and undo them."""


@imports.command("list")
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many, the latest first."
)
@_JSON
@pass_application
def list_imports(application: Application, limit: int, *, as_json: bool) -> None:
    """List imports, the latest first."""
    with application.container() as container:
        found = container.manage_imports().page(OPERATOR, limit=limit).items
    if as_json:
        print_json([LeadImportJson.of(one) for one in found])
        return
    rows = (
        (
            one.id,
            format_timestamp(one.started_at)[:16].replace("T", " "),
            one.actor,
            one.file_name,
            one.state.value,
            one.created,
            one.updated,
            one.duplicates,
            one.rejected,
            one.removed,
        )
        for one in found
    )
    print_table(_HEADS, rows, "There are no imports.")


@imports.command("undo", short_help="Remove the leads that an import created.")
@click.argument("import_id", metavar="ID")
@_JSON
@pass_application
def undo_import(application: Application, import_id: str, *, as_json: bool) -> None:
    """Remove the leads that the import ID created and that were not changed since.

    The other ones are listed and stay. An interrupted undo continues when it is repeated.
    """
    with application.container() as container:
        undone = container.manage_imports().undo(OPERATOR, import_id)
    if as_json:
        print_json(UndoneImportJson.of_result(undone))
        return
    for kept in undone.kept[:_MAX_KEPT_SHOWN]:
        say(f"Lead {kept.lead_id} stays: {kept.reason.value}")
    if len(undone.kept) > _MAX_KEPT_SHOWN:
        say(f"… and {len(undone.kept) - _MAX_KEPT_SHOWN} more, which --json lists")
    click.echo(f"removed={undone.removed} kept={len(undone.kept)}")
