"""OpenID providers: a real one, and one of our own that can misbehave."""
