"""A fresh installation for each test."""

import pytest

from tests.support.memory.in_memory_app import InMemoryApp


@pytest.fixture
def app() -> InMemoryApp:
    return InMemoryApp()
