"""Deliveries: mails and webhooks, their attempts, and when each is retried."""
