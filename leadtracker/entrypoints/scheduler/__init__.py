"""The scheduler entrypoint: a process that repeatedly does the work that is due."""
