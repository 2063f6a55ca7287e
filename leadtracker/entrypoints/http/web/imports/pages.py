"""``/dashboard/import``: upload a file, match its columns, import it, see the result, undo it."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, g, redirect, request, url_for
from werkzeug.exceptions import NotFound, RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import (
    ImportExists,
    ImportFileNotFound,
    ImportRejected,
    InvalidInput,
)
from leadtracker.domain.model.intake.lead_import import ImportState, KeptLead, LeadImport
from leadtracker.domain.model.leads.lead_file import Upload
from leadtracker.domain.use_cases.imports.import_files import ImportFiles
from leadtracker.entrypoints.formats.field_messages import field_message
from leadtracker.entrypoints.http.auth.login_sessions import LoginSessions
from leadtracker.entrypoints.http.requests.multipart import MULTIPART, read_parts
from leadtracker.entrypoints.http.web.imports.background import BackgroundImports, BackgroundUndo
from leadtracker.entrypoints.http.web.imports.column_matching import column_choices, matching_errors
from leadtracker.entrypoints.http.web.imports.file_messages import file_message
from leadtracker.entrypoints.http.web.imports.uploaded_file import (
    MAX_FILE_BYTES,
    PREVIEWED_ROWS,
    UploadedFiles,
)
from leadtracker.entrypoints.http.web.rendering.dashboard_base import dashboard_blueprint
from leadtracker.entrypoints.http.web.rendering.page import form_fields, page, redirect_with_message
from leadtracker.i18n.formats import format_number
from leadtracker.i18n.texts import gettext as _
from leadtracker.i18n.texts import ngettext

_MAX_LISTED = 20
_MAX_KEPT_SHOWN = 200
_TIME_TO_KEEP_REJECTED = timedelta(minutes=1)


def import_pages(container: Container, login_sessions: LoginSessions) -> Blueprint:
    """Create the routes of imports."""
    blueprint = dashboard_blueprint(
        "import_pages", login_sessions, "/import", uploads={"import_pages.upload"}
    )
    files = UploadedFiles(container.import_files(), container.import_leads(), container.settings().timezone)
    _add_upload(blueprint, container, login_sessions, files)
    _add_matching(blueprint, container, files)
    _add_discarding(blueprint, container.import_files())
    _add_results(blueprint, container)
    return blueprint


def _add_upload(
    blueprint: Blueprint, container: Container, login_sessions: LoginSessions, files: UploadedFiles
) -> None:
    manage_imports = container.manage_imports()

    def start(status: int = 200, error: str | None = None) -> Response:
        imports = manage_imports.page(g.actor, limit=_MAX_LISTED).items
        max_mb = MAX_FILE_BYTES // 1024**2
        return page("imports/start.html", status, imports=imports, error=error, max_mb=max_mb)

    @blueprint.errorhandler(ImportFileNotFound)
    def gone(_error: ImportFileNotFound) -> Response:
        return start(404, _("This file is no longer here. Choose it again."))

    @blueprint.get("")
    def listing() -> Response:
        return start()

    @blueprint.post("")
    def upload() -> AnyResponse:
        manage_imports.page(g.actor, limit=1)  # before a large body of a user who may not import is read
        try:
            upload = _read_upload(login_sessions)
        except RequestEntityTooLarge:
            max_mb = MAX_FILE_BYTES // 1024**2
            return start(413, _("A file must not be larger than %(max)s MB.", max=max_mb))
        if upload is None or not upload.content:
            return start(422, _("Choose a file that is not empty."))
        try:
            file_id = files.add(g.actor, upload)
        except ImportRejected as error:
            return start(422, file_message(error))
        except InvalidInput as error:
            return start(422, field_message(error.errors[0]))
        return redirect(url_for("import_pages.match", file_id=file_id), 303)


def _read_upload(login_sessions: LoginSessions) -> Upload | None:
    """Read the file of the request's form, and check the CSRF token.

    Raises:
        CSRFError: the token is missing or invalid.
        HTTPException: the body cannot be read; see ``read_parts``.
    """
    if request.mimetype != MULTIPART:
        return None  # the blueprint has checked its token
    parts = read_parts(MAX_FILE_BYTES, max_files=1)
    token = parts.get("csrf_token")
    login_sessions.validate_csrf_token(token if isinstance(token, str) else None)
    upload = parts.get("file")
    return upload if isinstance(upload, Upload) else None


def _add_matching(blueprint: Blueprint, container: Container, files: UploadedFiles) -> None:
    import_files, find_owners = container.import_files(), container.find_owners()
    manage_imports = container.manage_imports()
    imports = BackgroundImports(import_files, files, container.import_leads())

    def show(file_id: str, chosen: dict[str, str], status: int = 200) -> Response:
        preview = files.preview(g.actor, file_id, chosen, update="update" in chosen)
        return page(
            "imports/match.html",
            status,
            name=import_files.name(g.actor, file_id),
            preview=preview,
            errors=matching_errors(preview.columns, preview.error),
            choices=list(column_choices()),
            chosen=chosen,
            owners=find_owners(g.actor),
            previewed=PREVIEWED_ROWS,
        )

    @blueprint.errorhandler(ImportExists)
    def to_import(error: ImportExists) -> AnyResponse:
        return redirect(url_for("import_pages.show", import_id=error.import_id), 303)

    @blueprint.get("/files/<name:file_id>")
    def match(file_id: str) -> Response:
        manage_imports.check_new(g.actor, file_id)
        return show(file_id, {})

    @blueprint.post("/files/<name:file_id>")
    def begin(file_id: str) -> AnyResponse:
        manage_imports.check_new(g.actor, file_id)
        chosen = form_fields()
        if chosen.get("do") != "import":
            return show(file_id, chosen)
        try:
            imports.start(g.actor, file_id, chosen)
        except ImportRejected:
            return show(file_id, chosen, 422)
        return redirect(url_for("import_pages.show", import_id=file_id), 303)


def _add_discarding(blueprint: Blueprint, import_files: ImportFiles) -> None:
    @blueprint.post("/files/<name:file_id>/discard")
    def discard(file_id: str) -> AnyResponse:
        import_files.name(g.actor, file_id)
        import_files.remove(file_id)
        return redirect_with_message("import_pages.listing", _("The file was deleted, nothing was imported."))


def _add_results(blueprint: Blueprint, container: Container) -> None:
    manage_imports, import_files = container.manage_imports(), container.import_files()
    clock, read_lead_names = container.clock(), container.read_lead_names()
    background = BackgroundUndo(manage_imports)

    @blueprint.get("/<name:import_id>")
    def show(import_id: str) -> Response:
        record = manage_imports.get(g.actor, import_id)
        has_rejected = import_files.has_rejected_rows(g.actor, import_id)
        kept: list[KeptLead] = []
        if record.state is ImportState.UNDONE:
            kept = manage_imports.kept(g.actor, import_id, limit=_MAX_KEPT_SHOWN + 1)
        return page(
            "imports/result.html",
            record=record,
            has_rejected=has_rejected,
            is_busy=_is_busy(record, clock.now(), has_rejected=has_rejected),
            kept=kept[:_MAX_KEPT_SHOWN],
            has_more_kept=len(kept) > _MAX_KEPT_SHOWN,
            names=read_lead_names(g.actor, [one.lead_id for one in kept]),
        )

    @blueprint.get("/<name:import_id>/rejected")
    def rejected(import_id: str) -> Response:
        if not import_files.has_rejected_rows(g.actor, import_id):
            raise NotFound
        pieces = import_files.rejected_rows(g.actor, import_id)
        headers = {"Content-Disposition": 'attachment; filename="rejected.csv"'}
        return Response(b"".join(pieces), headers=headers, content_type="text/csv")

    @blueprint.post("/<name:import_id>/undo")
    def undo(import_id: str) -> AnyResponse:
        undone = background.start(g.actor, import_id)
        if undone is None or undone.kept:
            return redirect(url_for("import_pages.show", import_id=import_id), 303)
        number = format_number(undone.removed)
        text = ngettext(
            "%(number)s lead was removed.", "%(number)s leads were removed.", undone.removed, number=number
        )
        return redirect_with_message("import_pages.listing", text)


def _is_busy(record: LeadImport, now: datetime, *, has_rejected: bool) -> bool:
    """Return True if the page will change soon: leads, or the rejected rows, are being stored or removed."""
    if record.is_in_progress(now):
        return True
    is_recent = now - record.updated_at < _TIME_TO_KEEP_REJECTED
    return record.state is ImportState.COMPLETED and record.rejected > 0 and is_recent and not has_rejected
