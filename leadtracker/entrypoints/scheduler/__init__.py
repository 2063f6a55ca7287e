"""The scheduler door: a loop that asks, again and again, what is due."""
