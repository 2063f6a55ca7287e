"""Campaigns against the weekly report: wrong clocks and long downtimes."""
