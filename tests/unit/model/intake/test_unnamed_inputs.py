"""Inputs with numbers or unknown parts in their names are recognised where a lead would lack its person."""

import pytest

from leadtracker.domain.model.leads.inputs.inputs import Inputs

JANE = {"first_name": "Jane", "last_name": "Roe", "email": "jane@example.com"}


@pytest.mark.parametrize(
    "raw",
    [
        {"wpforms[fields][0][first]": "Jane", "wpforms[fields][0][last]": "Roe",
         "wpforms[fields][1]": "jane@example.com"},
        {"input_1.3": "Jane", "input_1.6": "Roe", "input_2": "jane@example.com"},
        {"1.3": "Jane", "1.6": "Roe", "2": "jane@example.com"},
        {"name-1": "Jane Roe", "email-1": "jane@example.com"},
        {"name-1-first-name": "Jane", "name-1-last-name": "Roe", "email-1": "jane@example.com"},
        {"your-name": "Jane Roe", "item_meta[6]": "jane@example.com"},
        {"name": "Jane Roe", "entry.2005620554": "mailto:jane@example.com"},
        {"contact_form[name]": "Jane Roe", "contact_form[email]": "jane@example.com",
         "contact_form[_token]": "x"},
        {"jform[contact_name]": "Jane Roe", "jform[contact_email]": "jane@example.com"},
        {"tx_mail[field][vorname]": "Jane", "tx_mail[field][nachname]": "Roe", "tx_mail[field][e_mail][]":
         "jane@example.com"},
        {"user_name": "Jane Roe", "user_email": "jane@example.com"},
        {"customerName": "Jane Roe", "from_email": "jane@example.com"},
        {"et_pb_contact_name_0": "Jane Roe", "et_pb_contact_email_0": "jane@example.com"},
        {"g12-name": "Jane Roe", "g12-email": "jane@example.com"},
        {"mf-listing-fname": "Jane", "mf-last-name": "Roe", "mf-email": "jane@example.com"},
        {"item_meta[8][first]": "Jane", "item_meta[8][last]": "Roe", "item_meta[9]": "jane@example.com"},
        {"builder[form_fields][fullname_1]": "Jane Roe", "builder[form_fields][email_2]": "jane@example.com"},
        {"ctl00$Main$txtFirstName": "Jane", "ctl00$Main$txtLastName": "Roe", "ctl00$Main$txtEmail":
         "jane@example.com"},
        {"billing_first_name": "Jane", "billing_last_name": "Roe", "billing_email": "jane@example.com"},
        {"contact.name": "Jane Roe", "data.email": "jane@example.com"},
        {"lead__contact__name": "Jane Roe", "lead__email": "jane@example.com"},
        {"fields[0][label]": "Name", "fields[0][value]": "Jane Roe", "fields[1][name]": "f2",
         "fields[1][label]": "E-mail", "fields[1][value]": "jane@example.com"},
        {"answers[0][question]": "Name", "answers[0][answer]": "Jane Roe", "answers[0][type]": "text",
         "answers[1][question]": "Your address?", "answers[1][answer]": "", "responder": "jane@example.com"},
        {"Vorname / First name": "Jane", "Nachname | Last name": "Roe",
         "E-mail / Courriel": "jane@example.com"},
        {"Name / Nom": "Jane Roe", "Qual è la tua e-mail?": "jane@example.com"},
        {"Wat is uw naam?": "Jane Roe", "\U0001f4e7 Email": "jane@example.com"},
        {"What is your name?": "Jane Roe", "Please enter your e-mail address": "jane@example.com"},
        {"Wie lautet Ihr Name?": "Jane Roe", "Ihre E-Mail-Adresse bitte": "", "contact": "jane@example.com"},
    ],
)  # fmt: skip
def test_inputs_with_numbers_instead_of_names_are_recognised(raw: dict[str, object]) -> None:
    inputs = Inputs.of(raw)
    fields = {name: str(value).removeprefix("mailto:") for name, value in inputs.fields.items()}
    assert (fields, inputs.answers) == (JANE, {})


@pytest.mark.parametrize("name", ["a[body]", "a[b][nachricht]", "contact_message", "sender-text"])
def test_message_of_a_form_in_brackets_is_recognised(name: str) -> None:
    raw = {"inquiry[name]": "Jane Roe", "inquiry[email]": "jane@example.com", name: "Hello"}
    assert Inputs.of(raw).fields == JANE | {"message": "Hello"}


@pytest.mark.parametrize("name", ["customer_email", "user_name", "contact_message", "form[message]"])
def test_inputs_of_a_complete_lead_keep_their_names(name: str) -> None:
    inputs = Inputs.of(JANE | {name: "Joe"})
    assert (inputs.fields, inputs.answers) == (JANE, {name: "Joe"})


def test_an_address_may_be_confirmed() -> None:
    inputs = Inputs.of({"name": "Jane", "input_2": "jane@example.com", "input_2_2": "Jane@example.com"})
    assert inputs.fields["email"] == "jane@example.com"
    assert inputs.answers == {"input_2_2": "Jane@example.com"}


def test_number_is_recognised_by_value() -> None:
    answers = {"input_2": "01.02.2026", "input_3": "5000000", "input_5": "1234"}
    inputs = Inputs.of({"name": "Jane", "input_4": "(030) 901820-0", **answers})
    assert (inputs.fields["phone"], inputs.answers) == ("(030) 901820-0", answers)


@pytest.mark.parametrize(
    "raw",
    [
        {"name": "Jane", "input_2": "jane@example.com", "input_3": "joe@example.com"},
        {"name": "Jane", "input_2": "+44 20 7946 0018", "input_3": "+44 20 7946 0019"},
        {"name": "Jane", "referred by": "joe@example.com"},
        {"name": "Jane", "customer": "0012345678"},
        {"name": "Jane", "input_2": "write to joe@example.com", "input_3": "call +44 20 7946 0018"},
        {"name": "Jane", "E-Mail / Telefon": "jane@example.com", "Phone / City": "+44 20 7946 0018"},
        {"items[0][name]": "Book", "items[0][qty]": "1", "name": "Jane"},
        {"name": "Jane", "What is your partner's e-mail?": "joe@example.com"},
        {"email": "jane@example.com", "form_name": "Contact", "data.name": "Contact", "company_name": "ACME"},
        {"email": "jane@example.com", "input_1.1": "High St", "input_1.3": "Hull", "input_1.6": "UK"},
    ],
)
def test_ambiguous_inputs_stay_answers(raw: dict[str, object]) -> None:
    inputs = Inputs.of(raw)
    assert inputs.fields.keys() - {"first_name", "last_name"} == raw.keys() & {"email"}
    assert inputs.answers == {name: value for name, value in raw.items() if name not in {"name", "email"}}
