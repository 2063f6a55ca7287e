"""The routes of an application, split into the API and the pages."""

import re

from flask import Flask

Route = tuple[str, str]
METHODS_EVERY_ROUTE_HAS = {"HEAD", "OPTIONS"}
_PAGES = (
    *("/static/", "/sign-in", "/sign-out", "/forgot-password", "/choose-password", "/dashboard", "/form/"),
    *("/thanks", "/.well-known/"),
)


def api_routes(app: Flask) -> set[Route]:
    """Return method and path of every API route, with path parameters as in OpenAPI: ``/leads/{lead_id}``."""
    return {route for route in _routes(app) if not _is_page(route)}


def page_routes(app: Flask) -> set[Route]:
    """Return method and path of every route of the pages, likewise."""
    return {route for route in _routes(app) if _is_page(route)}


def routes_with_body(app: Flask) -> set[Route]:
    """Return method and path of every route whose requests may have a body, likewise."""
    return {(method, path) for method, path in _routes(app) if method in {"PATCH", "POST", "PUT"}}


def _routes(app: Flask) -> set[Route]:
    return {
        (method, re.sub(r"<(?:[^<>]*:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - METHODS_EVERY_ROUTE_HAS
    }


def _is_page(route: Route) -> bool:
    return route[1] == "/" or route[1].startswith(_PAGES)
