"""The file of a backup: a ZIP of ``manifest.json`` and members of lines, one a table and one of objects.

The manifest has the number of rows and the SHA-256 of each member, so a file that lost anything is recognised
before anything of it is used. With a key, the manifest is signed, so a file that others have made or changed
is recognised, too. ``FORMAT`` changes when an older program could misread a file.
"""

import hashlib
import hmac
import json
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zlib import error as zlib_error

from attrs import define, field, frozen

from leadtracker.domain.errors import RestoreRejected
from leadtracker.domain.model.values.timestamps import format_timestamp, parse_timestamp
from leadtracker.domain.ports.backup_store import BackupManifest

FORMAT = 1
_MANIFEST = "manifest.json"
_OBJECTS = "objects.ndjson"
_SIGNATURE = "manifest.hmac-sha256"
_MAX_MANIFEST_BYTES = 1 << 20
_MAX_LINE_BYTES = 144 << 20
"""The largest upload (100 MiB) in Base64, and some more. A longer line would fill the memory."""


_MAX_RATIO = 250
"""Rows and files are packed less than half as much; a file that holds more is made to fill the disk."""

_ALWAYS_ALLOWED_BYTES = 64 << 20


@define
class BackupWriter:
    """Writes members; ``write_manifest`` writes the manifest, without which a file is no backup."""

    _zip: zipfile.ZipFile
    _key: bytes | None
    _tables: dict[str, dict[str, Any]] = field(factory=dict, init=False)
    _objects: dict[str, Any] = field(factory=dict, init=False)

    @classmethod
    @contextmanager
    def to(cls, path: Path, key: bytes | None = None) -> Iterator["BackupWriter"]:
        """A new file that takes the name ``path`` when the block is left without an error; mode 0600.

        With a ``key`` the file is signed.
        """
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        new = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zipped:
                    yield cls(zipped, key)
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)

    def write(self, table: str, lines: Iterable[bytes]) -> None:
        """Write the rows of a table, one line each."""
        self._tables[table] = self._write(_member(table), lines)

    def write_objects(self, lines: Iterable[bytes]) -> None:
        """Write the contents of objects, one line each."""
        self._objects = self._write(_OBJECTS, lines)

    def write_manifest(
        self, version: str, kind: str, migrations: Iterable[str], missing: int, now: datetime
    ) -> BackupManifest:
        """Write the manifest of what the file holds, and return it."""
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "version": version,
            "kind": kind,
            "made_at": format_timestamp(now),
            "migrations": list(migrations),
            "tables": self._tables,
            "objects": self._objects,
            "missing": missing,
        }
        content = json.dumps(manifest, indent=2).encode()
        self._zip.writestr(_MANIFEST, content)
        if self._key is not None:
            self._zip.writestr(_SIGNATURE, _sign(content, self._key))
        return _to_manifest(manifest)

    def _write(self, name: str, lines: Iterable[bytes]) -> dict[str, Any]:
        digest, rows = hashlib.sha256(), 0
        with self._zip.open(name, "w", force_zip64=True) as member:
            for line in lines:
                member.write(line)
                digest.update(line)
                rows += 1
        return {"rows": rows, "sha256": digest.hexdigest()}


@frozen
class BackupReader:
    """Reads a backup that was written whole."""

    manifest: BackupManifest
    _zip: zipfile.ZipFile
    _members: dict[str, dict[str, Any]]

    @classmethod
    @contextmanager
    def of(cls, path: Path, key: bytes | None = None) -> Iterator["BackupReader"]:
        """The file at ``path``, which must be signed if there is a ``key``.

        Raises:
            RestoreRejected: it is no backup, not signed with the key, or of a newer format; or, within the
                block, it is damaged.
        """
        try:
            with zipfile.ZipFile(path) as zipped:
                _check_size(zipped, path.stat().st_size)
                if key is not None:
                    _check_signature(zipped, key)
                manifest = _read_manifest(zipped)
                yield cls(_to_manifest(manifest), zipped, _members(manifest))
        except (zipfile.BadZipFile, EOFError, zlib_error) as error:
            raise RestoreRejected("the backup is damaged, or no backup at all") from error

    def check(self) -> None:
        """Read everything once.

        Raises:
            RestoreRejected: something is missing, or was changed since it was written.
        """
        for name, expected in self._members.items():
            digest, rows = hashlib.sha256(), 0
            for line in self._read(name):
                digest.update(line)
                rows += 1
            if (digest.hexdigest(), rows) != (expected["sha256"], expected["rows"]):
                raise RestoreRejected(f"the backup is damaged: {name} is not what was saved")

    def read_rows(self, table: str) -> Iterator[bytes]:
        """The rows of a table, one line each."""
        return self._read(_member(table))

    def read_objects(self) -> Iterator[bytes]:
        """The contents of objects, one line each."""
        return self._read(_OBJECTS)

    def _read(self, name: str) -> Iterator[bytes]:
        try:
            member = self._zip.open(name)
        except KeyError:
            raise RestoreRejected(f"the backup is damaged: it lacks {name}") from None
        with member:
            while line := member.readline(_MAX_LINE_BYTES + 1):
                if len(line) > _MAX_LINE_BYTES:
                    raise RestoreRejected(f"the backup is damaged: {name} has a line that is too long")
                yield line


def _sign(manifest: bytes, key: bytes) -> str:
    return hmac.digest(key, b"leadtracker backup " + manifest, "sha256").hex()


def _check_signature(zipped: zipfile.ZipFile, key: bytes) -> None:
    try:
        with zipped.open(_MANIFEST) as manifest, zipped.open(_SIGNATURE) as signature:
            expected = _sign(manifest.read(_MAX_MANIFEST_BYTES), key)
            is_signed = hmac.compare_digest(signature.read(len(expected) + 1), expected.encode())
    except KeyError:
        is_signed = False
    if not is_signed:
        text = "the backup is not signed with the configured secret key; --unsigned restores it nevertheless"
        raise RestoreRejected(text)


def _check_size(zipped: zipfile.ZipFile, packed: int) -> None:
    # A member never yields more than its stated size: zipfile stops there.
    unpacked = sum(member.file_size for member in zipped.infolist())
    if unpacked > max(packed * _MAX_RATIO, _ALWAYS_ALLOWED_BYTES):
        raise RestoreRejected("the backup is damaged: it would become many times as large as any backup")


def _read_manifest(zipped: zipfile.ZipFile) -> dict[str, Any]:
    try:
        with zipped.open(_MANIFEST) as member:
            manifest: dict[str, Any] = json.loads(member.read(_MAX_MANIFEST_BYTES))
        known = manifest["format"] == FORMAT
        _to_manifest(manifest)
    except (KeyError, TypeError, ValueError) as error:
        raise RestoreRejected("the file is no backup of this program") from error
    if not known:
        raise RestoreRejected("the backup was made by a newer version of this program; upgrade the program")
    return manifest


def _to_manifest(manifest: dict[str, Any]) -> BackupManifest:
    return BackupManifest(
        version=manifest["version"],
        kind=manifest["kind"],
        made_at=parse_timestamp(manifest["made_at"]),
        migrations=tuple(manifest["migrations"]),
        rows={name: table["rows"] for name, table in manifest["tables"].items()},
        objects=manifest["objects"]["rows"],
        missing=manifest["missing"],
    )


def _members(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    tables = {_member(table): expected for table, expected in manifest["tables"].items()}
    return {**tables, _OBJECTS: manifest["objects"]}


def _member(table: str) -> str:
    return f"tables/{table}.ndjson"
