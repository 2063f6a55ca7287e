"""Ports of leads: their storage, history, follow-ups, resumes, quarantine and statistics."""
