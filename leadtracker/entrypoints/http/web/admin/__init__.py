"""Pages for admins: users, API keys, deliveries, reports, retention, the audit log; and the quarantine."""
