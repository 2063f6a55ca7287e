"""Loading modules quickly, and so that processes can share them."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_OPTIONAL_MODULES = (
    # What libraries of ours import if it is there, for something that is not used here.
    "rich",  # structlog, for tracebacks with local variables
    "yaml",  # dependency_injector, for settings
)


@contextmanager
def imports_without_gc() -> Iterator[None]:
    """Load modules within the block, without what they only try to import, and without looking for garbage.

    What modules make stays as long as the process: to go through it again and again takes a sixth of the
    time to start, and later writes to every page of it, which worker processes would then have to copy.
    """
    hidden = [name for name in _OPTIONAL_MODULES if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # to Python this means that there is no such module
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
        for name in hidden:
            del sys.modules[name]
