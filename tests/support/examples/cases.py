"""Examples of one rule that one test tries in turn; as separate tests, each would build an application."""

import inspect
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeAlias

_Test: TypeAlias = Callable[..., None]


def each(names: str | Sequence[str], cases: Sequence[Any]) -> Callable[[_Test], _Test]:
    """Return a decorator like ``pytest.mark.parametrize``, for cases that leave nothing behind.

    The note of a failure shows its case.
    """
    arguments = [names] if isinstance(names, str) else list(names)

    def decorate(test: _Test) -> _Test:
        @wraps(test)
        def try_each(*args: Any, **fixtures: Any) -> None:
            for case in cases:
                values = [case] if isinstance(names, str) else case
                try:
                    test(*args, **fixtures, **dict(zip(arguments, values, strict=True)))
                except BaseException as error:
                    error.add_note(f"the case: {case!r}")
                    raise

        signature = inspect.signature(test)
        fixtures = [one for name, one in signature.parameters.items() if name not in arguments]
        try_each.__signature__ = signature.replace(parameters=fixtures)  # type: ignore[attr-defined]  # read by pytest
        return try_each

    return decorate
