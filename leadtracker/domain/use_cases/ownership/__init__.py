"""Use cases of ownership: claim leads, find who may own them, and release those of disabled users."""
