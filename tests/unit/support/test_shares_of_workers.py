import pytest

from tests.support.instruments.shares_of_workers import arranged

COMPUTING = [f"computes {number}" for number in range(50)]
WAITING = [f"waits {number}" for number in range(7)]


def parts(order: list[str], workers: int) -> list[list[str]]:
    """Cut the order as pytest-xdist does, whose remainder goes to the last workers."""
    found, rest = [], order
    for left in range(workers, 0, -1):
        size = len(rest) // left
        found.append(rest[:size])
        rest = rest[size:]
    return found


@pytest.mark.parametrize("waiting", [[], WAITING, COMPUTING])
@pytest.mark.parametrize("computing", [[], ["computes"], COMPUTING])
@pytest.mark.parametrize("workers", [2, 3, 4, 100])
def test_every_test_runs_once_in_the_order_of_its_kind(
    waiting: list[str], computing: list[str], workers: int
) -> None:
    waiting = [f"waits {name}" for name in waiting]
    order = arranged(waiting, computing, workers)
    assert [one for one in order if one.startswith("waits")] == waiting
    assert [one for one in order if not one.startswith("waits")] == computing


@pytest.mark.parametrize(("workers", "beginning_with_waits"), [(2, [7]), (4, [3, 4]), (5, [3, 4])])
def test_half_of_the_workers_begin_with_tests_that_wait(
    workers: int, beginning_with_waits: list[int]
) -> None:
    shares = parts(arranged(WAITING, COMPUTING, workers), workers)
    numbers = [sum(one.startswith("waits") for one in share) for share in shares]
    assert numbers == [*beginning_with_waits, *[0] * (workers - len(beginning_with_waits))]
    for number, share in zip(numbers, shares, strict=True):
        assert all(one.startswith("waits") for one in share[:number])
