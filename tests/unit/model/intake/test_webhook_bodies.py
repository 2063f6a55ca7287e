"""The bodies that booking, chat, CRM and e-mail systems send: the sender is the lead, and not a colleague."""

from typing import Any

import pytest

from leadtracker.domain.model.leads.inputs.inputs import Inputs

PHONE = "+44 20 7946 0018"
JANE = {"first_name": "Jane", "last_name": "Roe", "email": "jane@example.com"}
PERSON = {"name": "Jane Roe", "email": "jane@example.com"}
BOB = {"name": "Bob Ray", "email": "bob@firm.example"}
CASES: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "a video platform's lead ads": (
        {"object": "LEAD", "entry": [{"lead_id": "7", "changes": [
            {"field": "name", "value": "Jane Roe"}, {"field": "email", "value": "jane@example.com"},
            {"field": "phone_number", "value": PHONE}, {"field": "Which?", "value": "b"}]}]},
        {"phone": PHONE}, {"object": "LEAD", "lead_id": "7", "Which?": "b"},
    ),
    "a list of one lead": (
        {"data": [{"field_data": [{"name": "vollständiger_name", "values": ["Jane Roe"]},
                                  {"name": "e-mail-adresse", "values": ["jane@example.com"]}]}]},
        {}, {},
    ),
    "localised names of columns": (
        {"user_column_data": [{"column_name": "Nome", "column_id": "FULL_NAME", "string_value": "Jane Roe"},
                              {"column_id": "WORK_EMAIL", "string_value": "jane@example.com"},
                              {"column_id": "WORK_PHONE", "string_value": PHONE}]},
        {"phone": PHONE}, {},
    ),
    "a booking with questions": (
        {"payload": {**PERSON, "questions_and_answers": [
            {"question": "Phone number", "answer": PHONE}, {"question": "Topic?", "answer": "Will"}]}},
        {"phone": PHONE}, {"Topic?": "Will"},
    ),
    "a booking with labelled responses": (
        {"payload": {"organizer": BOB, "title": "30 min", "responses": {
            "name": {"label": "your_name", "value": "Jane Roe"},
            "email": {"label": "email_address", "value": "jane@example.com"},
            "notes": {"label": "additional_notes", "value": "Help"}, "reason": {"label": "why"}}}},
        {"message": "Help"},
        {"organizer": '{"name": "Bob Ray", "email": "bob@firm.example"}', "title": "30 min"},
    ),
    "a booking with lists of persons": (
        {"data": {"attendees": [{"firstname": "Jane", "lastname": "Roe", "email": "jane@example.com"}],
                  "hosts": [BOB]}},
        {}, {"hosts": '[{"name": "Bob Ray", "email": "bob@firm.example"}]'},
    ),
    "a booking in two objects": (
        {"data": {"booking": {"attendee": {"firstName": "Jane", "lastName": "Roe",
                                           "email": "jane@example.com"}, "host": {"email": BOB["email"]}}}},
        {}, {"host": '{"email": "bob@firm.example"}'},
    ),
    "a chat": (
        {"visitor": PERSON, "message": {"text": "Help", "type": "msg"}, "property": {"name": "Site"}},
        {"message": "Help"}, {"message type": "msg", "property": '{"name": "Site"}'},
    ),
    "a chat's new person within an object of any name": (
        {"topic": "lead.created", "data": {"kind": "event", "item": {"role": "lead", **PERSON}}},
        {}, {"topic": "lead.created", "kind": "event", "role": "lead"},
    ),
    "a ticket": ({"requester": PERSON, "ticket": {"subject": "s"}}, {}, {"ticket": '{"subject": "s"}'}),
    "a CRM with lists of addresses": (
        {"current": {"name": "Jane Roe", "email": [{"label": "work", "value": "jane@example.com"},
                                                   {"label": "home", "value": "jane@home.example"}],
                     "phone": [{"label": "work", "value": PHONE}]}, "previous": None},
        {"phone": PHONE}, {"email": "jane@home.example"},
    ),
    "a CRM with contacts of a company": (
        {"name": "ACME", "contacts": [{"name": "Jane Roe", "emails": [{"email": "jane@example.com"}],
                                       "phones": [{"phone": PHONE, "type": "mobile"}]}]},
        {"phone": PHONE}, {"form name": "ACME", "phones type": "mobile"},
    ),
    "a CRM whose name is that of the request": (
        {"name": "Website request", "contact_name": "Jane Roe", "email_from": "jane@example.com"},
        {}, {"name": "Website request"},
    ),
    "an address book": (
        {"names": [{"givenName": "Jane", "familyName": "Roe"}],
         "emailAddresses": [{"value": "jane@example.com"}], "phoneNumbers": [{"value": PHONE}]},
        {"phone": PHONE}, {},
    ),
    "a name of two parts": (
        {"names": {"first_name": "Jane", "last_name": "Roe"}, "email": "jane@example.com"}, {}, {},
    ),
    "a phone number of two parts": (
        {"q3_name": {"first": "Jane", "last": "Roe"}, "q4_email": "jane@example.com",
         "q5_phone": {"area": "020", "phone": "79460018"}},
        {"phone": "020 79460018"}, {},
    ),
    "a phone number of three parts": (
        JANE | {"phone": {"country": "44", "area": "20", "number": 79460018}},
        {"phone": "+44 20 79460018"}, {},
    ),
    "a newsletter's webhook": (
        {"type": "subscribe", "data[email]": "jane@example.com", "data[merges][FNAME]": "Jane",
         "data[merges][LNAME]": "Roe"},
        {}, {"type": "subscribe"},
    ),
    "JSON in a form": ({"payload": '{"name": "Jane Roe", "email": "jane@example.com"}'}, {}, {}),
    "labelled fields beside a contact": (
        {"contact": PERSON, "formValues": [{"field": "Topic", "value": "Will"}]}, {}, {"Topic": "Will"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_sender_of_webhook_becomes_lead(name: str) -> None:
    raw, fields, answers = CASES[name]
    inputs = Inputs.of(raw)
    assert (dict(inputs.fields), inputs.answers) == (JANE | fields, answers)


@pytest.mark.parametrize(
    "raw",
    [
        {"leads": [PERSON, BOB]},
        {"data": {"organizer": BOB, "speaker": PERSON}},
        {"company": {"name": "ACME"}, "phones": ["+44 20 7946 0018"]},
        {"form": {"name": "Contact"}, "user": {"id": 7}},
    ],
)
def test_none_is_chosen_of_several_persons_or_a_company(raw: dict[str, Any]) -> None:
    assert Inputs.of(raw).fields == {}


@pytest.mark.parametrize(
    ("sender", "first_name", "last_name"),
    [
        ("Jane Roe <jane@example.com>", "Jane", "Roe"),
        ('"Roe, Jane" <jane@example.com>', "Jane", "Roe"),
        ("Jane <jane@example.com>", "Jane", None),
    ],
)
@pytest.mark.parametrize("name", ["from", "From", "email", "reply-to"])
def test_name_before_an_address_is_that_of_a_sender_without_one(
    name: str, sender: str, first_name: str, last_name: str | None
) -> None:
    mail = {"sender": "jane@example.com"} if name == "from" else {}
    inputs = Inputs.of(mail | {name: sender, "subject": "Hi", "body-plain": "Help"})
    assert inputs.fields == {
        "first_name": first_name,
        "last_name": last_name,
        "email": sender,
        "message": "Help",
    }
    assert inputs.answers == mail | {"subject": "Hi"}


@pytest.mark.parametrize("email", ["jane@example.com", "<jane@example.com>", "a@b.de <jane@example.com>"])
def test_address_alone_is_no_name(email: str) -> None:
    assert Inputs.of({"email": email}).fields == {"email": email}


def test_name_before_an_address_replaces_no_other() -> None:
    raw = {"name": "Jane Roe", "email": "The Roes <jane@example.com>"}
    assert Inputs.of(raw).fields == JANE | {"email": raw["email"]}


@pytest.mark.parametrize(
    ("value", "answers"),
    [
        ({"a": 1}, {"mobile": '{"a": 1}'}),
        ([{"number": ""}], {"mobile": '[{"number": ""}]'}),
        ([{"number": "1"}, "2"], {"mobile": '[{"number": "1"}, "2"]'}),
        ([{"number": True}], {"mobile": '[{"number": true}]'}),
    ],
)
def test_objects_without_a_text_stay_whole(value: object, answers: dict[str, str]) -> None:
    inputs = Inputs.of(JANE | {"mobile": value})
    assert (inputs.fields, inputs.answers) == (JANE, answers)
