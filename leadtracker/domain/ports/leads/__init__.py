"""Ports of leads: their storage, history, follow-ups, files and statistics."""
