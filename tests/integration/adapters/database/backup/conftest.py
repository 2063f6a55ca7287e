"""A busy installation, its backup, and what a restored one holds."""

from pathlib import Path

import pytest

from leadtracker.adapters.database.backup.backup_store import PeeweeBackupStore
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from tests.contracts.consistency_checks import be_busy
from tests.integration.adapters.database.conftest import OpenDialect
from tests.support.clock import NOW
from tests.support.memory.in_memory_app import InMemoryApp


@pytest.fixture
def backup_file(tmp_path: Path) -> Path:
    return tmp_path / "backup.zip"


@pytest.fixture
def busy(database_url: str, open_dialect: OpenDialect, backup_file: Path) -> InMemoryApp:
    """An installation with records of every kind and a backup of them; no other process uses it."""
    dialect = open_dialect(database_url)
    app = InMemoryApp(unit_of_work=PeeweeUnitOfWorkFactory(dialect))
    be_busy(app)
    PeeweeBackupStore(dialect, None).save(str(backup_file), NOW)
    dialect.close()
    return app


def restore(url: str, open_dialect: OpenDialect, backup_file: Path, *, force: bool = False) -> InMemoryApp:
    """Restore into a database and open an installation on it."""
    dialect = open_dialect(url)
    try:
        PeeweeBackupStore(dialect, None).restore(str(backup_file), force=force)
    finally:
        dialect.close()
    return InMemoryApp(unit_of_work=PeeweeUnitOfWorkFactory(dialect))


def content(app: InMemoryApp) -> dict[str, object]:
    """Return everything that is stored, in the same form for every database."""
    leads = app.leads()
    with app.unit_of_work.read_only() as tx:
        return {
            "leads": leads,
            "history": [tx.history.of(lead.id) for lead in leads],
            "resumes": [tx.files.get(lead.id) for lead in leads],
            "follow-ups": [tx.follow_ups.find_open(lead.id) for lead in leads],
            "deliveries": tx.deliveries.page(None, limit=99).items,
            "reports": tx.ledger.all(),
            "heartbeat": tx.heartbeat.read(),
            "users": tx.users.all(),
        }


def close(app: InMemoryApp) -> None:
    """Let go of the database."""
    assert isinstance(app.unit_of_work, PeeweeUnitOfWorkFactory)
    app.unit_of_work._dialect.close()  # noqa: SLF001 - another process would have ended
