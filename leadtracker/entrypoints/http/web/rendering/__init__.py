"""Rendering shared by all pages: base page, links, times, charts, form errors."""
