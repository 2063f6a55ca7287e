"""Leads: the entity, its drafts and changes, its states, history, follow-ups, search and statistics."""
