"""The statements of lists of leads: what a filter asks for, and the SQL that follows from it."""
