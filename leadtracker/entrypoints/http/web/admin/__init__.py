"""Pages for admins: users, API keys, deliveries, quarantine, reports."""
