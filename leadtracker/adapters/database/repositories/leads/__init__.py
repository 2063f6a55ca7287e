"""Repositories of leads and what belongs to them."""
