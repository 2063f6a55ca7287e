"""Use cases of accounts: signing in, users, API keys, passwords."""
