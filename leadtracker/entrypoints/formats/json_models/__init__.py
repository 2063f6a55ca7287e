"""The JSON objects of responses: one pydantic model for each makes both its JSON and its OpenAPI schema."""
