"""A ZIP archive of all data about a person: ``person.json``, and the files that they have sent."""

import re
from collections.abc import Iterable
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from leadtracker.domain.use_cases.leads.export_personal_data import ExportedFile, PersonalDataExport
from leadtracker.entrypoints.formats.as_json import dump
from leadtracker.entrypoints.formats.json_models.personal_data import PersonalDataJson

CONTENT_TYPE = "application/zip"

_MAX_BYTES_IN_MEMORY = 8 * 1024 * 1024
_OTHER = re.compile(r"[^\w.-]+", re.ASCII)
_MAX_NAME_LENGTH = 100


def archive_of(person: PersonalDataExport, files: Iterable[ExportedFile]) -> IO[bytes]:
    """Return the archive, at its beginning; the caller closes it.

    Files are in ``files/``, in a folder for each lead. Their names keep only letters, digits, dots and
    hyphens, so that no program that unpacks the archive writes elsewhere. The names of files that are missing
    in the object storage are in ``missing.txt``.
    """
    archive: IO[bytes] = SpooledTemporaryFile(_MAX_BYTES_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    missing = []
    with ZipFile(archive, "w", ZIP_DEFLATED) as zip_file:
        zip_file.writestr("person.json", dump(PersonalDataJson.of(person), indent=True))
        for file in files:
            name = f"files/{file.lead_id}/{file.file_id}-{_safe(file.filename)}"
            if file.content is None:
                missing.append(name)
            else:
                zip_file.writestr(name, file.content)
        if missing:
            zip_file.writestr("missing.txt", "\n".join(missing) + "\n")
    archive.seek(0)
    return archive


def _safe(filename: str) -> str:
    return _OTHER.sub("_", filename)[-_MAX_NAME_LENGTH:].lstrip(".")
