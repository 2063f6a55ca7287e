"""Queries for leads: filters, orders, pages and full-text search."""
