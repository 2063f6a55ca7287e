"""Use cases of deliveries: enqueue what an event causes, send what is due, show and retry; the digest."""
