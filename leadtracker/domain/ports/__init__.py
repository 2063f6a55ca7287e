"""What the inside needs from the outside: one role per file, and its docstring is the contract.

Every adapter inherits its port, and the contract suites in ``tests/support/contracts`` hold all of them to
the same promises. Unless a docstring says otherwise, everything that reads or writes stored data may raise
``StorageUnavailable``.
"""
