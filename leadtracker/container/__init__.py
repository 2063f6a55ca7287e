"""The composition root: the only package that knows which adapter implements which port."""

from leadtracker.container.application import Container

__all__ = ["Container"]
