"""The contents that objects have, as lines of a backup: JSON arrays of a key and a content in Base64."""

import base64
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from tempfile import TemporaryFile
from typing import BinaryIO

import orjson
import peewee
from attrs import define, field, frozen

from leadtracker.adapters.database.engine.dialects.dialect import Dialect
from leadtracker.adapters.database.engine.statement_names import param
from leadtracker.adapters.database.engine.statements import StatementCache, StatementExecutor
from leadtracker.adapters.database.engine.transactions import translated_errors
from leadtracker.adapters.database.tables import LeadFileRow, LeadRow
from leadtracker.domain.errors import RestoreRejected, ResumeStorageUnavailable
from leadtracker.domain.ports.backup_store import BackupManifest
from leadtracker.domain.ports.leads.object_store import ObjectStore

_ROWS_AT_ONCE = 1_000


@define
class ObjectExporter:
    """Exports the objects that existed at one moment, with no more than one of them in memory.

    Fetching objects takes longer than a transaction should. The keys are therefore recorded first, in an
    unnamed file, and the objects are fetched after the transaction.

    Attributes:
        missing: the number of files without a line, except for those of leads erased in the meantime.
    """

    _keys: BinaryIO
    missing: int = field(default=0, init=False)

    @classmethod
    @contextmanager
    def opened(cls) -> Iterator["ObjectExporter"]:
        """Provide an exporter without any key."""
        with TemporaryFile() as keys:
            yield cls(keys)

    def record_keys(self, source: Dialect) -> None:
        """Record the keys of the objects that files refer to now."""
        executor = StatementExecutor(source, source.database, StatementCache(source), writable=False)
        cursor: dict[str, object] = {"lead_id": "", "id": ""}
        while rows := executor.rows(_select_objects, **cursor):
            self._keys.writelines(orjson.dumps(tuple(row), option=orjson.OPT_APPEND_NEWLINE) for row in rows)
            cursor = {"lead_id": rows[-1].lead_id, "id": rows[-1].id}

    def export(self, live: Dialect, objects: ObjectStore | None) -> Iterator[bytes]:
        """Yield a line for each recorded object that is found unchanged.

        Args:
            live: the database in use, which shows whether a lead was erased in the meantime.
            objects: the object storage; None if there is none.

        Raises:
            ResumeStorageUnavailable: the storage cannot be read now, or there is none.
        """
        self._keys.seek(0)
        for lead_id, _, key, digest in map(orjson.loads, self._keys):
            if objects is None:
                raise ResumeStorageUnavailable("files are in an object storage, and none is set up")
            content = objects.get(key)
            if content is not None and sha256(content).hexdigest() == digest:
                yield orjson.dumps(
                    [key, base64.b64encode(content).decode()], option=orjson.OPT_APPEND_NEWLINE
                )
            elif _lead_exists(live, lead_id):
                self.missing += 1


@contextmanager
def object_importer(
    objects: ObjectStore | None, manifest: BackupManifest
) -> Iterator["ObjectImporter | None"]:
    """Yield the importer of a backup's objects, or None if the backup has no objects.

    If the block rejects the restore, the new objects are deleted again. After any other error they are kept,
    because the database may already refer to them, and the next restore finds them stored.

    Raises:
        RestoreRejected: there is no object storage.
    """
    if not manifest.objects:
        yield None
        return
    if objects is None:
        text = "the backup has resumes of an object storage, and none is set up; "
        raise RestoreRejected(text + "let LEADTRACKER_RESUMES_URL name one")
    with TemporaryFile() as new:
        importer = ObjectImporter(objects, new)
        try:
            yield importer
        except RestoreRejected:
            importer.undo()
            raise


@frozen
class ObjectImporter:
    """Puts objects back, under the keys that they had."""

    _objects: ObjectStore
    _new: BinaryIO

    def import_objects(self, lines: Iterable[bytes]) -> None:
        """Put contents from lines; an object that is stored already stays.

        Raises:
            RestoreRejected: the lines are not what a backup has.
            ResumeStorageUnavailable: the storage cannot take them now.
        """
        for line in lines:
            try:
                key, encoded = orjson.loads(line)
                self._put(key, base64.b64decode(encoded))
            except (TypeError, ValueError) as error:
                raise RestoreRejected("the backup holds what cannot be stored") from error

    def undo(self) -> None:
        """Delete the objects that were put, unless the storage is unavailable."""
        self._new.seek(0)
        with suppress(ResumeStorageUnavailable):
            for line in self._new:
                self._objects.delete(orjson.loads(line))

    def _put(self, key: str, content: bytes) -> None:
        there = self._objects.get(key)
        if there == content:
            return
        if there is None:
            self._new.write(orjson.dumps(key, option=orjson.OPT_APPEND_NEWLINE))
        else:
            self._objects.delete(key)  # what is there is damaged, and a key is put only once
        self._objects.put(key, content)


def _lead_exists(live: Dialect, lead_id: str) -> bool:
    with translated_errors():
        live.open()
        try:
            executor = StatementExecutor(live, live.database, StatementCache(live), writable=False)
            return bool(executor.rows(_select_lead, lead_id=lead_id))
        finally:
            live.release()


def _select_objects() -> peewee.Node:
    row = LeadFileRow
    query = row.select(row.lead, row.id, row.object_key, row.sha256)
    is_after = peewee.Tuple(row.lead, row.id) > peewee.Tuple(param("lead_id"), param("id"))
    is_object = row.object_key.is_null(is_null=False)
    return query.where(is_object, is_after).order_by(row.lead, row.id).limit(_ROWS_AT_ONCE)


def _select_lead() -> peewee.Node:
    return LeadRow.select(LeadRow.id).where(LeadRow.id == param("lead_id"))
