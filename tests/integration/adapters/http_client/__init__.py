"""Tests of the HTTP client, with real servers."""
