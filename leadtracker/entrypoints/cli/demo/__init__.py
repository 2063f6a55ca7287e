"""The command ``demo``: an invented law office of twelve weeks, played through the use cases."""
