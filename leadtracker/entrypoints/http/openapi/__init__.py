"""Parts of which the OpenAPI 3.1 description of the API is built.

Each route is described in the file that implements it. Limits come from the domain, response schemas from the
models that make the JSON, and tests compare the document with the application: every route must be
described, and so must every response of the HTTP tests.
"""
