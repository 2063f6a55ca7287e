"""Weekly reports to a Retool workflow."""
