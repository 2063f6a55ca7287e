"""Time, randomness, password hashing and phone numbers."""
