"""Entities and values: frozen classes and pure functions, which take the current time as an argument."""
