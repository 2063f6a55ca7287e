"""The ways into the application: each parses, calls a use case, presents the result and maps errors."""
