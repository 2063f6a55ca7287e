"""The commands ``backup`` and ``restore``."""

from pathlib import Path

import click

from leadtracker.domain.ports.backup_store import BackupManifest
from leadtracker.entrypoints.cli.application import Application, end, pass_application, say


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@pass_application
def backup(application: Application, file: Path) -> None:
    """Save the database and all resumes in FILE; the web server and the scheduler may keep running.

    Resumes in a folder or an object store are included. Settings and other files of DATA_DIR are not.
    """
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
    """Replace everything that is stored by the content of FILE.

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
    return f"{manifest.rows['leads']} leads and {manifest.rows['resumes']} resumes"


def _warn(manifest: BackupManifest) -> None:
    if manifest.missing:
        number = f"{manifest.missing} of {manifest.rows['resumes']} resumes"
        why = "they were missing, or replaced while it was made"
        say(f"Warning: the backup lacks the files of {number}: {why}.")
