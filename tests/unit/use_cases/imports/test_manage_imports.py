"""Imports are listed and undone: what was changed since stays."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest
from attrs import evolve

from leadtracker.domain.errors import ImportNotFound, ImportStopped, PermissionDenied, StorageUnavailable
from leadtracker.domain.model.intake.lead_import import ImportState, KeptLead, LeadImport
from leadtracker.domain.model.leads.history import Action
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.use_cases.imports.import_rows import ImportRow
from tests.support.builders import make_fields
from tests.support.memory.in_memory_app import ADMIN, AGENT, InMemoryApp

CHUNK = 1_000


def rows(number: int, **fields: object) -> Iterator[ImportRow]:
    """Records of different people."""
    for one in range(number):
        yield ImportRow(one + 2, make_fields(f"p{one}@example.com", **fields))


def import_all(app: InMemoryApp, number: int, *, notify: bool = False) -> str:
    """Import the leads of different people, and return the id of the import."""
    running = app.import_leads(ADMIN, rows(number), file_name="people.csv", notify=notify)
    list(running)
    assert running.import_id
    return running.import_id


def record(app: InMemoryApp) -> LeadImport:
    """Return the latest import."""
    return app.manage_imports.page(ADMIN, limit=1).items[0]


def lead_of(app: InMemoryApp, number: int) -> Lead:
    """Return one of the imported leads."""
    return next(lead for lead in app.leads() if lead.identity == f"p{number}@example.com")


def test_import_is_recorded_with_counts(app: InMemoryApp) -> None:
    app.receive("p0@example.com")
    file = [*rows(3), ImportRow(5, make_fields("unknown"))]
    import_id = list(running := app.import_leads(ADMIN, file, file_name="people.csv")) and running.import_id
    found = record(app)
    assert (found.id, found.actor, found.file_name) == (import_id, ADMIN.name, "people.csv")
    assert (found.state, found.notifies) == (ImportState.COMPLETED, False)
    assert (found.created, found.duplicates, found.rejected, found.updated) == (2, 1, 1, 0)
    assert [lead.import_id for lead in app.leads()] == [None, import_id, import_id]


def test_dry_run_leaves_no_record(app: InMemoryApp) -> None:
    running = app.import_leads(ADMIN, rows(2), dry_run=True)
    list(running)
    assert running.import_id is None
    assert app.manage_imports.page(ADMIN, limit=9).items == ()


def test_empty_file_is_recorded(app: InMemoryApp) -> None:
    import_all(app, 0)
    assert (record(app).state, record(app).created) == (ImportState.COMPLETED, 0)


def test_import_that_ends_early_is_interrupted(app: InMemoryApp) -> None:
    running = app.import_leads(ADMIN, rows(CHUNK + 1))
    next(running)
    assert record(app).state is ImportState.RUNNING
    running.close()
    assert (record(app).state, record(app).created) == (ImportState.INTERRUPTED, CHUNK)


def test_import_of_a_killed_process_is_interrupted(app: InMemoryApp) -> None:
    running = app.import_leads(ADMIN, rows(CHUNK + 1))
    next(running)
    app.clock.advance(timedelta(minutes=3))
    assert record(app).state is ImportState.INTERRUPTED
    assert app.manage_imports.get(ADMIN, record(app).id).state is ImportState.INTERRUPTED


def test_undo_removes_unchanged_leads(app: InMemoryApp) -> None:
    [other] = app.receive("other@example.com")
    undone = app.manage_imports.undo(ADMIN, import_all(app, CHUNK + 10))
    assert (undone.removed, undone.kept) == (CHUNK + 10, ())
    assert app.leads() == [other]
    assert (record(app).state, record(app).removed) == (ImportState.UNDONE, CHUNK + 10)


def test_undone_leads_keep_a_history_like_erased_ones(app: InMemoryApp) -> None:
    import_id = import_all(app, 1)
    [lead] = app.leads()
    app.manage_imports.undo(ADMIN, import_id)
    entries = app.read_history(ADMIN, lead.id)
    assert [entry.action for entry in entries] == [Action.IMPORTED, Action.ERASED]


def test_changed_leads_are_kept_and_named(app: InMemoryApp) -> None:
    import_id = import_all(app, 7)
    leads = {number: lead_of(app, number) for number in range(7)}
    app.update_lead(AGENT, leads[0].id, {"first_name": "Bo"})
    app.update_lead(AGENT, leads[1].id, {"state": LeadState.REACHED_OUT})
    app.add_note(AGENT, leads[2].id, {"note": "Called."})
    app.record_follow_up(AGENT, leads[3].id, {})
    app.receive("p4@example.com")
    app.update_lead(AGENT, leads[5].id, {"duplicate_of": leads[6].id})
    undone = app.manage_imports.undo(ADMIN, import_id)
    assert undone.removed == 0
    assert sorted(undone.kept, key=lambda one: one.lead_id) == [
        KeptLead(leads[0].id, Action.EDITED),
        KeptLead(leads[1].id, Action.STATE_CHANGED),
        KeptLead(leads[2].id, Action.NOTE_ADDED),
        KeptLead(leads[3].id, Action.FOLLOW_UP),
        KeptLead(leads[4].id, Action.ENQUIRED_AGAIN),
        KeptLead(leads[5].id, Action.DUPLICATE_LINKED),
        KeptLead(leads[6].id, Action.ENQUIRED_AGAIN),
    ]


def test_undo_can_be_repeated(app: InMemoryApp) -> None:
    import_id = import_all(app, 5)
    app.add_note(AGENT, lead_of(app, 3).id, {"note": "Called."})
    first = app.manage_imports.undo(ADMIN, import_id)
    assert (first.removed, len(first.kept)) == (4, 1)
    assert app.manage_imports.undo(ADMIN, import_id) == first


def test_kept_leads_can_be_read_again(app: InMemoryApp) -> None:
    import_id = import_all(app, 5)
    for number in (1, 3):
        app.add_note(AGENT, lead_of(app, number).id, {"note": "Called."})
    kept = list(app.manage_imports.undo(ADMIN, import_id).kept)
    assert [app.manage_imports.kept(ADMIN, import_id, limit=limit) for limit in (1, 5)] == [kept[:1], kept]
    assert app.manage_imports.kept(ADMIN, import_all(app, 5), limit=5) == []


def test_undo_is_in_progress_until_it_is_silent(app: InMemoryApp) -> None:
    import_all(app, 1)
    undoing = evolve(record(app), state=ImportState.UNDOING)
    after = [undoing.updated_at + timedelta(seconds=seconds) for seconds in (120, 121)]
    assert [undoing.is_in_progress(now) for now in after] == [True, False]
    assert not evolve(undoing, state=ImportState.UNDONE).is_in_progress(after[0])


class LockedFolder:
    """A folder of mails in which none can be deleted."""

    def erase(self, delivery_ids: Iterable[str]) -> None:
        raise StorageUnavailable(f"cannot delete {delivery_ids}")

    def erase_naming(self, lead_id: str, delivery_ids: Iterable[str]) -> None:
        raise StorageUnavailable(f"cannot delete {delivery_ids} with {lead_id}")


def test_undo_removes_few_leads_in_one_transaction(app: InMemoryApp) -> None:
    import_id = import_all(app, 120, notify=True)
    with pytest.raises(StorageUnavailable):  # after the first transaction
        evolve(app.manage_imports, kept_mails=LockedFolder()).undo(ADMIN, import_id)
    assert (record(app).state, record(app).removed, len(app.leads())) == (ImportState.UNDOING, 50, 70)
    assert app.manage_imports.undo(ADMIN, import_id).removed == 120


def test_undo_stops_import_in_progress(app: InMemoryApp) -> None:
    running = app.import_leads(ADMIN, rows(2 * CHUNK + 1))
    next(running)
    assert running.import_id
    assert app.manage_imports.undo(ADMIN, running.import_id).removed == CHUNK
    with pytest.raises(ImportStopped):
        list(running)
    assert app.leads() == []
    assert record(app).state is ImportState.UNDONE


def test_changes_of_known_leads_stay(app: InMemoryApp) -> None:
    app.receive("p0@example.com")
    running = app.import_leads(ADMIN, rows(2, source="fair"), update=True)
    list(running)
    assert running.import_id
    assert app.manage_imports.undo(ADMIN, running.import_id).removed == 1
    assert [(lead.identity, lead.source) for lead in app.leads()] == [("p0@example.com", "fair")]


def test_lead_whose_mail_was_sent_is_kept(app: InMemoryApp) -> None:
    app.notify = (EmailAddress.parse("team@example.com"),)
    import_id = import_all(app, 1, notify=True)
    list(app.deliver_notifications.mail(until=lambda: False))
    [kept] = app.manage_imports.undo(ADMIN, import_id).kept
    assert kept.reason is Action.MAIL_SENT


def test_mails_that_wait_are_withdrawn(app: InMemoryApp) -> None:
    app.notify = (EmailAddress.parse("team@example.com"),)
    assert app.manage_imports.undo(ADMIN, import_all(app, 2, notify=True)).removed == 2
    list(app.deliver_notifications.mail(until=lambda: False))
    assert app.email_sender.arrived == []


def test_imports_are_for_admins(app: InMemoryApp) -> None:
    import_id = import_all(app, 1)
    for call in (
        lambda: app.manage_imports.page(AGENT, limit=1),
        lambda: app.manage_imports.get(AGENT, import_id),
        lambda: app.manage_imports.undo(AGENT, import_id),
        lambda: app.manage_imports.kept(AGENT, import_id, limit=1),
    ):
        with pytest.raises(PermissionDenied):
            call()
    assert len(app.leads()) == 1


def test_unknown_import_is_not_found(app: InMemoryApp) -> None:
    with pytest.raises(ImportNotFound):
        app.manage_imports.undo(ADMIN, "unknown")


def test_imports_come_in_pages(app: InMemoryApp) -> None:
    ids = []
    for _ in range(3):
        app.clock.advance(timedelta(seconds=1))
        ids.append(import_all(app, 0))
    page = app.manage_imports.page(ADMIN, limit=2)
    assert [one.id for one in page.items] == [ids[2], ids[1]]
    rest = app.manage_imports.page(ADMIN, limit=2, after=page.next)
    assert ([one.id for one in rest.items], rest.next) == ([ids[0]], None)
