"""The adapters in memory, as the contract suites ask for them."""

import pytest

from tests.support.memory.store import MemoryStore
from tests.support.memory.unit_of_work import MemoryUnitOfWorkFactory


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def unit_of_work(store: MemoryStore) -> MemoryUnitOfWorkFactory:
    return MemoryUnitOfWorkFactory(store)


@pytest.fixture
def another_unit_of_work(store: MemoryStore) -> MemoryUnitOfWorkFactory:
    return MemoryUnitOfWorkFactory(store)
