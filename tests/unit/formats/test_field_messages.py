"""Every code of a field error has a sentence, which names what the error's data holds."""

import pytest

from leadtracker.domain.errors import FieldError, InvalidInput
from leadtracker.domain.model.values.field_errors import PHRASES, InvalidValue
from leadtracker.domain.model.values.field_parser import field_error
from leadtracker.entrypoints.formats.field_messages import SENTENCES, field_message, field_messages
from leadtracker.i18n.languages import LANGUAGES, Language
from leadtracker.i18n.texts import using_language

DATA = {
    "file": "cv.txt",
    "max": 9,
    "min": 4,
    "kinds": "pdf, txt",
    "kind": "pdf",
    "states": "PENDING",
    "primary": "1",
    "roles": "agent",
    "choices": "a",
    "cells": 3,
    "columns": 2,
    "reason": "odd",
    "first": 1,
    "last": 9,
}


def test_every_code_has_a_sentence() -> None:
    assert set(SENTENCES) == set(PHRASES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", PHRASES)
def test_sentence_is_complete_in_every_language(code: str, language: Language) -> None:
    with using_language(language):
        sentence = field_message(field_error("email", InvalidValue(code, **DATA)))
    assert sentence.endswith(".")
    assert "%(" not in sentence
    assert (sentence == SENTENCES[code] % DATA) is (language == "en")


def test_error_without_a_code_is_its_own_sentence() -> None:
    assert field_message(FieldError("name", "is odd")) == "Is odd."


def test_first_error_of_a_field_counts() -> None:
    errors = [FieldError("name", "is odd"), FieldError("from", "is late"), FieldError("name", "is short")]
    assert list(field_messages(InvalidInput(errors)).items()) == [("name", "Is odd."), ("from", "Is late.")]
