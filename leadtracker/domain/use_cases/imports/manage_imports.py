"""List imports and undo them."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.errors import ImportExists, ImportNotFound
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditRecord
from leadtracker.domain.model.intake.lead_import import ImportState, KeptLead, LeadImport, change_since_import
from leadtracker.domain.model.leads.history import Action, entry
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.values.paging import Cursor, Page
from leadtracker.domain.ports.deliveries.emails import KeptMails
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications

_LEADS_PER_TRANSACTION = 50
"""Removing a lead takes longer the more leads there are, and a new lead of others must not wait for many."""


@frozen
class UndoneImport:
    """The result of undoing an import.

    Attributes:
        removed: the number of leads that were removed, also by an earlier attempt.
        kept: the leads that were changed since, oldest first.
    """

    removed: int
    kept: tuple[KeptLead, ...]


@frozen(kw_only=True)
class ManageImports:
    """List imports, and undo them."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _notifications: Notifications
    _kept_mails: KeptMails

    def page(self, actor: Actor, *, limit: int, after: Cursor | None = None) -> Page[LeadImport]:
        """Return at most ``limit`` imports after a cursor, the latest first.

        Raises:
            PermissionDenied: the actor may not import leads.
        """
        actor.require(Permission.LEAD_IMPORT)
        with self._unit_of_work.read_only() as tx:
            found = tx.imports.page(limit=limit + 1, after=after)
        now = self._clock.now()
        return Page.cut([one.seen_at(now) for one in found], limit, lambda one: one.cursor)

    def get(self, actor: Actor, import_id: str) -> LeadImport:
        """Return an import.

        Raises:
            PermissionDenied: the actor may not import leads.
            ImportNotFound: no import has this id.
        """
        actor.require(Permission.LEAD_IMPORT)
        with self._unit_of_work.read_only() as tx:
            return tx.imports.get(import_id).seen_at(self._clock.now())

    def file_names(self, actor: Actor, import_ids: Collection[str]) -> dict[str, str]:
        """Return the names of imported files by the ids of the imports; those without one are absent.

        Raises:
            PermissionDenied: the actor may not import leads.
        """
        actor.require(Permission.LEAD_IMPORT)
        names = {}
        with self._unit_of_work.read_only() as tx:
            for import_id in import_ids:
                with suppress(ImportNotFound):
                    names[import_id] = tx.imports.get(import_id).file_name
        return {import_id: name for import_id, name in names.items() if name}

    def check_new(self, actor: Actor, import_id: str) -> None:
        """Check that a file is not imported yet whose import will have this id.

        Raises:
            PermissionDenied: the actor may not import leads.
            ImportExists: it is imported, or is being imported.
        """
        with suppress(ImportNotFound):
            raise ImportExists(self.get(actor, import_id).id)

    def undo(self, actor: Actor, import_id: str) -> UndoneImport:
        """Remove the leads that an import created and that were not changed since.

        What it changed in known leads stays, and so do sealed weekly numbers. An import in progress is
        stopped. Leads are removed a few at a time; undoing again continues after an interruption, and
        returns the same result once all is done.

        Raises:
            PermissionDenied: the actor may not import leads.
            ImportNotFound: no import has this id.
        """
        actor.require(Permission.LEAD_IMPORT)
        self._set_state(actor, import_id, ImportState.UNDOING)
        kept: list[KeptLead] = []
        after: Cursor | None = None
        while leads := self._undo_some(actor, import_id, after, kept):
            after = Cursor(leads[-1].created_at, leads[-1].id)
        return UndoneImport(self._set_state(actor, import_id, ImportState.UNDONE).removed, tuple(kept))

    def kept(self, actor: Actor, import_id: str, *, limit: int) -> list[KeptLead]:
        """Return at most ``limit`` leads that undoing an import does not remove, oldest first.

        Raises:
            PermissionDenied: the actor may not import leads.
        """
        actor.require(Permission.LEAD_IMPORT)
        with self._unit_of_work.read_only() as tx:
            leads = tx.leads.imported(import_id, limit=limit)
            changes = ((lead.id, change_since_import(lead, tx.history.of(lead.id))) for lead in leads)
            return [KeptLead(lead_id, change) for lead_id, change in changes if change is not None]

    def _set_state(self, actor: Actor, import_id: str, state: ImportState) -> LeadImport:
        now = self._clock.now()
        with self._unit_of_work() as tx:
            record = evolve(tx.imports.get(import_id), state=state, updated_at=now)
            tx.imports.save(record)
            if state is ImportState.UNDOING:
                tx.audit_log.append(AuditRecord.by(actor, AuditAction.IMPORT_UNDONE, now, import_id))
            tx.commit()
        return record

    def _undo_some(
        self, actor: Actor, import_id: str, after: Cursor | None, kept: list[KeptLead]
    ) -> list[Lead]:
        """Remove the unchanged ones of a few leads, and return all of these.

        The oldest come first: the search index of SQLite reads the entries of a word from the oldest one to
        that which is removed.
        """
        now = self._clock.now()
        with self._unit_of_work() as tx:
            tx.leads.lock_links()
            record = tx.imports.get(import_id)
            leads = tx.leads.imported(import_id, limit=_LEADS_PER_TRANSACTION, after=after)
            unchanged = []
            for lead in leads:
                change = change_since_import(lead, tx.history.of(lead.id))
                if change is None:
                    unchanged.append(lead)
                else:
                    kept.append(KeptLead(lead.id, change))
            deliveries = self._remove(tx, actor, record, unchanged, now)
            tx.imports.save(evolve(record, removed=record.removed + len(unchanged), updated_at=now))
            tx.commit()
        for lead_id, removed, lists in deliveries:
            self._kept_mails.erase(removed)
            self._kept_mails.erase_naming(lead_id, lists)
        return leads

    def _remove(
        self, tx: UnitOfWork, actor: Actor, record: LeadImport, leads: list[Lead], now: datetime
    ) -> list[tuple[str, list[str], list[str]]]:
        """Remove leads to which nothing has happened; return their ids, and those of mails about them."""
        deliveries = []
        for lead in leads:
            if record.notifies:
                lists = tx.deliveries.lists_of_leads(lead.created_at)
                deliveries.append((lead.id, tx.deliveries.erase(lead.id), lists))
                self._notifications.lead_erased(tx, lead.id, now)
            tx.leads.erase(lead.id)
            tx.history.redact(lead.id)
        tx.history.append(entry(lead.changed(now), actor, Action.ERASED, now) for lead in leads)
        return deliveries
