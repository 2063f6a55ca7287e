"""Tests of the HTTP entrypoint that need no application."""
