"""Measure the structure of the package against the goals of docs/explanation: ``make census``."""
