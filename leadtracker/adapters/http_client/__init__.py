"""HTTP client for the adapters that POST to other systems: Retool and webhook endpoints."""
