"""Imports, and their undoing, that continue after the response, in a thread of the web process.

If the process ends, the import is interrupted; what it has stored can be undone, or imported again. Undoing
it again continues what was interrupted.
"""

import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import ExitStack
from io import TextIOWrapper
from itertools import islice
from tempfile import TemporaryFile
from typing import BinaryIO

import structlog
from attrs import frozen

from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.use_cases.imports.import_files import ImportFiles
from leadtracker.domain.use_cases.imports.import_leads import ImportLeads
from leadtracker.domain.use_cases.imports.import_rows import RowOutcome, RowResult
from leadtracker.domain.use_cases.imports.manage_imports import ManageImports, UndoneImport
from leadtracker.domain.use_cases.imports.running_import import RunningImport
from leadtracker.entrypoints.formats.field_messages import labelled_messages
from leadtracker.entrypoints.formats.lead_csv import LeadCsv, RejectedRowsWriter
from leadtracker.entrypoints.http.web.imports.uploaded_file import UploadedFiles
from leadtracker.entrypoints.http.web.rendering.owners import chosen_owner
from leadtracker.i18n.languages import Language
from leadtracker.i18n.texts import language_in_use, using_language

THREAD_NAME_PREFIX = "import-"
_PIECE_BYTES = 256 * 1024
_PATIENCE_SECONDS = 3


@frozen
class BackgroundImports:
    """Starts imports of uploaded files."""

    _files: ImportFiles
    _uploaded_files: UploadedFiles
    _import_leads: ImportLeads

    def start(self, actor: Actor, file_id: str, chosen: Mapping[str, str]) -> None:
        """Import the first rows of a file; a thread continues. The import has the id of the file.

        Args:
            actor: the caller.
            file_id: the uploaded file.
            chosen: the inputs of the form: the meaning of each column, ``owner``, and ``update`` and
                ``notify`` if they are ticked.

        Raises:
            ImportExists: the file is being imported already.
            ImportFileNotFound: there is no such file, or it has expired.
            ImportRejected: the file cannot be imported as it is matched.
            InvalidInput: the owner is no enabled user.
        """
        with ExitStack() as stack:
            file = stack.enter_context(self._uploaded_files.open(actor, file_id))
            columns, _ = self._uploaded_files.columns(file, chosen)
            leads_csv = stack.enter_context(self._uploaded_files.leads_csv(file, columns))
            running = self._import(actor, file_id, leads_csv, chosen)
            rejected = _RejectedRows(stack.enter_context(TemporaryFile()), leads_csv)
            for result in islice(running, 1):  # stores rows, so that the import is listed from now on
                rejected.add(result)
            started = _StartedImport(
                actor=actor,
                import_id=file_id,
                leads_csv=leads_csv,
                running=running,
                rejected=rejected,
                resources=stack.pop_all(),
                language=language_in_use(),
            )
        name = f"{THREAD_NAME_PREFIX}{file_id}"
        threading.Thread(target=self._continue, args=(started,), name=name, daemon=True).start()

    def _import(
        self, actor: Actor, file_id: str, leads_csv: LeadCsv, chosen: Mapping[str, str]
    ) -> RunningImport:
        """Return the import as it was chosen; it begins when its results are read."""
        return self._import_leads(
            actor,
            leads_csv.rows(),
            update="update" in chosen,
            notify="notify" in chosen,
            owner=chosen_owner(chosen.get("owner", "")),
            file_name=self._files.name(actor, file_id),
            import_id=file_id,
        )

    def _continue(self, started: "_StartedImport") -> None:
        try:
            with started.resources, using_language(started.language):
                started.running.set_rows(started.leads_csv.count())  # takes seconds for a large file
                for result in started.running:
                    started.rejected.add(result)
                if started.rejected.number:
                    pieces = started.rejected.pieces()
                    self._files.add_rejected_rows(started.actor, started.import_id, pieces)
                self._files.remove(started.import_id)
        except Exception:  # noqa: BLE001 - the end of a thread is reported by its own log entry only
            structlog.get_logger(__name__).exception("import interrupted", import_id=started.import_id)


@frozen
class BackgroundUndo:
    """Undoes imports."""

    _manage_imports: ManageImports

    def start(self, actor: Actor, import_id: str) -> UndoneImport | None:
        """Undo an import; return None if that takes more than a few seconds, and continues in a thread.

        Raises:
            PermissionDenied: the actor may not import leads.
            ImportNotFound: no import has this id.
        """
        self._manage_imports.get(actor, import_id)  # so that the thread has nothing to reject
        undone: Future[UndoneImport] = Future()
        arguments = (actor, import_id, undone)
        name = f"{THREAD_NAME_PREFIX}{import_id}"
        threading.Thread(target=self._undo, args=arguments, name=name, daemon=True).start()
        try:
            return undone.result(_PATIENCE_SECONDS)
        except TimeoutError:
            return None

    def _undo(self, actor: Actor, import_id: str, undone: "Future[UndoneImport]") -> None:
        try:
            undone.set_result(self._manage_imports.undo(actor, import_id))
        except Exception as error:  # noqa: BLE001 - raised by the request if that still waits
            structlog.get_logger(__name__).exception("undo interrupted", import_id=import_id)
            undone.set_exception(error)


@frozen
class _StartedImport:
    """An import whose first rows are stored, with the files that it needs to the end.

    Attributes:
        language: of the page that started it, which the thread does not inherit.
    """

    actor: Actor
    import_id: str
    leads_csv: LeadCsv
    running: RunningImport
    rejected: "_RejectedRows"
    resources: ExitStack
    language: Language


class _RejectedRows:
    """Collects rejected rows in a temporary file, with their reasons in the language in use."""

    def __init__(self, file: BinaryIO, leads_csv: LeadCsv) -> None:
        self._file = file
        encoding = leads_csv.dialect.encoding
        # What the encoding lacks can only be in messages of ours: the cells were read in it.
        self._text = TextIOWrapper(file, encoding, errors="replace", newline="", write_through=True)
        self._writer = RejectedRowsWriter(self._text, leads_csv, labelled_messages)
        self.number = 0

    def add(self, result: RowResult) -> None:
        """Write the row if it was rejected."""
        if result.outcome is RowOutcome.REJECTED:
            self._writer.write(result)
            self.number += 1

    def pieces(self) -> Iterator[bytes]:
        """Yield the file from its beginning."""
        self._text.flush()
        self._file.seek(0)
        while piece := self._file.read(_PIECE_BYTES):
            yield piece
