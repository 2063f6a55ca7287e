"""Every reason why a file cannot be imported has a sentence in every language of the dashboard."""

import pytest

from leadtracker.entrypoints.formats.tables.rejected_files import PHRASES, rejected_file
from leadtracker.entrypoints.http.web.imports.file_messages import SENTENCES, file_message
from leadtracker.i18n.texts import using_language

DATA = {"columns": "email", "max": 32, "problem": "is odd"}


def test_every_reason_has_a_sentence() -> None:
    assert set(SENTENCES) == set(PHRASES)


@pytest.mark.parametrize("reason", PHRASES)
def test_sentence_is_complete_in_german(reason: str) -> None:
    error = rejected_file(reason, **DATA)
    english = file_message(error)
    with using_language("de"):
        german = file_message(error)
    assert english.startswith("This file cannot be imported. ")
    assert german.startswith("Diese Datei kann nicht importiert werden. ")
    assert german.endswith(".")
    assert "%(" not in english + german
    assert not set(english.split(". ")) & set(german.split(". "))
