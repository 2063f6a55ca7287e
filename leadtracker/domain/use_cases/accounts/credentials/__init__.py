"""Use cases of what proves a user: passwords, second factors, links that were mailed."""
