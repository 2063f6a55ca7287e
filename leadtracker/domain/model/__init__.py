"""Entities and values: frozen, pure, and given the time instead of asking for it."""
