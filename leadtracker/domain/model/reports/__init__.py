"""Reports: weeks, the weekly report, statistics, silent sources, and the scheduler heartbeat."""
