"""The generated parts of the documentation are current; `make references` writes them again."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import pytest

from leadtracker.domain.model.accounts.access import Permission
from tools.references.docstrings import member_docstrings
from tools.references.files import ROOT, current_files, generated_files
from tools.references.markdown import anchor, sentence, table


@pytest.fixture(scope="module")
def current() -> Mapping[Path, str]:
    return current_files()


@pytest.mark.parametrize("path", generated_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_generated_reference_is_current(path: Path, current: Mapping[Path, str]) -> None:
    assert path.read_text(encoding="utf-8") == current[path], (
        "run `make references` and commit what it writes"
    )


def test_every_generated_reference_is_tested(current: Mapping[Path, str]) -> None:
    assert set(current) == set(generated_files())


def test_every_member_has_its_docstring() -> None:
    assert member_docstrings(Permission)["lead:erase"] == "Erase a person."


class Undocumented(StrEnum):
    """An enum with a member without a text."""

    RED = "red"
    """A colour."""
    BLUE = "blue"


def test_member_without_a_docstring_is_an_error() -> None:
    with pytest.raises(ValueError, match="Undocumented: write a docstring below BLUE"):
        member_docstrings(Undocumented)


def test_cells_of_table_stay_in_cell() -> None:
    assert table(("a", "b"), [("x|y", "two\nlines"), ("", "z")]) == (
        "| a | b |\n| --- | --- |\n| x\\|y | two lines |\n| | z |\n"
    )


@pytest.mark.parametrize(
    ("text", "expected"), [("a b", "A b."), ("Done.", "Done."), ("", ""), ("why?\nso", "Why? so.")]
)
def test_sentence_begins_and_ends_like_one(text: str, expected: str) -> None:
    assert sentence(text) == expected


def test_anchor_is_that_of_the_site() -> None:
    assert anchor("GET /leads/{lead_id}/follow-up") == "get-leadslead_idfollow-up"
