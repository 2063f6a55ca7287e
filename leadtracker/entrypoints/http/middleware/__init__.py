"""Handling that every request passes: context, errors, CORS, metrics."""
