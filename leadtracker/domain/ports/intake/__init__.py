"""The ports of intake."""
