"""The driving side: each entrypoint parses, calls a use case, presents the result and maps errors."""
