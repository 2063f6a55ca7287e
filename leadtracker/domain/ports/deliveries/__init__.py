"""Ports of deliveries: where they are stored, and how they are sent."""
