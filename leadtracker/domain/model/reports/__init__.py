"""Reports: weeks, the weekly report, statistics, and the scheduler heartbeat."""
