"""Rows that need no cleaning are read as all other rows are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.leads.lead_draft import LeadDraft
from leadtracker.domain.use_cases.imports.plain_rows import plain_draft
from tests.support.examples.thoroughness import examples

ROW = {
    "first_name": " Ada ",
    "last_name": "Lovelace",
    "email": "Ada@Example.com",
    "phone": "+442079460018",
    "message": "Please call.",
    "source": "",
    "state": "lost",
    "created_at": "2026-11-13T14:14:00Z",
}
TEXTS = st.one_of(
    st.sampled_from(["", " ", "x" * 101, "x" * 5_001, "ada@example.com", "a@b.com ::: c@d.com", "a@b.com,"]),
    st.sampled_from(
        ["+442079460018", "0301234567", "030 1234567 or 030 7654321", "12", "4,917E+11", "12(0)3"]
    ),
    st.sampled_from(
        ["PENDING", "won", "2026-11-13T14:14:00Z", "1850-01-01T00:00Z", "Zoë", "a\tb", "two\nlines"]
    ),
    st.text(max_size=30),
)
NAMES = st.sampled_from([*ROW, "name", "company", "utm_source", "lost_reason", "owner", "answers", "Phone"])


def read(fields: dict[str, str]) -> LeadDraft | None:
    """Return the draft as every row is read that is not plain; None for an invalid row."""
    try:
        return LeadDraft.read(fields, str.strip, from_import=True)
    except InvalidInput:
        return None


@given(st.dictionaries(NAMES, TEXTS))
@settings(max_examples=examples(200))
def test_plain_row_gives_the_same_draft(changes: dict[str, str]) -> None:
    fields = ROW | changes
    plain, draft = plain_draft(fields, str.strip), read(fields)
    if plain is not None:
        assert plain == draft
        assert draft is not None
        assert (plain.inputs.answers, plain.inputs.left_out) == (draft.inputs.answers, draft.inputs.left_out)


def test_usual_row_is_plain() -> None:
    assert plain_draft(ROW | {"owner": "ann"}, str.strip) == read(ROW)


@pytest.mark.parametrize(
    "fields", [{"email": "ada"}, {"message": "Zoë"}, {"phone": "1" * 41}, {"company": "X"}]
)
def test_other_rows_are_left_to_draft(fields: dict[str, str]) -> None:
    assert plain_draft(ROW | fields, str.strip) is None
