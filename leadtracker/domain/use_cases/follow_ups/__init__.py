"""Use cases of follow-ups: schedule, find, remind, and the daily digest."""
