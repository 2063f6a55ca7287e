"""Contract suite of ``PhoneParser``: the numbers that every parser must recognise."""

import pytest

from leadtracker.domain.ports.system import PhoneParser


class PhoneParserContract:
    """Requires the fixture ``phones``."""

    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("+493012345678", "+493012345678"),
            ("+1 (212) 555-0123", "+12125550123"),
            ("+44 20 7946 0958", "+442079460958"),
        ],
    )
    def test_international_number_is_recognised(self, phones: PhoneParser, text: str, number: str) -> None:
        assert phones.to_e164(text) == number
        assert phones.to_e164(number) == number

    @pytest.mark.parametrize(
        "text",
        ["", "+", "call me", "12", "+49 30 12345678 after six", "ask +12125550123", "\0", "\ud800"],
    )
    def test_ambiguous_text_is_not_a_number(self, phones: PhoneParser, text: str) -> None:
        assert phones.to_e164(text) is None
