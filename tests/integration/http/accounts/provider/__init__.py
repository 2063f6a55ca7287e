"""Sign-in and tokens of an OpenID provider."""
