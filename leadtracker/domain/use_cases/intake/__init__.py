"""Use cases of intake: capture leads, keep spam and rejected submissions."""
