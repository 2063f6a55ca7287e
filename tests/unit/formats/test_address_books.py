"""Address books and lists as other programs and languages export them: each row becomes the person in it."""

import io
from zoneinfo import ZoneInfo

import pytest

from leadtracker.domain.model.leads.inputs.inputs import Inputs
from leadtracker.entrypoints.formats.lead_csv import LeadCsv

JANE = {"first_name": "Jane", "last_name": "Roe", "email": "jane@example.com"}
BONN = ZoneInfo("Europe/Berlin")

FILES = {
    "an English address book, whose first addresses are empty": (
        ("First Name,Last Name,E-mail Address,E-mail 2 Address,Home Phone,Business Phone,Mobile Phone\n"
        "Jane,Roe,,jane@example.com,,020 7946 0018,\n"),
        {"phone": "020 7946 0018"},
    ),
    "a German address book": (
        ("Anrede;Vorname;Nachname;Telefon geschäftlich;Telefon privat;Mobiltelefon;E-Mail-Adresse;Notizen\n"
        "Frau;Jane;Roe;;030 901820;;jane@example.com;Hallo\n"),
        {"phone": "030 901820", "message": "Hallo"},
    ),
    "a French address book": (
        ("Titre;Prénom;Nom;Téléphone (bureau);Tél. mobile;Adresse de messagerie\n"
        "Mme;Jane;Roe;;06 12 34 56 78;jane@example.com\n"),
        {"phone": "06 12 34 56 78"},
    ),
    "an address book with labels and second addresses": (
        ("First Name,Last Name,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Value,Phone 2 - Value\n"
        "Jane,Roe,* Work,,jane@example.com,020 7946 0018\n"),
        {"phone": "020 7946 0018"},
    ),
    "a list of a German club": (
        "Name;Vorname;Ort;Tel.;E-Mail\nRoe;Jane;Bonn;0228/901820;jane@example.com\n",
        {"phone": "0228/901820"},
    ),
    "French answers": (
        "Horodateur,Nom,Prénom,Adresse e-mail\n13/01/2026 10:00:00,Roe,Jane,jane@example.com\n",
        {"created_at": "2026-01-13T09:00:00.000000Z"},
    ),
    "Italian answers": (
        ("Informazioni cronologiche,Cognome,Nome,Indirizzo e-mail\n"
        "13/01/2026 10.00.00,Roe,Jane,jane@example.com\n"),
        {"created_at": "2026-01-13T09:00:00.000000Z"},
    ),
    "Portuguese answers": (
        ("Carimbo de data/hora;Nome completo;E-mail;Celular\n"
        "13/01/2026 10:00:00;Jane Roe;jane@example.com;11 91234-5678\n"),
        {"created_at": "2026-01-13T09:00:00.000000Z", "phone": "11 91234-5678"},
    ),
    "bookings with a colleague in front": (
        ("User Name,User Email,Invitee First Name,Invitee Last Name,Invitee Email\n"
        "Bob,bob@firm.example,Jane,Roe,jane@example.com\n"),
        {},
    ),
    "questions with numbers": ("1. Name,2. Email,3. Comments\nJane Roe,jane@example.com,Help\n",
                               {"message": "Help"}),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_row_of_an_address_book_becomes_the_person(name: str) -> None:
    text, others = FILES[name]
    with LeadCsv.open(io.BytesIO(text.encode()), BONN) as leads:
        [row] = leads.rows()
    fields = {field: text for field, text in Inputs.of(row.fields, from_import=True).fields.items() if text}
    assert (fields, row.left_out) == (JANE | others, ())


@pytest.mark.parametrize("name", FILES)
def test_nothing_of_a_row_is_lost(name: str) -> None:
    text, _ = FILES[name]
    with LeadCsv.open(io.BytesIO(text.encode()), BONN) as leads:
        [row] = leads.rows()
    inputs = Inputs.of(row.fields, from_import=True)
    kept = {*" ".join(map(str, [*inputs.fields.values(), *inputs.answers.values()])).split()}
    lost = {cell for cell in row.cells if not kept.issuperset(cell.split())}
    assert lost <= {"13/01/2026 10:00:00", "13/01/2026 10.00.00"}  # read as times
