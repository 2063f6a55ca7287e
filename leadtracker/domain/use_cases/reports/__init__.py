"""Use cases of the weekly report, statistics and the dashboard."""
