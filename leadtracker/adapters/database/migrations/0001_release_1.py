"""Create the tables, indexes and full-text search of release 1.

The statements are frozen: a later change of the tables is a later migration. They are written as Peewee does,
so that a test can compare the catalogue with the one that the models create.
"""

from typing import Any

import peewee

_SQLITE_TYPES = {
    "timestamp": "TEXT",
    "serial": "INTEGER",
    "bigint": "INTEGER",
    "bytes": "BLOB",
    "search_document": "TEXT",
    "without_rowid": " WITHOUT ROWID",
}
_POSTGRES_TYPES = {
    "timestamp": "TIMESTAMPTZ",
    "serial": "BIGSERIAL",
    "bigint": "BIGINT",
    "bytes": "BYTEA",
    "search_document": "TSVECTOR",
    "without_rowid": "",
}


def up(_migrator: Any, db: peewee.Database) -> None:
    """Create all tables, their indexes and the full-text index."""
    is_sqlite = isinstance(db, peewee.SqliteDatabase)
    tables = _TABLES.format(**_SQLITE_TYPES if is_sqlite else _POSTGRES_TYPES)
    for statement in tables.split(";\n"):
        if statement:
            db.execute_sql(statement)
    for statement in _SQLITE_SEARCH if is_sqlite else _POSTGRES_SEARCH:
        db.execute_sql(statement)


