"""The driven side: one package per technology, each file named after the port it fills.

Siblings never import each other; only ``leadtracker.container`` imports any of them.
"""
