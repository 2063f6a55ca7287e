"""Pages of leads: their statements, and the search in them."""
