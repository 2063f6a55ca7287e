"""The OpenAPI 3.1 description of the API.

It is written by hand, and limits come from the domain, so that nothing is said twice. Tests hold it against
the truth: its routes are those of the application, and every answer in the HTTP tests must be described.
"""
