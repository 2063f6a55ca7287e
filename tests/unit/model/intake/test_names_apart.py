"""A name in one input and a part of it in another: who the person is does not depend on their order."""

import pytest

from leadtracker.domain.model.leads.inputs.column_names import columns_named
from leadtracker.domain.model.leads.inputs.inputs import Inputs


def person(raw: dict[str, object], *, is_reversed: bool, from_import: bool = False) -> tuple[object, object]:
    pairs = list(raw.items())
    fields = Inputs.of(dict(pairs[::-1] if is_reversed else pairs), from_import=from_import).fields
    return fields.get("first_name"), fields.get("last_name")


@pytest.mark.parametrize("is_reversed", [False, True])
@pytest.mark.parametrize(
    ("raw", "first_name", "last_name"),
    [
        ({"Name": "Roe", "Vorname": "Jane"}, "Jane", "Roe"),
        ({"name *": "von der Heide", "vorname *": "Anna Maria"}, "Anna Maria", "von der Heide"),
        ({"Naam": "De Vries", "Voornaam": "Jan"}, "Jan", "De Vries"),
        ({"Vorname": "Jane", "Nachname": "Roe", "Name": "x"}, "Jane", "Roe"),
        ({"name": "Mary Ann", "surname": "Roe"}, "Mary Ann", "Roe"),
        ({"Nome": "Anna Maria", "Cognome": "De Luca"}, "Anna Maria", "De Luca"),
        ({"name": "Jane Roe", "surname": "roe"}, "Jane", "roe"),
        ({"name": "Roe, Jane", "surname": "Roe"}, "Jane", "Roe"),
        ({"name": "Jane Roe", "surname": ""}, "Jane", "Roe"),
        ({"name": "Roe", "surname": "Roe"}, "Roe", "Roe"),
        ({"name": "Contact form", "full_name": "Jane Roe"}, "Jane", "Roe"),
        ({"name": "Contact form", "your-name": "Jane Roe"}, "Jane", "Roe"),
        ({"Name": "Jane Roe", "Ansprechpartner": "Bob Ray"}, "Jane", "Roe"),
        ({"contact person": "Bob Ray", "full name": "Jane Roe"}, "Jane", "Roe"),
        ({"Firma": "ACME", "Ansprechpartnerin": "Jane Roe"}, "Jane", "Roe"),
        ({"first_name": "Jane", "name": "Roe"}, "Jane", None),
    ],
)
def test_parts_of_name_belong_together(
    raw: dict[str, object], first_name: str, last_name: str | None, *, is_reversed: bool
) -> None:
    raw |= {"email": "jane@example.com"}
    assert person(raw, is_reversed=is_reversed) == (first_name, last_name)
    assert person(raw, is_reversed=is_reversed, from_import=True) == (first_name, last_name)


def test_nothing_of_a_name_is_lost() -> None:
    inputs = Inputs.of({"first_name": "Jane", "name": "J. Roe", "contact_name": "Dr Roe"})
    assert inputs.answers == {"name": "J. Roe", "contact_name": "Dr Roe"}


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (["Name", "Vorname", "E-Mail"], ["last_name", "first_name", "email"]),
        (["Name", "Vorname", "Nachname", "Tel."], ["name", "first_name", "last_name", "phone"]),
        (["name", "vorname", "mail"], ["last_name", "first_name", "email"]),
        (["Invitee Name", "Invitee Email", "Created"], ["name", "email", "created_at"]),
        (["User Name", "User Email", "Invitee Name", "Invitee Email"],
         ["User Name", "User Email", "name", "email"]),
        (["Person - Name", "Person - Email - Work", "Person - Phone - Mobile"], ["name", "email", "phone"]),
        (["Name", "Company Email", "Telefon 1"], ["name", "Company Email", "phone"]),
        (["Name", "Email", "Telefon 1"], ["name", "email", "Telefon 1"]),
        (["Vorname", "E-Mail 1", "E-Mail 2"], ["first_name", "email", "E-Mail 2"]),
        (["name", "Email", "Email"], ["name", "email", "Email"]),
    ],
)  # fmt: skip
def test_columns_are_found_by_parts_of_their_names_if_others_are_missing(
    header: list[str], columns: list[str]
) -> None:
    assert columns_named(header) == columns
