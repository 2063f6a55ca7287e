"""The places that show the members of each enum: pages, mails, exports, the command line and OpenAPI."""

import io
import re

from attrs import evolve, frozen

from leadtracker.domain.model.accounts.access import OPERATOR, USER_ROLES, Role
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditRecord
from leadtracker.domain.model.deliveries.canary import CanaryFailure
from leadtracker.domain.model.deliveries.deliverable import Attempt, Outcome
from leadtracker.domain.model.deliveries.delivery import DeliveryKind, DeliveryState
from leadtracker.domain.model.intake.consent import Consent, ConsentForm
from leadtracker.domain.model.intake.lead_import import ImportState
from leadtracker.domain.model.intake.quarantined_lead import QuarantineReason
from leadtracker.domain.model.leads.follow_up import FollowUpStatus
from leadtracker.domain.model.leads.history import Action
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import Sort
from leadtracker.domain.model.leads.queries.text_order import TextSort
from leadtracker.domain.model.reports.weekly_report import ReportState
from leadtracker.entrypoints.formats.labels import label
from tests.contracts.intake.canary_runs import make_run
from tests.contracts.intake.import_store import make_import
from tests.integration.http.conftest import PHRASE
from tests.integration.http.pages.conftest import LEADS
from tests.integration.http.pages.shown import (
    BADGE,
    HISTORY,
    OPTION,
    QUARANTINED,
    RESULT,
    PlaceReader,
    Shown,
    words,
)
from tests.support.builders import (
    make_delivery,
    make_entry,
    make_event,
    make_fields,
    make_lead,
    make_quarantined_lead,
    make_rejected,
    make_report,
)
from tests.support.clock import NOW


