"""The implementations of the ports: one package per technology, each file named after its port.

Siblings never import each other; only ``leadtracker.container`` imports any of them.
"""
