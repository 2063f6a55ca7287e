"""In-memory implementations of every port, for tests.

They keep the same promises as the real adapters, and the contract suites in
``tests/contracts`` hold them to it; so a use case that works here works there. Nothing
outlives the process.
"""
