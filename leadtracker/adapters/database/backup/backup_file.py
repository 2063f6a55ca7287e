"""The file of a backup: a ZIP of ``manifest.json`` and members of lines, one a table and one of objects.

The manifest has the number of rows and the SHA-256 of each member, so a file that lost anything is recognised
before anything of it is used. ``FORMAT`` changes when an older program could misread a file.
"""

import hashlib
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
_MAX_MANIFEST_BYTES = 1 << 20
_MAX_LINE_BYTES = 144 << 20
"""The largest upload (100 MiB) in Base64, and some more. A longer line would fill the memory."""


@define
class BackupWriter:
    """Writes members; ``write_manifest`` writes the manifest, without which a file is no backup."""

    _zip: zipfile.ZipFile
    _tables: dict[str, dict[str, Any]] = field(factory=dict, init=False)
    _objects: dict[str, Any] = field(factory=dict, init=False)

    @classmethod
    @contextmanager
    def to(cls, path: Path) -> Iterator["BackupWriter"]:
        """A new file that takes the name ``path`` when the block is left without an error; mode 0600."""
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        new = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zipped:
                    yield cls(zipped)
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
        """Write what the file holds, and tell it."""
        manifest = {
            "format": FORMAT,
            "version": version,
            "kind": kind,
            "made_at": format_timestamp(now),
            "migrations": list(migrations),
            "tables": self._tables,
            "objects": self._objects,
            "missing": missing,
        }
        self._zip.writestr(_MANIFEST, json.dumps(manifest, indent=2))
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
    def of(cls, path: Path) -> Iterator["BackupReader"]:
        """The file at ``path``.

        Raises:
            RestoreRejected: it is no backup, or of a newer format; or, within the block, it is damaged.
        """
        try:
            with zipfile.ZipFile(path) as zipped:
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
