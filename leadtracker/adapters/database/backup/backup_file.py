"""The file of an archive: a ZIP of ``manifest.json`` and members of lines, one a table and one of objects.

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

from leadtracker.domain.errors import RestoreRefused
from leadtracker.domain.model.timestamps import format_instant, parse_instant
from leadtracker.domain.ports.backup_store import Archive

FORMAT = 1
_MANIFEST = "manifest.json"
_OBJECTS = "objects.ndjson"
_MOST_IN_A_MANIFEST = 1 << 20


@define
class ArchiveWriter:
    """Writes members; ``seal`` writes the manifest, without which a file is no archive."""

    _zip: zipfile.ZipFile
    _tables: dict[str, dict[str, Any]] = field(factory=dict, init=False)
    _objects: dict[str, Any] = field(factory=dict, init=False)

    @classmethod
    @contextmanager
    def to(cls, path: Path) -> Iterator["ArchiveWriter"]:
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

    def seal(
        self, version: str, kind: str, migrations: Iterable[str], missing: int, now: datetime
    ) -> Archive:
        """Write what the file holds, and tell it."""
        manifest = {
            "format": FORMAT,
            "version": version,
            "kind": kind,
            "made_at": format_instant(now),
            "migrations": list(migrations),
            "tables": self._tables,
            "objects": self._objects,
            "missing": missing,
        }
        self._zip.writestr(_MANIFEST, json.dumps(manifest, indent=2))
        return _to_archive(manifest)

    def _write(self, name: str, lines: Iterable[bytes]) -> dict[str, Any]:
        digest, rows = hashlib.sha256(), 0
        with self._zip.open(name, "w", force_zip64=True) as member:
            for line in lines:
                member.write(line)
                digest.update(line)
                rows += 1
        return {"rows": rows, "sha256": digest.hexdigest()}


@frozen
class ArchiveReader:
    """Reads an archive that was written whole."""

    archive: Archive
    _zip: zipfile.ZipFile
    _members: dict[str, dict[str, Any]]

    @classmethod
    @contextmanager
    def of(cls, path: Path) -> Iterator["ArchiveReader"]:
        """The file at ``path``.

        Raises:
            RestoreRefused: it is no archive, or of a newer format; or, within the block, it is damaged.
        """
        try:
            with zipfile.ZipFile(path) as zipped:
                manifest = _read_manifest(zipped)
                yield cls(_to_archive(manifest), zipped, _members(manifest))
        except (zipfile.BadZipFile, EOFError, zlib_error) as error:
            raise RestoreRefused("the archive is damaged, or no archive at all") from error

    def check(self) -> None:
        """Read everything once.

        Raises:
            RestoreRefused: something is missing, or was changed since it was written.
        """
        for name, told in self._members.items():
            digest, rows = hashlib.sha256(), 0
            for line in self._read(name):
                digest.update(line)
                rows += 1
            if (digest.hexdigest(), rows) != (told["sha256"], told["rows"]):
                raise RestoreRefused(f"the archive is damaged: {name} is not what was saved")

    def lines(self, table: str) -> Iterator[bytes]:
        """The rows of a table, one line each."""
        return self._read(_member(table))

    def objects(self) -> Iterator[bytes]:
        """The contents of objects, one line each."""
        return self._read(_OBJECTS)

    def _read(self, name: str) -> Iterator[bytes]:
        try:
            member = self._zip.open(name)
        except KeyError:
            raise RestoreRefused(f"the archive is damaged: it lacks {name}") from None
        with member:
            yield from member


def _read_manifest(zipped: zipfile.ZipFile) -> dict[str, Any]:
    try:
        with zipped.open(_MANIFEST) as member:
            manifest: dict[str, Any] = json.loads(member.read(_MOST_IN_A_MANIFEST))
        known = manifest["format"] == FORMAT
        _to_archive(manifest)
    except (KeyError, TypeError, ValueError) as error:
        raise RestoreRefused("the file is no archive of this program") from error
    if not known:
        raise RestoreRefused("the archive was made by a newer version of this program; upgrade the program")
    return manifest


def _to_archive(manifest: dict[str, Any]) -> Archive:
    return Archive(
        version=manifest["version"],
        kind=manifest["kind"],
        made_at=parse_instant(manifest["made_at"]),
        migrations=tuple(manifest["migrations"]),
        rows={name: table["rows"] for name, table in manifest["tables"].items()},
        objects=manifest["objects"]["rows"],
        missing=manifest["missing"],
    )


def _members(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    tables = {_member(table): told for table, told in manifest["tables"].items()}
    return {**tables, _OBJECTS: manifest["objects"]}


def _member(table: str) -> str:
    return f"tables/{table}.ndjson"
