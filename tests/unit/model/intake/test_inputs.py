"""Inputs: aliases and payload shapes become fields, and everything else becomes answers."""

import json
from typing import Any

import pytest

from leadtracker.domain.model.leads.fields import LEAD_FIELDS
from leadtracker.domain.model.leads.inputs.column_names import columns_named
from leadtracker.domain.model.leads.inputs.field_names import field_named
from leadtracker.domain.model.leads.inputs.inputs import Inputs

JANE = {"first_name": "Jane", "last_name": "Roe", "email": "jane@example.com"}


@pytest.mark.parametrize("field", LEAD_FIELDS, ids=lambda field: field.name)
def test_every_field_is_known_by_its_name_in_any_spelling(field: Any) -> None:
    for name in (field.name, field.name.upper(), field.name.replace("_", "-"), f"{field.name}[]"):
        assert field_named(name) == field.name


@pytest.mark.parametrize(
    ("alias", "field"),
    [
        ("fname", "first_name"),
        ("Vorname", "first_name"),
        ("prénom", "first_name"),
        ("surname", "last_name"),
        ("apellidos", "last_name"),
        ("your-name", "name"),
        ("E-Mail", "email"),
        ("E-mail 1 - Value", "email"),
        ("Handy", "phone"),
        ("téléphone", "phone"),
        ("Téléphone portable", "phone"),
        ("cell phone", "phone"),
        ("Ihre Anfrage", "message"),
        ("Votre commentaire", "message"),
        ("te\u0301le\u0301phone", "phone"),
        ("your-message", "message"),
        ("Comment(s)", "message"),
        ("Name *", "name"),
        ("E-Mail (required):", "email"),
        ("VORNAME (Pflichtfeld)", "first_name"),
        ("What is your e-mail?", None),
        ("Your phone?", "phone"),
        ("Phone (mobile)", "phone"),
        ("message, (briefly, please, in, English)", "message"),
        ("Name (of your company)", None),
        ("Date (of birth)", None),
        ("Inquiry", "message"),
        ("utm_source", "utm_source"),
        ("UTM Campaign", "utm_campaign"),
        ("gcl_id", "gclid"),
        ("Referer", "referrer"),
        ("Landing Page", "landing_page"),
        ("1. Name", "name"),
        ("Q2: E-Mail", "email"),
        ("* Phone", "phone"),
        ("1.3", None),
        ("Name (First)", "first_name"),
        ("Name: Last", "last_name"),
        ("Tél. portable", "phone"),
        ("E-Mail 2: Adresse", "email"),
        ("Primary Phone Number", "phone"),
        ("Email - Work", "email"),
        ("business_phone_number", None),
        ("Cognome", "last_name"),
        ("Sobrenome", "last_name"),
        ("Achternaam", "last_name"),
        ("Imię", "first_name"),
        ("Imię i nazwisko", "name"),
        ("numer_telefonu", "phone"),
        ("E-mailadres", "email"),
        ("Indirizzo posta elettronica", "email"),
        ("メールアドレス", "email"),
        ("Телефон", "phone"),
        ("Wiadomość", "message"),
        ("Horodateur", "created_at"),
        ("Carimbo de data/hora", "created_at"),
        ("\u200bE-Mail\u200f", "email"),
        ("First\u00a0Name", "first_name"),
        ("-", None),
        ("()", None),
        ("Original Source", "source"),
        ("Create Date", "created_at"),
        ("budget", None),
    ],
)
def test_common_names_are_understood(alias: str, field: str | None) -> None:
    assert field_named(alias) == field


