"""The HTTP entrypoint: a Flask application over the use cases."""
