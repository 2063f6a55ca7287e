"""Programs that make the documentation; the product does not import them."""
