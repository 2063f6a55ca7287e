"""Repositories of accounts."""
