"""Shared values: text, addresses, phone numbers, timestamps, kinds of files, and the parser of raw fields."""
