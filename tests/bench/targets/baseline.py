"""The baseline: the same server with a Flask view that only validates a JSON object and returns it."""

import sys

from flask import Flask, Response, jsonify, request

from leadtracker.entrypoints.server import serve
from leadtracker.entrypoints.wsgi_adapter.adapter import WebApplication

_REQUIRED = ("first_name", "last_name", "email")


def make_app() -> WebApplication:
    """Create an application with one view, which stores nothing."""
    app = Flask(__name__)

    @app.post("/leads")
    def echo() -> tuple[Response, int]:
        fields = request.get_json()
        is_valid = all(isinstance(fields.get(name), str) and fields[name] for name in _REQUIRED)
        return jsonify(fields), 201 if is_valid else 422

    return WebApplication(app, lambda _environ: 0)


if __name__ == "__main__":
    serve("127.0.0.1", int(sys.argv[1]), int(sys.argv[2]), make_app)
