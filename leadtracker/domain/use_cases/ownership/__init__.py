"""Which user works on which lead."""
