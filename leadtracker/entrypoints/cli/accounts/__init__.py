"""Commands for users, API keys and the audit log."""
