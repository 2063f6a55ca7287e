"""The command line: ``leadtracker``, built with click."""
