"""A fresh installation for each test."""

import pytest

from tests.support.installation import Installation


@pytest.fixture
def app() -> Installation:
    return Installation()
