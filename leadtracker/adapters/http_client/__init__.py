"""HTTP client for requests to Retool, webhook endpoints, the OpenID provider and the public form."""
