"""The log as a destination, for installations that are not connected to anything yet."""
