"""Use cases of leads: find, read, change, link, erase."""
