"""The commands ``backup`` and ``restore``."""

from pathlib import Path

import click

from leadtracker.domain.ports.backup_store import BackupManifest
from leadtracker.entrypoints.cli.application import Application, end, pass_application, say
from leadtracker.entrypoints.cli.terminal import number_of


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
@pass_application
def backup(application: Application, file: Path, *, force: bool) -> None:
    """Save the database and all files of leads in FILE.

    The web server and the scheduler may keep running. Files in a folder or an object store are included.
    Settings and what else DATA_DIR holds are not.
    """
    if file.exists() and not force:
        end(f"{file} exists already; choose another name, or overwrite it with --force")
    with application.container() as container:
        try:
            saved = container.backup_store().save(str(file), container.clock().now())
        except OSError as error:
            end(f"{file} cannot be written: {error.strerror or error}")
    click.echo(f"Saved {_summary(saved)} in {file}.")
    _warn(saved)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite a database that is not empty.")
@pass_application
def restore(application: Application, file: Path, *, force: bool) -> None:
    """Replace everything stored by the content of FILE.

    Stop the web server and the scheduler first. The file is verified as a whole before anything is changed.
    """
    with application.container(prepare=False) as container:
        try:
            restored = container.backup_store().restore(str(file), force=force)
        except OSError as error:
            end(f"{file} cannot be restored: {error.strerror or error}")
    click.echo(f"Restored {_summary(restored)}, saved at {restored.made_at:%Y-%m-%d %H:%M:%S} UTC.")
    _warn(restored)


def _summary(manifest: BackupManifest) -> str:
    return f"{number_of(manifest.rows['leads'], 'lead')} and {number_of(manifest.rows['lead_files'], 'file')}"


def _warn(manifest: BackupManifest) -> None:
    if manifest.missing:
        number = f"{manifest.missing} of {number_of(manifest.rows['lead_files'], 'file')}"
        why = "they were missing, or replaced while it was made"
        say(f"Warning: the backup lacks {number}: {why}.")
