"""Read requests: bodies, uploads, query parameters, conditional headers."""
