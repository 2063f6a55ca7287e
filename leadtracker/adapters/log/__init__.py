"""Weekly reports in the log, for installations without a receiver."""
