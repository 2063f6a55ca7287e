"""Rendering shared by all pages: templates, filters, charts, static files and error pages."""
