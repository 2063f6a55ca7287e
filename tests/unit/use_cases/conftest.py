"""A fresh installation for each test."""

import pytest

from tests.support.in_memory_app import Installation


@pytest.fixture
def app() -> Installation:
    return Installation()
