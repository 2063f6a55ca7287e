"""Loading modules quickly, and so that processes can share them."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Load modules within the block, without looking for garbage among them.

    What modules make stays as long as the process: to go through it again and again takes a sixth of the
    time to start, and writes to every page of it, which a worker process would then have to copy.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
