"""The database adapter on the databases of ``tests/integration/conftest.py``."""

from collections.abc import Callable, Iterator

import pytest

from leadtracker.adapters.database.engine.dialects import dialect_for
from leadtracker.adapters.database.engine.dialects.dialect import Dialect
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory

OpenDialect = Callable[[str], Dialect]


@pytest.fixture
def open_dialect() -> Iterator[OpenDialect]:
    """Opens databases; each call shares no more with the others than another process would."""
    opened: list[Dialect] = []

    def open_dialect(url: str) -> Dialect:
        opened.append(dialect_for(url))
        return opened[-1]

    yield open_dialect
    for dialect in opened:
        dialect.close()


@pytest.fixture
def dialect(database_url: str, open_dialect: OpenDialect) -> Dialect:
    return open_dialect(database_url)


@pytest.fixture
def unit_of_work(dialect: Dialect) -> PeeweeUnitOfWorkFactory:
    return PeeweeUnitOfWorkFactory(dialect)


@pytest.fixture
def another_unit_of_work(database_url: str, open_dialect: OpenDialect) -> PeeweeUnitOfWorkFactory:
    return PeeweeUnitOfWorkFactory(open_dialect(database_url))
