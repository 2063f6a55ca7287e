"""A lead of an anonymous client costs no statement for its owner while assignment is off."""

import pytest
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, PUBLIC, Role
from leadtracker.domain.model.accounts.account import Assignment
from leadtracker.settings import Settings
from tests.support.builders import make_fields
from tests.support.instruments.query_plans import recorded_statements

# The lead, its search terms, and the enquiries of a known person.
STATEMENTS = ('INSERT INTO "leads" ', 'INSERT INTO "lead_search" ', 'UPDATE "leads" ')


@pytest.mark.parametrize("assignment", [Assignment.NONE, Assignment.ROUND_ROBIN])
def test_statements_of_a_lead_ask_for_an_owner_only_with_assignment(
    sqlite_url: str, assignment: Assignment
) -> None:
    container = Container(settings=Settings(database_url=SecretStr(sqlite_url), assignment=assignment))
    container.manage_users().add(OPERATOR, "ann", Role.AGENT, "correct horse battery")
    container.capture_lead()(PUBLIC, make_fields("first@example.com"))
    with recorded_statements(container.dialect().writer.connection()) as statements:
        container.capture_lead()(PUBLIC, make_fields("second@example.com"))
    container.dialect().close()
    # A set, because a statement may be reported again for those of its triggers.
    about_leads = {sql for sql in statements if sql.startswith(STATEMENTS)}
    assert len(about_leads) == len(STATEMENTS)
    is_asked = any('"is_assignable"' in sql or '"assigned_number"' in sql for sql in statements)
    assert is_asked is (assignment is not Assignment.NONE)
