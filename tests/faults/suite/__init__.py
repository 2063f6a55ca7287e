"""Campaigns that are tests of the suite: what they attack is the application, without any other process."""
