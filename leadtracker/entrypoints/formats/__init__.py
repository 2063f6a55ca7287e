"""External formats of domain objects that the entrypoints share: JSON, CSV and labels."""
