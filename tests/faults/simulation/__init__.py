"""Deterministic simulation of the weekly ledger and the deliveries.

Schedulers, a web process, their clocks, the receivers and the store run in one process over the in-memory
adapters; the use cases are those of the program. A seed decides everything that is left to chance in an
installation. At each step, which is a call of a port that other processes can notice, another process may
continue, the process may crash or freeze, its clock may be set, or time may pass; receivers may fail. After
every commit the checks of ``leadtracker doctor`` and the promises of deliveries must hold.

A run is a function of its seed, so a failure can be repeated and shrunk::

    python -m tests.faults.simulation 4711

The idea comes from the simulation testing of FoundationDB and TigerBeetle.

Not simulated: what happens between the statements of one transaction. The in-memory store has one writer at a
time and its readers see a snapshot; the contract suites and the campaigns on real databases cover the rest.
"""
