"""Runs the WSGI application on the server's ASGI interface, with request bodies that are already complete."""
