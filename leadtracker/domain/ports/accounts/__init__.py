"""Ports of accounts: users, API keys, login sessions, password hashing."""
