"""Use cases of credentials: passwords, second factors, links that were mailed."""
