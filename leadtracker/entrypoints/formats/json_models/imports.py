"""The JSON objects of imports."""

from typing import Annotated, Self

from pydantic import Field

from leadtracker.domain.model.intake.lead_import import ImportState
from leadtracker.domain.model.leads.history import Action
from leadtracker.domain.use_cases.imports.manage_imports import UndoneImport
from leadtracker.entrypoints.formats.as_json import JsonModel, Timestamp

EXAMPLE_IMPORT_ID = "0190c3a2f1d87cc0a3b1e0d3c5a79b12"
_Count = Annotated[int, Field(json_schema_extra={"minimum": 0}, examples=[7])]


class LeadImportJson(JsonModel):
    """An import of leads from a file."""

    id: str = Field(description="Opaque.", examples=[EXAMPLE_IMPORT_ID])
    started_at: Timestamp
    actor: str = Field(description="Who imported.", examples=["user:ann"])
    file_name: str | None = Field(description="null if it is not known.", examples=["leads.csv"])
    state: ImportState
    rows: int | None = Field(
        description="The number of rows of the file; null if it is not known.",
        json_schema_extra={"minimum": 0},
        examples=[7],
    )
    created: _Count = Field(description="The number of new leads.")
    updated: _Count = Field(description="The number of known leads that were changed.")
    duplicates: _Count = Field(description="The number of rows of known people, which were skipped.")
    rejected: _Count = Field(description="The number of invalid rows.")
    removed: _Count = Field(description="The number of leads that undoing has removed.")


class KeptLeadJson(JsonModel):
    """A lead that undoing an import has not removed."""

    id: str = Field(description="The id of the lead.", examples=[EXAMPLE_IMPORT_ID])
    reason: Action = Field(
        description="What has happened to it since the import, as in its history.", examples=["edited"]
    )


class UndoneImportJson(JsonModel):
    """The result of undoing an import."""

    removed: _Count = Field(description="The number of removed leads, those of earlier attempts included.")
    kept: list[KeptLeadJson] = Field(description="The leads that were changed since, which stay.")

    @classmethod
    def of_result(cls, undone: UndoneImport) -> Self:
        """The JSON object of a result."""
        return cls(
            removed=undone.removed,
            kept=[KeptLeadJson(id=one.lead_id, reason=one.reason) for one in undone.kept],
        )