def test_touch_is_read_and_never_an_error() -> None:
    url = f"https://www.firm.example/{'x' * 300}"
    touch = {"utm_source": "google\n\tads\x00", "UTM-Medium": " cpc ", "landing_page": url, "utm_term": ""}
    inputs = Inputs.of(JANE | touch | {"utm_content": 7, "gclid": ["a", "b"]})
    fields = {
        "utm_source": "google ads\ufffd",
        "utm_medium": "cpc",
        "landing_page": url[:200],
        "utm_term": "",
    }
    assert inputs.fields == JANE | fields | {"source": "google ads\ufffd"}
    assert inputs.answers == {"landing_page": url, "utm_content": "7", "gclid": '["a", "b"]'}


def test_source_wins_over_the_campaign() -> None:
    inputs = Inputs.of(JANE | {"source": "flyer", "utm_source": "google"})
    assert inputs.fields == JANE | {"source": "flyer", "utm_source": "google"}
    assert inputs.answers == {}


def test_first_of_several_touches_counts() -> None:
    inputs = Inputs.of(JANE | {"referer": "https://a.example/", "referrer": ("https://b.example/", "c")})
    assert inputs.fields == JANE | {"referrer": "https://a.example/"}
    assert inputs.answers == {"referrer": ["c", "https://b.example/"]}


def test_named_inputs_keep_meaning() -> None:
    raw = JANE | {"input_2": "joe@example.com", "email-1": "ann@example.com", "phone-1": "+44 20 7946 0018"}
    inputs = Inputs.of(raw)
    assert inputs.fields == JANE
    assert inputs.answers.keys() == raw.keys() - JANE.keys()


@pytest.mark.parametrize(
    "raw",
    [
        {"First Name": "Jane", "surname": "Roe", "your-email": "jane@example.com"},
        {"name": "Jane Roe", "mail": "jane@example.com"},
        {"full_name": "Roe, Jane", "correo": "jane@example.com"},
        {"form_fields[name]": "Jane Roe", "form_fields[email]": "jane@example.com"},
        {"fields[name][value]": "Jane Roe", "fields[email][value]": "jane@example.com",
         "fields[name][id]": "name"},
        {"fields": [{"name": "firstname", "value": "Jane"}, {"name": "lastname", "value": "Roe"},
                    {"objectTypeId": "0-1", "name": "email", "value": "jane@example.com"}]},
        {"user_column_data": [{"column_id": "FULL_NAME", "string_value": "Jane Roe"},
                              {"column_id": "EMAIL", "string_value": "jane@example.com"}]},
        {"field_data": [{"name": "full_name", "values": ["Jane Roe"]},
                        {"name": "email", "values": ["jane@example.com"]}]},
        {"data": {"fields": [{"key": "question_1", "label": "Name", "value": "Jane Roe"},
                             {"key": "question_2", "label": "E-mail", "value": "jane@example.com"}]}},
    ],
)  # fmt: skip
def test_shapes_of_other_systems_are_understood(raw: dict[str, object]) -> None:
    inputs = Inputs.of(raw)
    assert (inputs.fields, inputs.answers) == (JANE, {})


def test_field_under_its_own_name_wins() -> None:
    inputs = Inputs.of({"mail": "old@example.com", "email": "new@example.com", "e-mail": "older@example.com"})
    assert inputs.fields["email"] == "new@example.com"
    assert inputs.answers == {"mail": "old@example.com", "e-mail": "older@example.com"}


def test_blank_field_is_filled_by_alias() -> None:
    assert Inputs.of({"email": " ", "mail": "a@example.com"}).fields["email"] == "a@example.com"


def test_names_given_apart_win_over_a_full_name() -> None:
    inputs = Inputs.of({"name": "J. Roe", "first_name": "Jane"})
    assert (inputs.fields, inputs.answers) == ({"first_name": "Jane"}, {"name": "J. Roe"})


def test_other_inputs_become_answers() -> None:
    raw = {
        "budget": "100",
        "topic": ("a", "b"),
        "count": 3,
        "ok": True,
        "more": {"x": [1]},
        "none": None,
        "empty": "",
    }
    assert Inputs.of(raw).answers == {
        "budget": "100", "topic": ["a", "b"], "count": "3", "ok": "true", "more": '{"x": [1]}',
    }  # fmt: skip


