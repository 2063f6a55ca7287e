"""The statement cache is bounded: it drops what was not used for longest, and compiles it again if needed."""

from collections import Counter

import peewee
import pytest
from attrs import field, frozen

from leadtracker.adapters.database.engine import statements
from leadtracker.adapters.database.engine.dialects.dialect import Dialect
from leadtracker.adapters.database.engine.statement_names import param
from leadtracker.adapters.database.engine.statements import StatementCache, StatementExecutor
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import LeadFilter, Sort
from tests.support.database import on_every_database
from tests.support.instruments.concurrency import run_in_threads

pytestmark = on_every_database

LIMIT = 3
THREADS, ROUNDS = 8, 500


@frozen(eq=False)
class Numbered:
    """Builds statements that each return a number, and counts how often each was built."""

    built: Counter[int] = field(factory=Counter)

    def build(self, number: int) -> peewee.Node:
        self.built[number] += 1
        return peewee.Select(columns=[peewee.SQL(str(number)), peewee.Cast(param("value"), "integer")])


@pytest.fixture
def limit(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(statements, "MAX_STATEMENTS", LIMIT)
    return LIMIT


def test_statement_not_used_for_longest_is_dropped(dialect: Dialect, limit: int) -> None:
    made, cache = Numbered(), StatementCache(dialect)
    for number in (*range(limit), 0, limit):  # 0 is used again, so that 1 is the oldest
        cache.get(made.build, (number,))
    assert made.built.total() == limit + 1
    for number in (0, 2, limit):
        cache.get(made.build, (number,))
    assert made.built.total() == limit + 1
    cache.get(made.build, (1,))
    assert made.built == {0: 1, 1: 2, 2: 1, limit: 1}


def test_dropped_statement_is_executed_as_before(dialect: Dialect, limit: int) -> None:
    made, cache = Numbered(), StatementCache(dialect)
    dialect.open()
    executor = StatementExecutor(dialect, dialect.database, cache, writable=False)
    rows = [
        tuple(executor.row(made.build, number, value=number * 7) or ())
        for number in [*range(2 * limit)] * 2  # each is dropped before it comes again
    ]
    dialect.release()
    assert rows == [(number, number * 7) for number in range(2 * limit)] * 2
    assert set(made.built.values()) == {2}


@pytest.mark.usefixtures("limit")
def test_threads_that_drop_the_statements_of_others_get_their_own(dialect: Dialect) -> None:
    made, cache = Numbered(), StatementCache(dialect)

    def use(thread: int) -> set[bool]:
        numbers = [(thread + one) % (2 * LIMIT) for one in range(ROUNDS)]
        return {str(number) in cache.get(made.build, (number,)).sql for number in numbers}

    assert set().union(*run_in_threads(THREADS, use)) == {True}


@pytest.mark.usefixtures("limit")
def test_lists_are_right_while_their_statements_are_dropped(unit_of_work: PeeweeUnitOfWorkFactory) -> None:
    filters = [LeadFilter(states=frozenset({state})) for state in LeadState]
    for _ in range(2):
        for requested in filters:
            for sort in Sort:
                with unit_of_work.read_only() as tx:
                    assert tx.leads.page(requested, limit=2, sort=sort).items == ()
