"""The JSON API: in each file, the routes of a resource and their OpenAPI operations."""
