"""Events over HTTP, as Standard Webhooks describes it."""
