"""Mails: what they say, and how they leave, over SMTP or into files."""
