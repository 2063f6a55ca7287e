"""Starts as the shell makes them: the interpreter loads the program each time."""

import pytest
from attrs import evolve

from tests.support.servers.processes import Program


@pytest.fixture
def program(program: Program) -> Program:
    """The installation of the other tests, started in a new interpreter."""
    return evolve(program, is_forked=False)
