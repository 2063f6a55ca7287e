"""The table of lead fields, from which other modules derive what they read and show."""

import attrs
import pytest

from leadtracker.domain.model.leads.fields import (
    DETAIL_FIELDS,
    FIELDS_BY_NAME,
    LEAD_FIELDS,
    LONG_FIELDS,
    NAME_FIELDS,
    LeadField,
    read_field,
)
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_payload import PAYLOAD_COLUMNS
from leadtracker.domain.model.values.field_parser import FieldParser
from tests.support.builders import make_lead


def read(field: LeadField, text: str) -> object:
    parser = FieldParser({field.name: text})
    value = read_field(field, parser, lambda _: None, is_required=True)
    parser.raise_if_errors()
    return value


def test_names_and_labels_are_distinct() -> None:
    assert len(FIELDS_BY_NAME) == len({field.label for field in LEAD_FIELDS}) == len(LEAD_FIELDS)


def test_every_field_is_an_attribute_of_leads_and_a_column_of_payloads() -> None:
    assert set(FIELDS_BY_NAME) <= set(attrs.fields_dict(Lead))
    assert set(FIELDS_BY_NAME) <= set(PAYLOAD_COLUMNS)
    assert list(make_lead().texts) == list(FIELDS_BY_NAME)


def test_every_field_is_shown_as_name_detail_or_paragraph() -> None:
    assert {*NAME_FIELDS, *DETAIL_FIELDS, *LONG_FIELDS} == set(LEAD_FIELDS)
    assert [field.name for field in NAME_FIELDS] == ["first_name", "last_name"]


@pytest.mark.parametrize("field", LEAD_FIELDS, ids=lambda field: field.name)
def test_examples_are_valid_values(field: LeadField) -> None:
    assert read(field, field.example)
    assert len(field.example) <= field.max_length
