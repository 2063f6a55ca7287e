"""Links to e-mail addresses and phone numbers are valid URIs by RFC 6068 and RFC 3966."""

import pytest

from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.entrypoints.http.web.rendering.links import mailto, tel


@pytest.mark.parametrize(
    ("address", "uri"),
    [
        ("ann@example.com", "mailto:ann@example.com"),
        ("ann.lee+law@example.com", "mailto:ann.lee+law@example.com"),
        ("a&b=c?d/e%f@example.com", "mailto:a%26b%3Dc%3Fd%2Fe%25f@example.com"),
        ("o'neil@example.com", "mailto:o'neil@example.com"),
        ("zoë@bücher.example", "mailto:zo%C3%AB@xn--bcher-kva.example"),
    ],
)
def test_address_is_encoded(address: str, uri: str) -> None:
    assert mailto(EmailAddress.parse(address)) == uri


@pytest.mark.parametrize(
    ("phone", "uri"),
    [
        ("+442079460018", "tel:+442079460018"),
        ("020 7946 0018", "tel:02079460018"),
        ("(020) 7946-0018", "tel:02079460018"),
        ("+442079460018 ext. 12", "tel:+442079460018;ext=12"),
        ("+44 20 7946 0018;ext=12", "tel:+442079460018;ext=12"),
        ("555-0199 x7", "tel:5550199;ext=7"),
        ("0171/1234 after five", "tel:01711234"),
        ("home: 030 901820", "tel:030901820"),
        ("\u0661\u0662\u0663\u0664", "tel:1234"),
        ("ring twice", None),
        ("7", None),
    ],
)
def test_phone_number_is_dialled_with_its_extension(phone: str, uri: str | None) -> None:
    assert tel(phone) == uri
