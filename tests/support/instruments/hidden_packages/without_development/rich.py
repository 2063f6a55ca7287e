"""Hides the package where this folder is on PYTHONPATH, as in an installation, which lacks it."""

raise ImportError("rich is hidden on purpose")
