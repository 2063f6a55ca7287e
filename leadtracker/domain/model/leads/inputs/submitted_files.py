"""The files among the inputs of a submission: the resume, and attachments under any other name."""

from collections.abc import Iterator, Mapping

from leadtracker.domain.model.leads.lead_file import MAX_FILES, RESUME_ID, LeadFile, Upload
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import FieldParser
from leadtracker.domain.model.values.filename import clean_filename

_RESUME = "resume"
"""The name of the input of the resume, which may also be a text."""

_MAY_HOLD_FILES = (Upload, list)


def read_files(raw: Mapping[str, object], parser: FieldParser) -> Mapping[str, LeadFile]:
    """Validate the files of a submission; the parser collects the errors, which name the files.

    Args:
        raw: the inputs by name. An upload is a value, or one of the values of a list.
        parser: of the same submission.

    Returns:
        The first file of the input ``resume`` under ``RESUME_ID``, the others under ``"1"``, ``"2"`` and so
        on, in the order in which they came.
    """
    files: dict[str, LeadFile] = {}
    for name, value in _candidates(raw):
        if len(files) >= MAX_FILES or (isinstance(value, Upload) and value.is_excess):
            parser.add_error(name, _too_many(value))
            continue
        try:
            file = LeadFile.read(value)
        except ValueError as error:
            parser.add_error(name, error)
            continue
        if file is not None:
            is_resume = name == _RESUME and RESUME_ID not in files
            files[RESUME_ID if is_resume else str(len(files.keys() - {RESUME_ID}) + 1)] = file
    return files


def without_files(raw: Mapping[str, object]) -> Mapping[str, object]:
    """Return the inputs that are no files; a text beside files of the same name becomes the value."""
    if not any(isinstance(value, _MAY_HOLD_FILES) for value in raw.values()):
        return raw
    texts: dict[str, object] = {}
    for name, value in raw.items():
        if isinstance(value, list) and any(isinstance(one, Upload) for one in value):
            others = [one for one in value if not isinstance(one, Upload)]
            if others:
                texts[name] = others[0] if len(others) == 1 else tuple(others)
        elif not isinstance(value, Upload):
            texts[name] = value
    return texts


def has_upload(raw: Mapping[str, object]) -> bool:
    """Return True if a file is among the inputs."""
    return any(isinstance(value, Upload) for _, value in _candidates(raw))


def _candidates(raw: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in raw.items():
        if name != _RESUME and not isinstance(value, _MAY_HOLD_FILES):
            continue
        values = value if isinstance(value, list) else [value]
        has_upload = any(isinstance(one, Upload) for one in values)
        for one in values if has_upload else [value]:
            if isinstance(one, Upload) or (name == _RESUME and one is not None):
                yield name, one


def _too_many(value: object) -> InvalidValue:
    name = clean_filename(value.filename) if isinstance(value, Upload) else "the text"
    return InvalidValue("file-too-many", file=name, max=MAX_FILES)
