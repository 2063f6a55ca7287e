"""Use cases of deliveries: enqueue, compose, send, retry."""