_TABLES = """\
CREATE TABLE "leads" ("id" TEXT NOT NULL PRIMARY KEY,
    "first_name" TEXT NOT NULL,
    "last_name" TEXT,
    "email" TEXT,
    "identity" TEXT NOT NULL,
    "phone" TEXT,
    "message" TEXT,
    "source" TEXT,
    "lost_reason" TEXT,
    "utm_source" TEXT,
    "utm_medium" TEXT,
    "utm_campaign" TEXT,
    "utm_term" TEXT,
    "utm_content" TEXT,
    "gclid" TEXT,
    "referrer" TEXT,
    "landing_page" TEXT,
    "language" TEXT,
    "answers" TEXT,
    "state" TEXT NOT NULL,
    "owner" TEXT,
    "assigned_number" INTEGER,
    "created_at" {timestamp} NOT NULL,
    "updated_at" {timestamp} NOT NULL,
    "version" INTEGER NOT NULL,
    "duplicate_of" TEXT,
    "enquiries" INTEGER NOT NULL,
    "enquiries_not_stored" INTEGER NOT NULL DEFAULT 0,
    "follow_up_at" {timestamp} NOT NULL,
    "contact_delay" {bigint},
    "resume_filename" TEXT,
    "resume_content_type" TEXT,
    "resume_size" INTEGER,
    "resume_sha256" TEXT,
    "attachments" TEXT,
    "import_id" TEXT,
    "hold" TEXT,
    FOREIGN KEY ("duplicate_of") REFERENCES "leads" ("id"));
CREATE UNIQUE INDEX "leads_primary_identity" ON "leads" ("identity") WHERE ("duplicate_of" IS NULL);
CREATE INDEX "leads_duplicate_identity" ON "leads" ("identity") WHERE ("duplicate_of" IS NOT NULL);
CREATE INDEX "leads_created_at" ON "leads" ("created_at", "id", "duplicate_of");
CREATE INDEX "leads_listed_state_created_at" ON "leads" ("state", "created_at", "id", "duplicate_of")
    WHERE (("duplicate_of" IS NULL) OR ("state" = 'PENDING'));
CREATE INDEX "leads_listed_source_created_at" ON "leads" ("source", "created_at", "id", "duplicate_of")
    WHERE (("duplicate_of" IS NULL) OR ("state" = 'PENDING'));
CREATE INDEX "leads_owned_created_at" ON "leads" ("owner", "created_at", "id", "duplicate_of")
    WHERE ("owner" IS NOT NULL);
CREATE INDEX "leads_owned_state_created_at" ON "leads"
    ("owner", "state", "created_at", "id", "duplicate_of") WHERE ("owner" IS NOT NULL);
CREATE INDEX "leads_owned_updated_at" ON "leads" ("owner", "updated_at", "id", "duplicate_of")
    WHERE ("owner" IS NOT NULL);
CREATE INDEX "leads_owned_follow_up_at" ON "leads" ("owner", "follow_up_at", "id", "duplicate_of")
    WHERE ("owner" IS NOT NULL);
CREATE INDEX "leads_owned_source_created_at" ON "leads"
    ("owner", "source", "created_at", "id", "duplicate_of") WHERE ("owner" IS NOT NULL);
CREATE INDEX "leads_assigned_number" ON "leads" ("assigned_number")
    WHERE ("assigned_number" IS NOT NULL);
CREATE INDEX "leads_held_created_at" ON "leads" ("created_at", "id", "duplicate_of")
    WHERE ("hold" IS NOT NULL);
CREATE INDEX "leads_unowned_created_at" ON "leads" ("created_at", "id", "duplicate_of")
    WHERE ("owner" IS NULL);
CREATE INDEX "leads_unowned_state_created_at" ON "leads" ("state", "created_at", "id", "duplicate_of")
    WHERE ("owner" IS NULL);
CREATE INDEX "leads_listed_updated_at" ON "leads" ("updated_at", "id", "duplicate_of", "state")
    WHERE (("duplicate_of" IS NULL) OR ("state" = 'PENDING'));
CREATE INDEX "leads_listed_follow_up_at" ON "leads" ("follow_up_at", "id", "duplicate_of")
    WHERE (("duplicate_of" IS NULL) OR ("state" = 'PENDING'));
CREATE INDEX "leads_primary_contacted" ON "leads" ("created_at", "contact_delay")
    WHERE (("duplicate_of" IS NULL) AND ("contact_delay" IS NOT NULL));
CREATE INDEX "leads_primary_contact_delay" ON "leads" ("contact_delay", "created_at")
    WHERE (("duplicate_of" IS NULL) AND ("contact_delay" IS NOT NULL));
CREATE INDEX "leads_duplicate_created_at" ON "leads" ("created_at", "id")
    WHERE ("duplicate_of" IS NOT NULL);
CREATE INDEX "leads_duplicate_of_created_at" ON "leads" ("duplicate_of", "created_at", "id")
    WHERE ("duplicate_of" IS NOT NULL);
CREATE INDEX "leads_import_id" ON "leads" ("import_id", "id") WHERE ("import_id" IS NOT NULL);
CREATE INDEX "leads_utm_source_created_at" ON "leads" ("utm_source", "created_at", "id", "duplicate_of")
    WHERE ("utm_source" IS NOT NULL);
CREATE INDEX "leads_utm_medium_created_at" ON "leads" ("utm_medium", "created_at", "id", "duplicate_of")
    WHERE ("utm_medium" IS NOT NULL);
CREATE INDEX "leads_utm_campaign_created_at" ON "leads" ("utm_campaign", "created_at", "id", "duplicate_of")
    WHERE ("utm_campaign" IS NOT NULL);
CREATE INDEX "leads_utm_term_created_at" ON "leads" ("utm_term", "created_at", "id", "duplicate_of")
    WHERE ("utm_term" IS NOT NULL);
CREATE INDEX "leads_utm_content_created_at" ON "leads" ("utm_content", "created_at", "id", "duplicate_of")
    WHERE ("utm_content" IS NOT NULL);
CREATE INDEX "leads_gclid_created_at" ON "leads" ("gclid", "created_at", "id", "duplicate_of")
    WHERE ("gclid" IS NOT NULL);
CREATE INDEX "leads_referrer_created_at" ON "leads" ("referrer", "created_at", "id", "duplicate_of")
    WHERE ("referrer" IS NOT NULL);
CREATE INDEX "leads_landing_page_created_at" ON "leads" ("landing_page", "created_at", "id", "duplicate_of")
    WHERE ("landing_page" IS NOT NULL);

CREATE TABLE "lead_search" ("rank_id" {serial} NOT NULL PRIMARY KEY,
    "lead_id" TEXT NOT NULL,
    "search_document" {search_document} NOT NULL,
    FOREIGN KEY ("lead_id") REFERENCES "leads" ("id") ON DELETE CASCADE);
CREATE UNIQUE INDEX "lead_search_lead_id" ON "lead_search" ("lead_id");

CREATE TABLE "lead_history" ("lead_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "at" {timestamp} NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "changes" TEXT,
    "note" TEXT,
    "corrects" INTEGER,
    "request_id" TEXT,
    PRIMARY KEY ("lead_id", "number")){without_rowid};

CREATE TABLE "imports" ("id" TEXT NOT NULL PRIMARY KEY,
    "started_at" {timestamp} NOT NULL,
    "updated_at" {timestamp} NOT NULL,
    "actor" TEXT NOT NULL,
    "file_name" TEXT,
    "state" TEXT NOT NULL,
    "notifies" INTEGER NOT NULL,
    "created" INTEGER NOT NULL,
    "updated" INTEGER NOT NULL,
    "duplicates" INTEGER NOT NULL,
    "rejected" INTEGER NOT NULL,
    "removed" INTEGER NOT NULL);
CREATE INDEX "imports_started_at" ON "imports" ("started_at", "id");

CREATE TABLE "import_files" ("file_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "received_at" {timestamp} NOT NULL,
    "content" {bytes} NOT NULL,
    PRIMARY KEY ("file_id", "number"));
CREATE INDEX "import_files_received_at" ON "import_files" ("received_at");

CREATE TABLE "follow_ups" ("id" TEXT NOT NULL PRIMARY KEY,
    "lead_id" TEXT NOT NULL,
    "due_at" {timestamp},
    "note" TEXT,
    "message" TEXT,
    "created_at" {timestamp} NOT NULL,
    "created_by" TEXT NOT NULL,
    "done_at" {timestamp},
    "reminded_at" {timestamp},
    FOREIGN KEY ("lead_id") REFERENCES "leads" ("id"));
CREATE UNIQUE INDEX "follow_ups_open_lead_id" ON "follow_ups" ("lead_id") WHERE ("done_at" IS NULL);
CREATE INDEX "follow_ups_lead_id" ON "follow_ups" ("lead_id", "created_at");
CREATE INDEX "follow_ups_open_due_at" ON "follow_ups" ("due_at", "id") WHERE ("done_at" IS NULL);
CREATE INDEX "follow_ups_done_at" ON "follow_ups" ("done_at", "id") WHERE ("done_at" IS NOT NULL);
CREATE INDEX "follow_ups_unreminded_due_at" ON "follow_ups" ("due_at", "id")
    WHERE (("done_at" IS NULL) AND ("reminded_at" IS NULL));

CREATE TABLE "lead_files" ("lead_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "filename" TEXT NOT NULL,
    "content_type" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "content" {bytes} NOT NULL,
    "object_key" TEXT,
    PRIMARY KEY ("lead_id", "id"),
    FOREIGN KEY ("lead_id") REFERENCES "leads" ("id"));

CREATE TABLE "orphan_objects" ("key" TEXT NOT NULL PRIMARY KEY,
    "until" {timestamp});

CREATE TABLE "idempotency_keys" ("digest" TEXT NOT NULL PRIMARY KEY,
    "fingerprint" TEXT NOT NULL,
    "at" {timestamp} NOT NULL,
    "lead_id" TEXT,
    "response" TEXT);
CREATE INDEX "idempotency_keys_at" ON "idempotency_keys" ("at");
CREATE INDEX "idempotency_keys_lead_id" ON "idempotency_keys" ("lead_id");

CREATE TABLE "consent_texts" ("digest" TEXT NOT NULL PRIMARY KEY,
    "text" TEXT NOT NULL,
    "first_used_at" {timestamp} NOT NULL);

CREATE TABLE "consents" ("lead_id" TEXT NOT NULL PRIMARY KEY,
    "text_digest" TEXT NOT NULL,
    "at" {timestamp} NOT NULL,
    "form" TEXT NOT NULL,
    "language" TEXT,
    FOREIGN KEY ("lead_id") REFERENCES "leads" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("text_digest") REFERENCES "consent_texts" ("digest"));

CREATE TABLE "quarantine" ("id" TEXT NOT NULL PRIMARY KEY,
    "received_at" {timestamp} NOT NULL,
    "identity" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "lead" TEXT NOT NULL,
    "consent" TEXT,
    "consent_form" TEXT,
    "request_id" TEXT,
    "content" {bytes});
CREATE INDEX "quarantine_received_at" ON "quarantine" ("received_at", "id");
CREATE INDEX "quarantine_reason_received_at" ON "quarantine" ("reason", "received_at", "id");
CREATE INDEX "quarantine_identity" ON "quarantine" ("identity");

CREATE TABLE "rejected_submissions" ("id" TEXT NOT NULL PRIMARY KEY,
    "received_at" {timestamp} NOT NULL,
    "fields" TEXT NOT NULL,
    "errors" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "digest" TEXT NOT NULL,
    "client" TEXT NOT NULL,
    "form_id" TEXT,
    "request_id" TEXT);
CREATE UNIQUE INDEX "rejected_submissions_digest" ON "rejected_submissions" ("digest");
CREATE INDEX "rejected_submissions_received_at" ON "rejected_submissions" ("received_at", "id", "size");
CREATE INDEX "rejected_submissions_client" ON "rejected_submissions" ("client", "received_at");
CREATE INDEX "rejected_submissions_form_id" ON "rejected_submissions" ("form_id")
    WHERE ("form_id" IS NOT NULL);

CREATE TABLE "canary_runs" ("day" TEXT NOT NULL PRIMARY KEY,
    "attempt" INTEGER NOT NULL,
    "secret" TEXT NOT NULL,
    "started_at" {timestamp} NOT NULL,
    "received_at" {timestamp},
    "quarantine_reason" TEXT,
    "delivery_id" TEXT,
    "submitted_at" {timestamp},
    "finished_at" {timestamp},
    "failure" TEXT,
    "detail" TEXT);

CREATE TABLE "deliveries" ("id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "recipient_key" TEXT NOT NULL,
    "lead_id" TEXT,
    "text" TEXT,
    "state" TEXT NOT NULL,
    "created_at" {timestamp} NOT NULL,
    "due_at" {timestamp},
    "epoch" INTEGER NOT NULL,
    "leased_until" {timestamp},
    "channel" TEXT NOT NULL,
    "follow_up_id" TEXT){without_rowid};
CREATE INDEX "deliveries_mail_due_at" ON "deliveries" ("due_at")
    WHERE (("due_at" IS NOT NULL) AND ("channel" = 'mail'));
CREATE INDEX "deliveries_webhook_due_at" ON "deliveries" ("recipient_key", "due_at")
    WHERE (("due_at" IS NOT NULL) AND ("channel" != 'mail'));
CREATE INDEX "deliveries_leased_until" ON "deliveries" ("leased_until")
    WHERE ("leased_until" IS NOT NULL);
CREATE INDEX "deliveries_state_created_at" ON "deliveries" ("state", "created_at", "id");
CREATE INDEX "deliveries_lead_id" ON "deliveries" ("lead_id");
CREATE INDEX "deliveries_weekly_report" ON "deliveries" ("text", "created_at")
    WHERE ("kind" = 'weekly_report');
CREATE INDEX "deliveries_silence_alert" ON "deliveries" ("text", "created_at")
    WHERE ("kind" = 'silence_alert');
CREATE INDEX "deliveries_acknowledged" ON "deliveries" ("recipient_key", "created_at")
    WHERE ("kind" = 'acknowledgement');

CREATE TABLE "delivery_attempts" ("delivery_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "started_at" {timestamp} NOT NULL,
    "finished_at" {timestamp},
    "outcome" TEXT,
    "status" INTEGER,
    "detail" TEXT,
    PRIMARY KEY ("delivery_id", "number"),
    FOREIGN KEY ("delivery_id") REFERENCES "deliveries" ("id") ON DELETE CASCADE){without_rowid};

CREATE TABLE "digest_days" ("day" TEXT NOT NULL PRIMARY KEY,
    "done_at" {timestamp} NOT NULL);

CREATE TABLE "disabled_endpoints" ("key" TEXT NOT NULL PRIMARY KEY,
    "disabled_at" {timestamp} NOT NULL);

CREATE TABLE "mail_budgets" ("budget" TEXT NOT NULL PRIMARY KEY,
    "window_start" {timestamp} NOT NULL,
    "number" INTEGER NOT NULL);

CREATE TABLE "weekly_reports" ("week_start" {timestamp} NOT NULL PRIMARY KEY,
    "week_end" {timestamp} NOT NULL,
    "week" TEXT NOT NULL,
    "number_of_leads" {bigint} NOT NULL,
    "state" TEXT NOT NULL,
    "sealed_at" {timestamp} NOT NULL,
    "due_at" {timestamp},
    "epoch" INTEGER NOT NULL,
    "leased_until" {timestamp});
CREATE UNIQUE INDEX "weekly_reports_week" ON "weekly_reports" ("week");

CREATE TABLE "report_attempts" ("week" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "started_at" {timestamp} NOT NULL,
    "finished_at" {timestamp},
    "outcome" TEXT,
    "status" INTEGER,
    "detail" TEXT,
    PRIMARY KEY ("week", "number"),
    FOREIGN KEY ("week") REFERENCES "weekly_reports" ("week"));

CREATE TABLE "sealed_leads" ("week" TEXT NOT NULL,
    "created_at" {timestamp} NOT NULL,
    "lead_id" TEXT NOT NULL,
    "reason" TEXT,
    PRIMARY KEY ("week", "created_at", "lead_id")){without_rowid};

CREATE TABLE "lead_rollups" ("zone" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "start_at" {timestamp} NOT NULL,
    "end_at" {timestamp} NOT NULL,
    "counts" TEXT NOT NULL,
    "delays" TEXT NOT NULL,
    "contacted" INTEGER NOT NULL,
    "median" {bigint},
    "p90" {bigint},
    PRIMARY KEY ("zone", "period", "start_at"));

CREATE TABLE "lead_changes" ("number" {serial} NOT NULL PRIMARY KEY,
    "created_at" {timestamp} NOT NULL);
CREATE INDEX "lead_changes_created_at" ON "lead_changes" ("created_at");

CREATE TABLE "erased_leads" ("created_at" {timestamp} NOT NULL,
    "lead_id" TEXT NOT NULL,
    PRIMARY KEY ("created_at", "lead_id")){without_rowid};

CREATE TABLE "users" ("name" TEXT NOT NULL PRIMARY KEY,
    "role" TEXT NOT NULL,
    "email" TEXT,
    "email_key" TEXT,
    "is_assignable" INTEGER NOT NULL,
    "password_hash" TEXT NOT NULL,
    "password_state" TEXT NOT NULL,
    "second_factor_at" {timestamp},
    "second_factor_grace_until" {timestamp},
    "created_at" {timestamp} NOT NULL,
    "disabled_at" {timestamp});

CREATE TABLE "sessions" ("digest" TEXT NOT NULL PRIMARY KEY,
    "user_name" TEXT NOT NULL,
    "started_at" {timestamp} NOT NULL,
    "seen_at" {timestamp} NOT NULL,
    "confirmed_at" {timestamp} NOT NULL,
    "browser" TEXT NOT NULL,
    "system" TEXT NOT NULL,
    "network" TEXT,
    "ends_at" {timestamp},
    "is_pending" INTEGER NOT NULL,
    "sealed_tokens" TEXT,
    "checked_at" {timestamp},
    FOREIGN KEY ("user_name") REFERENCES "users" ("name"));
CREATE INDEX "sessions_user_name" ON "sessions" ("user_name");

CREATE TABLE "second_factors" ("user_name" TEXT NOT NULL PRIMARY KEY,
    "sealed_secret" TEXT NOT NULL,
    "enabled_at" {timestamp},
    "last_step" {bigint} NOT NULL,
    "failures" INTEGER NOT NULL,
    "failed_at" {timestamp},
    FOREIGN KEY ("user_name") REFERENCES "users" ("name"));

CREATE TABLE "recovery_codes" ("user_name" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    PRIMARY KEY ("user_name", "digest"),
    FOREIGN KEY ("user_name") REFERENCES "users" ("name"));

CREATE TABLE "account_links" ("id" TEXT NOT NULL PRIMARY KEY,
    "purpose" TEXT NOT NULL,
    "user_name" TEXT,
    "digest" TEXT NOT NULL,
    "sealed_token" TEXT NOT NULL,
    "created_at" {timestamp} NOT NULL,
    "is_waiting" INTEGER NOT NULL,
    FOREIGN KEY ("user_name") REFERENCES "users" ("name"));
CREATE UNIQUE INDEX "account_links_digest" ON "account_links" ("digest");
CREATE INDEX "account_links_user_name" ON "account_links" ("user_name");

CREATE TABLE "external_identities" ("issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "user_name" TEXT NOT NULL,
    "linked_at" {timestamp} NOT NULL,
    PRIMARY KEY ("issuer", "subject"),
    FOREIGN KEY ("user_name") REFERENCES "users" ("name"));
CREATE INDEX "external_identities_user_name" ON "external_identities" ("user_name");

CREATE TABLE "api_keys" ("name" TEXT NOT NULL PRIMARY KEY,
    "role" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "created_at" {timestamp} NOT NULL,
    "created_by" TEXT,
    "expires_at" {timestamp},
    "last_used_at" {timestamp},
    "revoked_at" {timestamp});
CREATE UNIQUE INDEX "api_keys_digest" ON "api_keys" ("digest");

CREATE TABLE "audit_entries" ("number" {bigint} NOT NULL PRIMARY KEY,
    "at" {timestamp} NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "network" TEXT);
CREATE INDEX "audit_entries_actor" ON "audit_entries" ("actor", "number");
CREATE INDEX "audit_entries_action" ON "audit_entries" ("action", "number");

CREATE TABLE "audit_counter" ("id" INTEGER NOT NULL PRIMARY KEY,
    "last_number" {bigint} NOT NULL);

CREATE TABLE "scheduler_heartbeat" ("id" INTEGER NOT NULL PRIMARY KEY,
    "last_heartbeat_at" {timestamp} NOT NULL,
    "paused_since" {timestamp});
"""

