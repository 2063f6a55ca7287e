"""Use cases for operators: health, metrics, diagnostics."""
