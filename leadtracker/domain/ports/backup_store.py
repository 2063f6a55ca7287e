"""Port: backups of everything that is stored, in one file."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol, Self

from attrs import frozen


@frozen
class BackupManifest:
    """The description of a backup, stored in its file.

    Attributes:
        version: the version of the program that wrote it.
        kind: the kind of database that it was written from.
        migrations: the migrations that the database had applied.
        rows: the number of rows by table.
        objects: the number of resumes that it contains from an object storage.
        missing: the number of resumes that were not found there, or were replaced during the backup.
    """

    version: str
    kind: str
    made_at: datetime
    migrations: tuple[str, ...]
    rows: Mapping[str, int]
    objects: int
    missing: int


@frozen
class BackupAccounts:
    """Who could sign in after a restore: what a backup says of users and API keys.

    Attributes:
        users: the enabled users, each with the role.
        api_keys: the valid API keys, each with the role.
    """

    users: Mapping[str, str]
    api_keys: Mapping[str, str]


@frozen
class Withdrawals:
    """The withdrawals of the present store, which an older backup would undo.

    Attributes:
        erased_leads: the ids of erased leads.
        revoked_keys: the names of revoked API keys.
        disabled_users: the names of disabled users.
    """

    erased_leads: tuple[str, ...] = ()
    revoked_keys: tuple[str, ...] = ()
    disabled_users: tuple[str, ...] = ()


class BackupStore(Protocol):
    """Writes and restores backups: all rows and all resumes, but no settings and no secrets."""

    def save(self, path: str, now: datetime) -> BackupManifest:
        """Write a snapshot of everything that is stored into a new file with mode 0600.

        Other processes may continue to write. A resume in an object storage that is erased or replaced
        before it is read is not in the file. The file is created complete or not at all.

        Raises:
            ResumeStorageUnavailable: resumes are in an object storage that is unavailable or not configured.
            OSError: the file cannot be written.
        """
        ...

    def without_signature(self) -> Self:
        """Return the store that also restores backups which are not signed with the configured key."""
        ...

    def withdrawals(self) -> Withdrawals:
        """Return what was withdrawn from the present store; nothing if it has no tables yet."""
        ...

    def restore(
        self, path: str, *, force: bool, announce: Callable[[BackupAccounts], None] = lambda _: None
    ) -> BackupManifest:
        """Replace everything that is stored with the content of a file, in one transaction.

        The file is verified before anything is replaced, and the restored rows are verified before the
        commit. What says that a lead was erased or a key revoked stays if the file knows nothing of them, so
        that the restore of another file can repeat it. Resumes are written to the object storage first; a
        failure leaves some of them there, which the next attempt overwrites.

        Args:
            path: of the backup file.
            force: true to overwrite a store that is not empty.
            announce: receives who could sign in afterwards, before anything is replaced.

        Raises:
            RestoreRejected: the file is damaged, not signed, or of another version, the store is in use or
                not empty, or the resumes need an object storage and none is configured.
            ResumeStorageUnavailable: the object storage is unavailable.
            OSError: the file cannot be read.
        """
        ...
