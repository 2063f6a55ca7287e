"""Use cases of files: store and load them, and replace a resume."""
