"""Retool, reached over HTTP."""