@frozen
class Places(PlaceReader):
    """Stores one record for each member of an enum, and reads every place that shows them."""

    def actions(self) -> Shown:
        lead_id = self.admin.post("/leads", make_fields()).body["id"]
        with self.container.unit_of_work()() as tx:
            tx.history.append(
                make_entry(lead_id, action, version=version) for version, action in enumerate(Action, 2)
            )
            tx.commit()
        history = {one["action"] for one in self.admin.get(f"/leads/{lead_id}/history").body}
        return Shown(
            {"lead page": self.on_page(f"{LEADS}/{lead_id}", HISTORY)},
            {"history": history, "OpenAPI": self.in_openapi()},
        )

    def lead_states(self) -> Shown:
        rows = "".join(f"Ann,Lee,{state}@example.com,{state}\n" for state in LeadState)
        csv = f"first_name,last_name,email,state\n{rows}".encode()
        self.admin.post("/leads/import", data=csv, content_type="text/csv")
        leads = self.admin.get("/leads").body
        pages = [self.on_page(f"{LEADS}/{lead['id']}", BADGE) for lead in leads]
        labels = {
            "list": self.on_page(LEADS, BADGE),
            "board": self.on_page("/dashboard/board", BADGE),
            "lead pages": set.union(*pages),
            "reminders": set(self.reminded_states()),
        }
        values = {
            "API": {lead["state"] for lead in leads},
            "statistics": set(self.admin.get("/stats").body["by_state"]),
            "CSV": words(self.admin.get("/leads/export").body.decode()),
            "command line": words(self.command_line.run("leads", "export").out),
            "OpenAPI": self.in_openapi(),
        }
        return Shown(labels, values)

    def consent_forms(self) -> Shown:
        shown: set[str] = set()
        exported = set()
        for form in ConsentForm:
            lead_id = self.admin.post("/leads", make_fields(f"{form}@example.com")).body["id"]
            with self.container.unit_of_work()() as tx:
                tx.consents.add(lead_id, Consent(text="I agree.", at=NOW, form=form))
                tx.commit()
            shown |= self.on_page(f"{LEADS}/{lead_id}", r"Version \d · ([^<·]+) ·")
            exported.add(self.admin.get(f"/leads/{lead_id}/export").body["consent"]["form"])
        return Shown({"lead page": shown}, {"export": exported, "OpenAPI": self.in_openapi()})

    def delivery_states(self) -> Shown:
        return self.deliveries_shown(
            (make_delivery(f"m-{state}", state=state, due_at=None) for state in DeliveryState), BADGE, "state"
        )

    def delivery_kinds(self) -> Shown:
        shown = self.deliveries_shown(
            (make_event(f"m-{kind}", kind=kind) for kind in DeliveryKind),
            r'data-label="Kind">([^<]+?) *<',
            "kind",
        )
        return evolve(shown, labels={**shown.labels, "lead page": self.noted(Action.MAIL_SENT, DeliveryKind)})

    def import_states(self) -> Shown:
        with self.container.unit_of_work()() as tx:
            for state in ImportState:
                tx.imports.add(make_import(f"import-{state}", state=state))
            tx.commit()
        pages = (self.on_page(f"/dashboard/import/import-{state}", RESULT) for state in ImportState)
        labels = {
            "list": self.on_page("/dashboard/import", r'data-label="State">([^<]+)<'),
            "pages": set.union(*pages),
        }
        values = {
            "API": {one["state"] for one in self.admin.get("/imports").body},
            "command line": words(self.command_line.run("imports", "list", "--json").out),
            "OpenAPI": self.in_openapi(),
        }
        return Shown(labels, values)

    def row_outcomes(self) -> Shown:
        self.admin.post("/leads", make_fields())
        rows = "Bob,bob@example.com,\nAnn,ann@example.com,+4930901820\nEve,eve@,\n"
        form = self.browser.get("/dashboard/import").form("/dashboard/import")
        file = (io.BytesIO(f"first_name,email,phone\n{rows}".encode()), "three.csv")
        match = self.browser.submit(form, {"file": file}).location
        form = self.browser.get(match).form(match)
        updated = self.browser.submit(form, {"update": "on", "do": "preview"})
        pattern = r'data-label="Result"><strong>([^<]+)<'
        return Shown({"preview": self.on_page(match, pattern) | set(re.findall(pattern, updated.html))})

    def follow_up_shortcuts(self) -> Shown:
        lead_id = self.admin.post("/leads", make_fields()).body["id"]
        shown = self.on_page("/dashboard/leads/new", r"<option [^>]*>([^<(]+) \(")
        return Shown(
            {
                "new lead": shown,
                "lead page": self.on_page(f"{LEADS}/{lead_id}", r'title="[^"]+">([^<]+)</button>'),
            }
        )

    def channels(self) -> Shown:
        rows = self.deliveries_shown([make_delivery(), make_event()], BADGE, "channel")
        return Shown(values={name: rows.values[name] for name in ("API", "OpenAPI")})

    def outcomes(self) -> Shown:
        attempts = tuple(
            Attempt(number=number, started_at=NOW, finished_at=NOW, outcome=outcome)
            for number, outcome in enumerate(Outcome, 1)
        )
        delivery, report = make_delivery(lead_id=None), make_report()
        with self.container.unit_of_work()() as tx:
            tx.deliveries.add([delivery])
            tx.ledger.add(report)
            for epoch in range(1, len(attempts) + 1):  # a replacement stores only the latest attempts
                done = attempts[:epoch]
                tx.deliveries.replace(evolve(delivery, attempts=done, epoch=epoch), epoch=epoch - 1)
                tx.ledger.replace(evolve(report, attempts=done, epoch=epoch), epoch=epoch - 1)
            tx.commit()
        [shown] = [one["attempts"] for one in self.admin.get("/deliveries").body]
        ledger_row = self.command_line.run("report", "show", report.week.name).out
        return Shown(
            {
                "deliveries page": self.on_page("/dashboard/deliveries", r"</time>: ([^<]+?) *</li>"),
                "reports page": self.on_page("/dashboard/reports", BADGE),
            },
            {
                "API": {attempt["outcome"] for attempt in shown},
                "command line": words(ledger_row),
                "OpenAPI": self.in_openapi(),
            },
        )

    def report_states(self) -> Shown:
        with self.container.unit_of_work()() as tx:
            for number, state in enumerate(ReportState, 40):
                tx.ledger.add(evolve(make_report(f"2026-W{number}"), state=state))
            tx.commit()
        return Shown(
            {"reports page": self.on_page("/dashboard/reports", BADGE)},
            {
                "API": {report["state"] for report in self.admin.get("/reports/weekly").body},
                "command line": words(self.command_line.run("report", "list").out),
                "OpenAPI": self.in_openapi(),
            },
        )

    def exclusions(self) -> Shown:
        report = make_report("2026-W46", 1)
        lead = make_lead(created_at=report.week.start)
        with self.container.unit_of_work()() as tx:
            for lead_id in ("lead-1", "repeat", "gone"):
                tx.leads.add_or_mark_duplicate(evolve(lead, id=lead_id))
            tx.leads.erase("gone")
            tx.quarantine.add(make_quarantined_lead(created_at=lead.created_at), [])
            tx.sealed_leads.seal(report.week)
            tx.ledger.add(report)
            tx.leads.add(make_lead("late", "late@example.com", lead.created_at))
            tx.commit()
        excluded = self.admin.get("/reports/weekly/2026-W46/leads").body["excluded"]
        return Shown(
            {"week page": self.on_page("/dashboard/reports/2026-W46", r'data-label="Reason">([^<]+)<')},
            {
                "API": {one["reason"] for one in excluded},
                "command line": words(self.command_line.run("report", "explain", "2026-W46").out),
                "OpenAPI": self.in_openapi(),
            },
        )

    def quarantine_reasons(self) -> Shown:
        with self.container.unit_of_work()() as tx:
            tx.rejected_submissions.add(make_rejected(), NOW)
            for reason in set(QuarantineReason) - {QuarantineReason.INVALID}:
                tx.quarantine.add(make_quarantined_lead(f"q-{reason}", f"{reason}@example.com", reason), [])
            tx.commit()
        return Shown(
            {
                "quarantine page": self.on_page("/dashboard/quarantine", QUARANTINED),
                "lead page": self.noted(Action.RELEASED, QuarantineReason),
            },
            {
                "API": {one["reason"] for one in self.admin.get("/quarantine").body},
                "OpenAPI": self.in_openapi(),
            },
        )

    def roles(self) -> Shown:
        for role in USER_ROLES:
            self.container.manage_users().add(OPERATOR, f"a-{role}", role, PHRASE)
        for role in Role:
            self.container.manage_api_keys().add(OPERATOR, f"a-{role}", role)
        cell = r'data-label="Role">([^<]+)<'
        return Shown(
            {
                "users page": self.on_page("/dashboard/users", cell) | {label(Role.SENDER)},  # no user has it
                "keys page": self.on_page("/dashboard/keys", cell),
                "role choice": {text.partition(":")[0] for text in self.on_page("/dashboard/keys", OPTION)},
                "role choice of users": {
                    text.partition(":")[0]
                    for text in self.on_page(f"/dashboard/users/a-{Role.AGENT}", OPTION)
                }
                | {label(Role.SENDER)},
            },
            {
                "users": {user["role"] for user in self.admin.get("/users").body} | {Role.SENDER},
                "API keys": {key["role"] for key in self.admin.get("/api-keys").body},
                "user list": words(self.command_line.run("user", "list").out) | {Role.SENDER},
                "API key list": words(self.command_line.run("api-key", "list").out),
                "OpenAPI": self.in_openapi(),
            },
        )

    def sorts(self) -> Shown:
        return self.orders(Sort)

    def text_sorts(self) -> Shown:
        return self.orders(TextSort)

    def audit_actions(self) -> Shown:
        with self.container.unit_of_work()() as tx:
            for action in AuditAction:
                tx.audit_log.append(AuditRecord.by(OPERATOR, action, NOW))
            tx.commit()
        listed = {entry["action"] for entry in self.admin.get("/audit").body}
        choice = self.on_page("/dashboard/audit", OPTION)
        cells = self.on_page("/dashboard/audit", r'data-label="Action">([^<]+)<')
        return Shown({"choice": choice, "page": cells}, {"OpenAPI": self.in_openapi(), "API": listed})

    def canary_failures(self) -> Shown:
        shown: list[str] = []
        for failure in CanaryFailure:
            run = make_run(attempt=3).finished(NOW, failure)
            with self.container.unit_of_work()() as tx:
                tx.canary_runs.add(run)
                tx.canary_runs.save(run)
                tx.commit()
            shown.extend(self.on_page("/dashboard", r"public form has failed: ([^<.]+)\."))
        return Shown({"dashboard": set(shown)})

    def duplicates(self) -> Shown:
        return Shown({"choice": self.on_page(LEADS, OPTION)}, {"OpenAPI": self.in_openapi()})

    def follow_up_statuses(self) -> Shown:
        for status in FollowUpStatus:
            assert self.admin.get("/follow-ups", status=status).status == 200
        return Shown(values={"OpenAPI": self.in_openapi()})
