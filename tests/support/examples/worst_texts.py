"""Texts with the highest processing cost for their length, and a limit of processor time."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

WORST_TEXTS: dict[str, Callable[[int], str]] = {
    "marks in the wrong order": lambda length: "a" + _repeated("\u0315\u0300", length - 1),
    "many marks with a letter between": lambda length: _repeated("a" + "\u0315\u0300" * 15, length),
    "characters that turn into marks": lambda length: "a" + _repeated("\u0f73", length - 1),
    "half-width marks between others": lambda length: "a" + _repeated("\u0315\uff9e", length - 1),
    "the longest compatibility decomposition": lambda length: _repeated("\ufdfa", length),
    "different ideographs": lambda length: "".join(chr(0x4E00 + n % 20_000) for n in range(length)),
    "different words": lambda length: " ".join(f"{n:x}" for n in range(length))[:length],
    "spaces around": lambda length: " " * (length - 2) + "a ",
    "spaces inside": lambda length: "a" + " " * (length - 2) + "a",
    "angle brackets": lambda length: _repeated("<", length),
    "dots": lambda length: "a@" + _repeated("a.", length - 2),
    "ideographic dots": lambda length: "a@" + _repeated("\u4e00\u3002", length - 2),
    "a host of marks": lambda length: "https://a" + _repeated("\u0315\u0300", length - 9),
    "digits": lambda length: "+" + _repeated("1", length - 1),
}
"""By what is bad about them, makers of texts of a given number of characters."""


_USUAL_SECONDS_OF_THE_LOOP = 0.03


@contextmanager
def processor_time_below(seconds: float, label: str = "It") -> Iterator[None]:
    """Fail if this process computes for longer; waiting and other processes do not count.

    On a slower processor than usual, or on one that runs much else, it may take longer in proportion.

    Raises:
        AssertionError: it took longer.
    """
    before = time.process_time()
    yield
    taken = time.process_time() - before
    if taken > seconds and taken > seconds * _seconds_of_a_loop() / _USUAL_SECONDS_OF_THE_LOOP:
        message = f"{label} took {taken:.3f} s of processor time, more than {seconds} s"
        raise AssertionError(message)


def _seconds_of_a_loop() -> float:
    before = time.process_time()
    for _ in range(1_000_000):
        pass
    return time.process_time() - before


def _repeated(text: str, length: int) -> str:
    return (text * (length // len(text) + 1))[:length]
