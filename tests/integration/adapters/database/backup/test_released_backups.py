"""Backups of earlier releases are restored by every later version whose tables are the same."""

import pytest

from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter
from leadtracker.domain.model.leads.queries.search import Search
from tests.integration.adapters.database.backup.conftest import restore
from tests.integration.adapters.database.conftest import OpenDialect
from tests.integration.adapters.database.schema.test_schema import catalogue
from tests.releases.dumps import RELEASES, backup_path
from tests.support.memory.in_memory_app import VIEWER


@pytest.mark.parametrize("release", RELEASES)
def test_backup_of_release_is_restored(
    release: str, empty_url: str, open_dialect: OpenDialect, request: pytest.FixtureRequest
) -> None:
    app = restore(empty_url, open_dialect, backup_path(release))
    assert len(app.leads()) > 20
    requested = LeadFilter(search=Search.parse("mueller 北京"), duplicates=Duplicates.INCLUDE)
    [lead] = app.find_leads(VIEWER, requested, limit=9, after=None).items
    assert lead.identity == "corrected@example.com"
    assert app.read_history(VIEWER, lead.id)
    new = request.getfixturevalue("sqlite_url" if empty_url.startswith("sqlite") else "postgres_url")
    assert sorted(catalogue(empty_url)) == sorted(catalogue(new))
