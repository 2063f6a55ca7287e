"""Leads: the entity, its fields, drafts and changes, its states, history, follow-ups, search and files."""
