"""Encodings of texts."""
