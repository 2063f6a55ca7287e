"""Use cases of follow-ups: schedule, find, remind."""
