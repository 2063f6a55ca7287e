"""Ports: the interfaces that the domain needs, one class per role. The docstrings are the contract.

Every adapter inherits from its port, and the contract suites in ``tests/contracts`` test all adapters of a
port against the same promises. Unless a docstring says otherwise, every method that reads or writes stored
data may raise ``StorageUnavailable``.
"""
