"""Submissions that are not sent as documented, but mean one thing only, become leads."""

import json

import pytest

from tests.support.clients.multipart import MULTIPART, file_part, form, text_part
from tests.support.database import on_sqlite
from tests.support.examples.sample_files import PDF
from tests.support.http import Client

pytestmark = on_sqlite

FORM = "application/x-www-form-urlencoded"
ANN = {"name": "Ann Lee", "email": "ann@example.com"}
ANN_PARTS = [text_part(name, text) for name, text in ANN.items()]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ([ANN], "application/json"),
        (ANN, FORM),
        ([ANN], f"{FORM}; charset=utf-8"),
    ],
)
def test_json_in_a_list_or_under_another_type_is_a_lead(
    public: Client, body: object, content_type: str
) -> None:
    sent = public.unchecked("POST", "/leads", data=json.dumps(body), content_type=content_type)
    assert (sent.status, sent.body["first_name"], sent.body["answers"]) == (201, "Ann", {})


@pytest.mark.parametrize("body", [[ANN, ANN], [], [{}], [[ANN]], [1]])
def test_other_lists_are_no_lead(public: Client, body: object) -> None:
    sent = public.post("/leads", body)
    assert sent.status == 422
    assert sent.body["errors"] == [{"field": "body", "message": "must be a JSON object"}]


@pytest.mark.parametrize("text", ["{", "{}", '{"name"}', "{=1"])
def test_form_that_only_begins_like_json_is_a_form(public: Client, text: str) -> None:
    body = f"{text}&name=Ann&email=ann@example.com"
    assert public.request("POST", "/leads", data=body, content_type=FORM).status == 201


@pytest.mark.parametrize(
    ("form_text", "message"),
    [
        ("%26%2323665%3B%26%2330000%3B", "山田"),
        ("Gr%FC%DFe+%26%23128512%3B", "Grüße \U0001f600"),
        ("%26%2339%3B+%26%2360%3B+%26%2355296%3B+%26%231114112%3B", "&#39; &#60; &#55296; &#1114112;"),
        ("Gr%C3%BC%C3%9Fe+%26%2323665%3B", "Grüße &#23665;"),
    ],
)
def test_characters_that_a_page_lacks_are_read(public: Client, form_text: str, message: str) -> None:
    body = f"name=Ann&email=ann@example.com&message={form_text}"
    assert public.request("POST", "/leads", data=body, content_type=FORM).body["message"] == message


def test_characters_that_a_page_lacks_are_read_in_parts(public: Client) -> None:
    body = form(*ANN_PARTS, text_part("message", "&#23665;"))
    assert public.request("POST", "/leads", data=body, content_type=MULTIPART).body["message"] == "山"


@pytest.mark.parametrize(
    ("name", "charset", "kept"),
    [
        ("Bär.pdf".encode("cp1252"), "", "Bär.pdf"),
        ("Bär.pdf".encode("mac_roman"), "", "Bär.pdf"),
        ("履歴書.pdf".encode("shift_jis"), "; charset=shift_jis", "履歴書.pdf"),
        (b"\x8f\x9d\x81.pdf", "", "\ufffd\ufffd\ufffd.pdf"),
    ],
)
def test_file_with_a_name_in_another_encoding_is_kept(
    public: Client, name: bytes, charset: str, kept: str
) -> None:
    body = form(*ANN_PARTS, file_part(PDF, name))
    sent = public.request("POST", "/leads", data=body, content_type=MULTIPART + charset)
    assert (sent.status, sent.body["resume"]["filename"]) == (201, kept)


def test_input_with_a_name_in_another_encoding_is_an_answer(public: Client) -> None:
    part = text_part("SIZE", "5").replace(b"SIZE", "Größe".encode("cp1252"))
    sent = public.request("POST", "/leads", data=form(*ANN_PARTS, part), content_type=MULTIPART)
    assert (sent.status, sent.body["answers"]) == (201, {"Größe": "5"})
