"""The driving side: each door parses, calls a use case, presents the result and maps errors."""
