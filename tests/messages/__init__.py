"""Keeps the message catalogues up to date: ``make messages``."""
