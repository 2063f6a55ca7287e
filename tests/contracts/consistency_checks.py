"""Contract suite of ``ConsistencyChecks`` on a store without errors."""

import pytest

from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.domain.model.consistency import Invariant
from leadtracker.domain.ports.consistency_checks import ConsistencyChecks
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.imports.import_rows import ImportRow
from tests.support.builders import make_fields
from tests.support.clock import DAY
from tests.support.memory.in_memory_app import ADMIN, InMemoryApp

ASKED = (
    Invariant.LEADS,
    Invariant.ENQUEUED,
    Invariant.ATTEMPTS,
    Invariant.SEALED,
    Invariant.INTEGRITY,
    Invariant.DUPLICATES,
)


class ConsistencyChecksContract:
    """Requires the fixtures ``unit_of_work``, on an empty store, and ``inspection`` of the same."""

    @pytest.fixture
    def app(self, unit_of_work: UnitOfWorkFactory) -> InMemoryApp:
        return InMemoryApp(unit_of_work=unit_of_work)

    def test_empty_store_is_consistent(self, consistency_checks: ConsistencyChecks) -> None:
        assert [consistency_checks.violations(invariant) for invariant in ASKED] == [[]] * len(ASKED)
        assert list(consistency_checks.lead_audits()) == []
        assert list(consistency_checks.leads_with_files()) == []

    def test_store_with_activity_is_consistent(
        self, app: InMemoryApp, consistency_checks: ConsistencyChecks
    ) -> None:
        be_busy(app)
        assert [consistency_checks.violations(invariant) for invariant in ASKED] == [[]] * len(ASKED)
        assert all(audit.is_consistent for audit in consistency_checks.lead_audits())

    def test_every_history_is_paired_with_its_lead(
        self, app: InMemoryApp, consistency_checks: ConsistencyChecks
    ) -> None:
        be_busy(app)
        lead_audits = {audit.lead_id: audit for audit in consistency_checks.lead_audits()}
        leads = {lead.id: lead for lead in app.leads()}
        assert len(lead_audits) == len(leads) + 1  # one was erased
        for lead_id, audit in lead_audits.items():
            with app.unit_of_work.read_only() as tx:
                assert audit.entries == tuple(tx.history.of(lead_id))
            lead = leads.get(lead_id)
            assert (audit.version, audit.state) == ((lead.version, lead.state) if lead else (None, None))

    def test_leads_with_files_are_listed(
        self, app: InMemoryApp, consistency_checks: ConsistencyChecks
    ) -> None:
        be_busy(app)
        named = list(consistency_checks.leads_with_files())
        assert sorted(named) == sorted(lead.id for lead in app.leads() if lead.resume)
        assert len(named) == 1


def be_busy(app: InMemoryApp) -> None:
    """Store records of every kind: of three captured leads, one is a duplicate and one is erased."""
    ann = app.capture_lead(PUBLIC, make_fields("ann@example.com", resume="Can sew.")).lead
    again, bob = app.receive("ann@example.com", "bob@example.com")
    list(app.import_leads(ADMIN, [ImportRow(2, make_fields("carl@example.com", state="CONVERTED"))]))
    for state in ("REACHED_OUT", "CONVERTED", "REACHED_OUT", "LOST"):
        app.update_lead(ADMIN, ann.id, {"state": state, "source": f"ad {state}"})
    app.add_note(ADMIN, ann.id, {"note": "called"})
    app.record_follow_up(ADMIN, ann.id, {"message": "Hello", "due_at": (app.clock.now() + DAY).isoformat()})
    app.update_lead(ADMIN, again.id, {"email": "again@example.com", "state": "LOST"})
    app.update_lead(ADMIN, bob.id, {"state": "LOST"})
    app.erase_lead(ADMIN, bob.id)
    list(app.deliver_notifications.mail())
    app.tick()
