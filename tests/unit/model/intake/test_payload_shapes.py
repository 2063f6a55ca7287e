"""The bodies that form builders and their webhooks send: a person with all words, and nothing twice."""

from typing import Any

import pytest

from leadtracker.domain.model.leads.inputs.inputs import Inputs

JANE = {"first_name": "Jane", "last_name": "Roe", "email": "jane@example.com"}
QUESTIONS = {
    "fields": [{"id": "q1", "title": "Who are you?"}, {"id": "q2", "title": "Where do we reach you?"}]
}
CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "Contact Form 7": (
        {"_wpcf7": "12", "your-name": "Jane Roe", "your-email": "jane@example.com", "your-subject": "Will"},
        {"your-subject": "Will"},
    ),
    "Elementor with titles": (
        {"fields[name][value]": "Jane Roe", "fields[email][value]": "jane@example.com",
         "fields[f][id]": "f", "fields[f][title]": "Budget", "fields[f][value]": "500",
         "form[name]": "Contact"},
        {"Budget": "500", "form[name]": "Contact"},
    ),
    "Rails": (
        {"lead[first_name]": "Jane", "lead[last_name]": "Roe", "lead[email]": "jane@example.com",
         "authenticity_token": "x"},
        {},
    ),
    "Jotform, the form": (
        {"q3_name[first]": "Jane", "q3_name[last]": "Roe", "q4_email4": "jane@example.com", "q9_other": "x"},
        {"q9_other": "x"},
    ),
    "Jotform, the webhook": (
        {"formID": "1", "rawRequest": '{"q3_name": {"first": "Jane", "last": "Roe"},'
                                      ' "q4_email": "jane@example.com"}'},
        {"formID": "1"},
    ),
    "Jotform, a broken webhook": (JANE | {"rawRequest": "[1"}, {"raw request": "[1"}),
    "Typeform": (
        {"event_id": "e", "form_response": {
            "token": "t", "hidden": {"campaign": "spring"}, "definition": QUESTIONS, "answers": [
                {"type": "text", "text": "Jane Roe", "field": {"id": "q1", "ref": "full_name"}},
                {"type": "email", "email": "jane@example.com", "field": {"id": "q2", "ref": "8f1"}},
                {"type": "choices", "choices": {"labels": ["Will", "Tax"]},
                 "field": {"id": "q3", "ref": "topic"}},
                {"type": "boolean", "boolean": True, "field": None}]}},
        {"event_id": "e", "hidden": '{"campaign": "spring"}', "topic": ["Will", "Tax"], "answer 4": "true"},
    ),
    "Tally with questions as labels": (
        {"data": {"fields": [
            {"label": "Name", "type": "INPUT_TEXT", "value": "Jane Roe"},
            {"label": "Where do we reach you?", "type": "INPUT_EMAIL", "value": "jane@example.com"},
            {"label": "Topic", "type": "DROPDOWN", "value": ["a"],
             "options": [{"id": "a", "text": "Will"}]}]}},
        {"Topic": "Will"},
    ),
    "HubSpot, a contact": (
        {"vid": 7, "properties": {"firstname": {"value": "Jane"}, "lastname": {"value": "Roe"},
                                  "email": {"value": "jane@example.com"}, "plan": {"value": "pro"}}},
        {"vid": "7", "plan": '{"value": "pro"}'},
    ),
    "Wix": (
        {"data": {"contact": {"name": {"first": "Jane", "last": "Roe"}, "email": "jane@example.com"},
                  "page": "a"}},
        {"page": "a"},
    ),
    "Wix, flat": (
        {"field:first_name": "Jane", "field:last_name": "Roe", "field:email": "jane@example.com"}, {},
    ),
    "Squarespace": ({"Name": {"First": "Jane", "Last": "Roe"}, "Email": "jane@example.com"}, {}),
    "Formspree": ({"name": "Jane Roe", "_replyto": "jane@example.com", "_subject": "x"}, {}),
    "Netlify": (
        {"form_name": "contact", "data": {"name": "Jane Roe", "email": "jane@example.com",
                                            "ip": "192.0.2.1"}},
        {"form_name": "contact", "ip": "192.0.2.1"},
    ),
    "Webflow, whose envelope has a name": (
        {"payload": {"name": "Contact form", "data": {"name": "Jane Roe", "email": "jane@example.com"}}},
        {"payload name": "Contact form"},
    ),
    "Webflow, whose body has the name of the form": (
        {"name": "Contact form", "data": {"Name": "Jane Roe", "Email": "jane@example.com"}},
        {"form name": "Contact form"},
    ),
    "Elementor and Ninja Forms, as JSON": (
        {"form": {"name": "Contact"}, "fields": {
            "name": {"id": "name", "type": "text", "title": "", "value": "Jane Roe"},
            "field_1": {"id": "field_1", "title": "E-mail", "value": "jane@example.com"},
            "2": {"key": "budget", "label": "Budget", "value": "500"}}},
        {"form": '{"name": "Contact"}', "Budget": "500"},
    ),
    "Elementor without labels": ({"No Label name": "Jane Roe", "No Label email": "jane@example.com"}, {}),
    "Formstack": (
        {"Name": {"value": {"first": "Jane", "last": "Roe"}, "field_type": "name"},
         "Email": {"value": "jane@example.com", "field_type": "email"}},
        {},
    ),
    "Fillout": (
        {"submission": {"questions": [{"id": "a", "name": "Name", "type": "ShortAnswer", "value": "Jane Roe"},
                                      {"id": "b", "name": "E-mail", "value": "jane@example.com"}]}},
        {},
    ),
    "Paperform": (
        {"data": [{"title": "Name", "key": "1f", "value": "Jane Roe"},
                  {"title": "Email", "key": "2f", "type": "email", "value": "jane@example.com"}]},
        {},
    ),
    "Google Forms": (
        {"Name": ["Jane Roe"], "Email Address": ["jane@example.com"], "Topic": ["Will", "Tax"],
         "Budget": [""]},
        {"Topic": ["Will", "Tax"]},
    ),
    "Google Forms, the event": (
        {"namedValues": {"Name": ["Jane Roe"], "email": ["jane@example.com"], "Topic": []},
         "source": {}, "values": ["Jane Roe"]},
        {"event source": "{}", "event values": '["Jane Roe"]'},
    ),
    "Rails, as JSON": (
        {"inquiry": {"name": "Jane Roe", "email": "jane@example.com", "topic": "Will"}, "commit": "Send"},
        {"topic": "Will", "commit": "Send"},
    ),
    "React": (
        {"formData": {"fullName": "Jane Roe", "emailAddress": "jane@example.com"}, "formId": "1"},
        {"formId": "1"},
    ),
    "React, as a form": ({"formData[name]": "Jane Roe", "formData[email]": "jane@example.com"}, {}),
    "Calendly": (
        {"event": "invitee.created", "payload": {"event_type": {"name": "15 min"}, "invitee": {
            "name": "Jane Roe", "email": "jane@example.com"}}},
        {"event": "invitee.created", "event_type": '{"name": "15 min"}'},
    ),
    "Unbounce": (
        {"page_id": "1", "data.json": '{"name": ["Jane Roe"], "email": ["jane@example.com"],'
                                      ' "topic": ["a"]}'},
        {"page_id": "1", "topic": "a"},
    ),
    "Unbounce, broken": (JANE | {"data.json": "{"}, {"data json": "{"}),
    "JSON:API": (
        {"data": {"kind": "lead", "attributes": {"first-name": "Jane", "last-name": "Roe",
                                                 "email": "jane@example.com"}}},
        {"kind": "lead"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_body_of_a_form_builder_becomes_a_person_with_answers(name: str) -> None:
    raw, answers = CASES[name]
    inputs = Inputs.of(raw)
    assert (dict(inputs.fields), inputs.answers) == (JANE, answers)


@pytest.mark.parametrize("other", [{"email": "bob@example.com"}, {"name": "Bob", "email": "bob@example.com"}])
@pytest.mark.parametrize("comes_first", [True, False])
def test_field_of_the_body_wins_over_one_in_an_object(other: dict[str, str], comes_first: bool) -> None:  # noqa: FBT001 - a parameter
    raw = {"contact": other} | JANE if comes_first else JANE | {"contact": other}
    inputs = Inputs.of(raw)
    assert inputs.fields == JANE
    assert inputs.answers["contact email"] == "bob@example.com"
    assert list(inputs.answers.values()) == [*dict(sorted(other.items(), reverse=True)).values()]


@pytest.mark.parametrize(
    "value", [{"city": "Berlin"}, {"id": 1}, {"a": {"b": {"c": {"d": {"email": "x"}}}}}, [], ["a"], [{}], {}]
)
@pytest.mark.parametrize("name", ["address", "user", "data", "fields", "form_response"])
def test_objects_without_a_person_stay_whole(name: str, value: object) -> None:
    inputs = Inputs.of(JANE | {name: value})
    assert inputs.fields == JANE
    assert list(inputs.answers) == [name]


@pytest.mark.parametrize("person", [{"email": "jane@example.com"}, {"phone": "1234"}])
def test_name_beside_an_object_without_one_is_that_of_the_person(person: dict[str, str]) -> None:
    inputs = Inputs.of({"name": "Jane Roe", "contact": person})
    assert inputs.fields == {"first_name": "Jane", "last_name": "Roe"} | person


@pytest.mark.parametrize(
    "raw",
    [
        {"a": {"name": "Ann", "email": "ann@example.com"}, "b": {"name": "Bob", "email": "bob@example.com"}},
        {"name": "Contact", "owner": {"name": "Bob", "email": "bob@example.com"}},
        {"person": "x", "owner": {"name": "Bob", "email": "bob@example.com"}},
        {"data": {"data": {"name": "Ann"}}, "owner": {"name": "Bob", "email": "bob@example.com"}},
    ],
)
def test_person_is_not_guessed(raw: dict[str, object]) -> None:
    assert "email" not in Inputs.of(raw).fields


@pytest.mark.parametrize("is_last", [True, False])
def test_address_of_another_person_is_not_taken_for_its_type(is_last: bool) -> None:  # noqa: FBT001 - a parameter
    jane = {"label": "E-mail", "type": "INPUT_EMAIL", "value": "jane@example.com"}
    joe = {"label": "Address of your partner", "type": "INPUT_EMAIL", "value": "joe@example.com"}
    inputs = Inputs.of({"fields": [jane, joe] if is_last else [joe, jane]})
    assert inputs.fields == {"email": "jane@example.com"}
    assert inputs.answers == {"Address of your partner": "joe@example.com"}


def test_type_counts_once() -> None:
    ones = [
        {"label": label, "type": "email", "value": f"{label}@example.com"} for label in ("first", "second")
    ]
    inputs = Inputs.of({"fields": ones})
    assert (inputs.fields, inputs.answers) == (
        {"email": "first@example.com"},
        {"second": "second@example.com"},
    )


@pytest.mark.parametrize("field", ["first_name", "email"])
def test_list_among_texts_is_no_field(field: str) -> None:
    raw = JANE | {field: ["a"]}
    assert Inputs.of(raw).fields == raw


@pytest.mark.parametrize("name", ["notes", "body", "text", "mail", "nombre", "utm_source"])
@pytest.mark.parametrize("value", [["a", "b"], {"x": 1}, 5, True])
def test_alias_with_a_value_that_is_no_text_is_an_answer(name: str, value: object) -> None:
    inputs = Inputs.of(JANE | {name: value})
    assert inputs.fields == JANE
    assert list(inputs.answers) == [name]


def test_number_under_an_alias_is_a_phone_number() -> None:
    assert Inputs.of({"mobile": 491701234567}).fields == {"phone": 491701234567}


def test_input_that_a_list_repeats_loses_no_value() -> None:
    fields = [{"name": "email", "value": one} for one in ("a@example.com", "b@example.com")]
    inputs = Inputs.of({"fields": fields})
    assert (inputs.fields, inputs.answers) == ({"email": "a@example.com"}, {"email": "b@example.com"})


@pytest.mark.parametrize("prefix", ["your ", "your-", "Ihr_", "ihre-", "votre ", "tu-", "su "])
@pytest.mark.parametrize(
    ("word", "field"),
    [("name", "name"), ("Nachricht", "message"), ("telephone", "phone"), ("prenom", "first_name")],
)
def test_possessives_and_accents_do_not_matter(prefix: str, word: str, field: str) -> None:
    assert Inputs.of({f"{prefix}{word}": "1234"}).fields == (
        {"first_name": "1234", "last_name": None} if field == "name" else {field: "1234"}
    )