_POSTGRES_SEARCH = ("CREATE INDEX lead_search_document ON lead_search USING gin (search_document)",)

_SQLITE_SEARCH = (
    """
    CREATE VIRTUAL TABLE lead_search_index USING fts5(
        search_document, content='lead_search', content_rowid='rank_id', detail=none, columnsize=0,
        tokenize='ascii', prefix='1 2 3 4 5 6 7 8 9 10 11 12'
    )
    """,
    # Without this, the terms of an erased person would stay in the index until it is rewritten.
    "INSERT INTO lead_search_index (lead_search_index, rank) VALUES ('secure-delete', 1)",
    # Merging half as often saves a sixth of the time of an insertion each time, and costs searches little.
    "INSERT INTO lead_search_index (lead_search_index, rank) VALUES ('automerge', 16)",
    """
    CREATE TRIGGER lead_search_deleted AFTER DELETE ON lead_search BEGIN
        INSERT INTO lead_search_index (lead_search_index, rowid, search_document)
            VALUES ('delete', old.rank_id, old.search_document);
    END
    """,
    """
    CREATE TRIGGER lead_search_updated AFTER UPDATE ON lead_search BEGIN
        INSERT INTO lead_search_index (lead_search_index, rowid, search_document)
            VALUES ('delete', old.rank_id, old.search_document);
        INSERT INTO lead_search_index (rowid, search_document) VALUES (new.rank_id, new.search_document);
    END
    """,
)
