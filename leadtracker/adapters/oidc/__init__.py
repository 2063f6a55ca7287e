"""Sign-in through an OpenID provider, and verification of its tokens."""
