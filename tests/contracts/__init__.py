"""Contract suites: the promises of each port, as tests that every implementation must pass.

A suite is a class whose tests take the adapter from a fixture; to hold an adapter to it, inherit the
class in a test module (``class TestMemoryHeartbeatStore(HeartbeatStoreContract): ...``) and provide the
fixtures its docstring names. Arrange and assert go through other units of work than the one under
test, so that only what was committed counts.
"""
