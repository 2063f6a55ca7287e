"""Lead events to webhook endpoints (Standard Webhooks)."""
