"""Accounts: users, API keys, login sessions, roles and permissions."""
