"""The dialect of a table: how it was read, and how records of it are written again."""

from pathlib import Path
from typing import TextIO

from attrs import frozen

from leadtracker.domain.model.values.encodings.text_encoding import label

CSV = "CSV"


@frozen
class Dialect:
    """The format of a file.

    Attributes:
        encoding: Python's name.
        delimiter: between the cells of CSV.
        format: ``CSV``, or ``Excel`` for a workbook.
        sheet: the name of the sheet that is read, if it is one of several.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    format: str = CSV
    sheet: str = ""

    @property
    def encoding_label(self) -> str:
        """The name of the encoding as users know it."""
        return label(self.encoding)

    @property
    def is_usual(self) -> bool:
        """True for CSV in UTF-8, about which users need no message."""
        return self.format == CSV and self.encoding_label == "UTF-8"

    @property
    def description(self) -> str:
        """How the file was read, as a phrase for users."""
        if self.format != CSV:
            return f"{self.format}, sheet “{self.sheet}”" if self.sheet else self.format
        name = {"\t": "TAB"}.get(self.delimiter, f"“{self.delimiter}”")
        return f"CSV in {self.encoding_label}, separated by {name}"

    def create(self, path: Path) -> TextIO:
        """Create a CSV file in this dialect.

        Raises:
            OSError: it cannot be created.
        """
        # What the encoding lacks can only be in messages of ours: the cells were read in it.
        return path.open("w", encoding=self.encoding, errors="replace", newline="")
