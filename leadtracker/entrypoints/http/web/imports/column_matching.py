"""Match the columns of an uploaded file with fields: by their names, and by hand."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from leadtracker.domain.errors import ImportRejected
from leadtracker.domain.model.leads.inputs.column_names import REQUIRED_COLUMNS
from leadtracker.domain.model.leads.inputs.field_aliases import FULL_NAME
from leadtracker.domain.model.leads.inputs.field_names import field_named
from leadtracker.entrypoints.formats.labels import field_label
from leadtracker.entrypoints.formats.lead_csv import KNOWN_COLUMNS, LEFT_OUT, meanings_of
from leadtracker.entrypoints.http.web.imports.file_messages import file_message
from leadtracker.i18n.texts import gettext as _

ANSWER, NOTHING = "answer", "nothing"
_FIELDS = (FULL_NAME, *KNOWN_COLUMNS)
_MAX_EXAMPLES = 3


@frozen
class Column:
    """A column of the file.

    Attributes:
        number: counts from 1.
        title: its name in the header.
        choice: a field, ``ANSWER`` or ``NOTHING``.
        examples: its first cells that are not empty.
    """

    number: int
    title: str
    choice: str
    examples: tuple[str, ...]

    @property
    def meaning(self) -> str:
        """The meaning of the column to ``LeadCsv``."""
        if self.choice == NOTHING:
            return LEFT_OUT
        if self.choice != ANSWER:
            return self.choice
        # A name that means a field would be read as that field again.
        is_plain = self.title and self.title not in _FIELDS and field_named(self.title) is None
        return self.title if is_plain else f"{self.title or 'column'} {self.number}"


def match_columns(
    header: Sequence[str], cells: Sequence[Sequence[str]], chosen: Mapping[str, str]
) -> list[Column]:
    """Return the columns of a file.

    Args:
        header: the first row.
        cells: the next rows, for examples.
        chosen: the choices of the user, by ``column-1`` and so on; where there is none, the names decide.
    """
    columns = []
    for number, (title, name) in enumerate(zip(header, meanings_of(header), strict=True), 1):
        choice = chosen.get(f"column-{number}", "")
        if choice not in {ANSWER, NOTHING, *_FIELDS}:
            choice = NOTHING if name == LEFT_OUT else name if name in _FIELDS else ANSWER
        filled = (row[number - 1].strip() for row in cells if len(row) >= number)
        examples = tuple(cell for cell in filled if cell)[:_MAX_EXAMPLES]
        columns.append(Column(number, title.strip(), choice, examples))
    return columns


def column_choices() -> Iterator[tuple[str, str]]:
    """Yield what a column can mean, each with its label."""
    yield ANSWER, _("Keep as an answer")
    yield NOTHING, _("Leave out")
    for name in _FIELDS:
        yield name, _("Full name") if name == FULL_NAME else field_label(name)


def matching_errors(columns: Sequence[Column], error: ImportRejected | None) -> list[str]:
    """Return sentences about why a file cannot be imported as its columns are matched; empty if it can."""
    if error is None:
        return []
    fields = Counter(column.choice for column in columns if column.choice in _FIELDS)
    found = []
    if not fields.keys() & set(REQUIRED_COLUMNS[0]):
        found.append(_("Choose the column that holds the name."))
    if not fields.keys() & set(REQUIRED_COLUMNS[1]):
        found.append(_("Choose the column that holds the e-mail address, or the phone number."))
    labels = dict(column_choices())
    found += [
        _("Choose “%(field)s” for one column only.", field=labels[name])
        for name, number in fields.items()
        if number > 1
    ]
    return found or [file_message(error)]
