"""Repositories of deliveries."""
