"""The scheduler entrypoint: a loop that asks, again and again, what is due."""