def test_further_values_of_a_repeated_field_become_answers() -> None:
    inputs = Inputs.of({"email": ("a@example.com", "b@example.com"), "phone": "1 ::: 2"})
    assert inputs.fields == {"email": "a@example.com", "phone": "1"}
    assert inputs.answers == {"email": "b@example.com", "phone": "2"}


@pytest.mark.parametrize(
    "name",
    ["_wpcf7", "csrf_token", "csrfmiddlewaretoken", "g-recaptcha-response", "form_token", "leave_this_empty",
     "redirect_to", "submit", "Submit", "password", "Passwort", "user_pwd", "confirm-password", "google_key",
     "authenticity_token", "h-captcha", "user_pass", "Pass 2", "userpass", "pw", "wpforms[token]",
     "contact[_token]", "user[password]", "form[fields][pass]", "wpforms[submit]", "submit[x]", "altcha",
     "nonce", "forminator_nonce", "XSRF-TOKEN", "xsrf", "Wachtwoord", "Senha",
     "Hasło", "Пароль"],
)  # fmt: skip
def test_secrets_and_technical_inputs_are_not_kept(name: str) -> None:
    assert Inputs.of({name: "x"}) == Inputs({}, {}, 0)


@pytest.mark.parametrize(
    "name",
    [
        "passport",
        "Boarding pass",
        "bypass",
        "compass",
        "spw",
        "pass type",
        "annonce",
        "form[x][passport]",
        "desenhar",
    ],
)
def test_names_that_only_resemble_those_of_passwords_are_kept(name: str) -> None:
    assert Inputs.of({name: "x"}).answers == {name: "x"}


def test_secrets_within_values_are_not_kept() -> None:
    account = {"login": "jane", "password": "x", "_token": "x", "_id": 7, "more": [{"pwd": "x", "ok": 1}]}
    assert json.loads(str(Inputs.of({"account": account}).answers["account"])) == {
        "login": "jane", "_id": 7, "more": [{"ok": 1}],
    }  # fmt: skip


@pytest.mark.parametrize("name", ["id", "state", "created_at", "owner", "version", "duplicate_of"])
def test_read_only_fields_are_ignored(name: str) -> None:
    assert Inputs.of({name: "x"}) == Inputs({}, {}, 0)


def test_date_is_an_answer_of_a_form_and_the_creation_time_of_a_row() -> None:
    assert Inputs.of({"date": "2026-12-01"}).answers == {"date": "2026-12-01"}
    assert Inputs.of({"date": "2026-12-01"}, from_import=True).fields == {"created_at": "2026-12-01"}


def test_columns_are_named_by_what_they_mean() -> None:
    header = ["Vorname", "Nachname", "E-Mail-Adresse", "Mobiltelefon", "Straße", "email"]
    assert columns_named(header) == ["first_name", "last_name", "E-Mail-Adresse", "phone", "Straße", "email"]


def test_fields_in_brackets_are_found_where_others_are_missing() -> None:
    inputs = Inputs.of({"names[first_name]": "Jane", "names[last_name]": "Roe", "email": "jane@example.com"})
    assert inputs.fields == JANE
    beside = Inputs.of({**JANE, "spouse[first_name]": "Joe"})
    assert (beside.fields, beside.answers) == (JANE, {"spouse[first_name]": "Joe"})


@pytest.mark.parametrize("name", ["email", "e-mail"])
def test_first_value_that_is_not_blank_counts(name: str) -> None:
    inputs = Inputs.of(
        {"name": ("", " ", "Ann Lee", "Bob"), name: ("", "a@example.com"), "message": ("", "")}
    )
    assert inputs.fields["first_name"] == "Ann"
    assert inputs.fields["email"] == "a@example.com"
    assert inputs.answers == {"name": "Bob"}
