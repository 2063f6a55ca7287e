"""Use cases of leads: capture, find, change, import, erase."""
