"""The commands ``backup`` and ``restore``."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import click

from leadtracker.domain.errors import StorageUnavailable
from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.domain.ports.backup_store import BackupAccounts, BackupManifest, BackupStore, Withdrawals
from leadtracker.entrypoints.cli.application import Application, end, pass_application, say
from leadtracker.entrypoints.cli.terminal import number_of

_DATED_NAME = "leadtracker-%Y-%m-%dT%H%M%SZ.backup"
_DATED_PATTERN = "leadtracker-????-??-??T??????Z.backup"


@click.command()
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
@click.option(
    "--keep",
    type=click.IntRange(1),
    help="Take FILE for a folder: save in a dated file there, and delete all but this number of the newest.",
)
@pass_application
def backup(application: Application, target: Path, *, force: bool, keep: int | None) -> None:
    """Save the database and all files of leads in FILE.

    The web server and the scheduler may keep running. Files in a folder or an object store are included.
    Settings and what else DATA_DIR holds are not.
    """
    if keep is None:
        _save(application, target, force=force)
        return
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        end(f"{target} cannot be used as a folder: {error.strerror or error}")
    _save(application, target / f"{datetime.now(UTC):{_DATED_NAME}}", force=force)
    for old in sorted(target.glob(_DATED_PATTERN))[:-keep]:  # the names sort by time
        old.unlink(missing_ok=True)


def _save(application: Application, file: Path, *, force: bool) -> None:
    try:
        is_folder, is_there = file.is_dir(), file.exists()
    except OSError as error:  # this user may not look there, or the name is too long
        end(f"{file} cannot be written: {error.strerror or error}")
    if is_folder:
        end(f"{file} is a folder; name a file, or keep several dated ones there with --keep")
    if is_there and not force:
        end(f"{file} exists already; choose another name, or overwrite it with --force")
    with application.container() as container:
        try:
            saved = container.backup_store().save(str(file), container.clock().now())
        except OSError as error:
            end(f"{file} cannot be written: {error.strerror or error}")
        with suppress(OSError):  # the backup counts, not its trace
            application.settings.backup_marker.touch()
    click.echo(f"Saved {_summary(saved)} in {file}.")
    _warn(saved)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite a database that is not empty.")
@click.option("--unsigned", is_flag=True, help="Accept a backup that LEADTRACKER_SECRET_KEY has not signed.")
@pass_application
def restore(application: Application, file: Path, *, force: bool, unsigned: bool) -> None:
    """Replace everything that is stored with the content of FILE.

    Stop the web server and the scheduler first. The file is verified as a whole before anything is changed.
    Leads that were erased, keys that were revoked and users who were disabled since the backup was made are
    erased, revoked and disabled again, if the present database can be read and knows of them.
    """
    with application.container(prepare=False) as container:
        store = container.backup_store().without_signature() if unsigned else container.backup_store()
        known = _withdrawals(store)
        try:
            restored = store.restore(str(file), force=force, announce=_announce)
        except OSError as error:
            end(f"{file} cannot be restored: {error.strerror or error}")
        repeated = container.repeat_withdrawals()(OPERATOR, known)
    _show_repeated(repeated)
    click.echo(f"Restored {_summary(restored)}, saved at {restored.made_at:%Y-%m-%d %H:%M:%S} UTC.")
    _warn(restored)


def _withdrawals(store: BackupStore) -> Withdrawals:
    """Return what was withdrawn; a database that cannot be read is a reason to restore a backup."""
    try:
        return store.withdrawals()
    except StorageUnavailable as error:
        what = "erased leads, revoked keys and disabled users may come back"
        say(f"Warning: the present database cannot be read, so that {what}: {error}")
        return Withdrawals()


def _summary(manifest: BackupManifest) -> str:
    return f"{number_of(manifest.rows['leads'], 'lead')} and {number_of(manifest.rows['lead_files'], 'file')}"


def _announce(accounts: BackupAccounts) -> None:
    users, keys = (
        ", ".join(f"{name} ({role})" for name, role in of.items()) or "none"
        for of in (accounts.users, accounts.api_keys)
    )
    click.echo(f"Users in the backup: {users}. API keys: {keys}.")


def _show_repeated(repeated: Withdrawals) -> None:
    if repeated.erased_leads:
        click.echo(f"Erased again: {number_of(len(repeated.erased_leads), 'lead')}.")
    if repeated.revoked_keys:
        click.echo(f"Revoked again: {', '.join(repeated.revoked_keys)}.")
    if repeated.disabled_users:
        click.echo(f"Disabled again: {', '.join(repeated.disabled_users)}.")


def _warn(manifest: BackupManifest) -> None:
    if manifest.missing:
        number = f"{manifest.missing} of {number_of(manifest.rows['lead_files'], 'file')}"
        why = "they were missing, or replaced while it was made"
        say(f"Warning: the backup lacks {number}: {why}.")
