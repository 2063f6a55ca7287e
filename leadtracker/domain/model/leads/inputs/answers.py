"""Answers: what a sender gave besides the fields of a lead, within bounds and without secrets."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from attrs import define, field

from leadtracker.domain.model.leads.inputs.field_names import MAX_INPUT_NAME_LENGTH, is_kept
from leadtracker.domain.model.values.field_parser import readable_text

Answer = str | list[str]
Answers = Mapping[str, Answer]

MAX_ANSWERS = 50
"""The maximum number of names."""

MAX_ANSWER_LENGTH = 2_000
"""The maximum length of one value, in characters."""

MAX_ANSWERS_BYTES = 16_384
"""The maximum size of all names and values together, in UTF-8."""

_encode = json.JSONEncoder(ensure_ascii=False).encode


@define
class AnswerCollector:
    """Collects answers within the bounds.

    Attributes:
        left_out: how many inputs were left out or cut, because they were beyond the bounds.
    """

    answers: dict[str, Answer] = field(factory=dict, init=False)
    left_out: int = field(default=0, init=False)
    _room: int = field(default=MAX_ANSWERS_BYTES, init=False)

    def add(self, name: str, value: object) -> None:
        """Add the values of one input; blank ones, secrets and technical inputs are not kept.

        Args:
            name: the name of the input.
            value: a text; a tuple of the texts of an input that came several times; or any JSON value.
        """
        is_long = len(name) > MAX_INPUT_NAME_LENGTH
        short = _kept_name.__wrapped__(name) if is_long else _kept_name(name)
        if short is None:
            return
        is_cut = is_long and len(name.strip()) > MAX_INPUT_NAME_LENGTH
        for one in value if isinstance(value, tuple) else (value,):
            text = one if isinstance(one, str) else _text_of(one)
            if kept := readable_text(text, MAX_ANSWER_LENGTH):
                was_added = self._add(short, kept)
                if is_cut or not was_added or _is_too_long(text):
                    self.left_out += 1

    def add_plain(self, inputs: Sequence[tuple[str, object]]) -> bool:
        """Add the first inputs if they are short ASCII texts with different names, as almost all are.

        They are checked together, which takes a tenth of the time.

        Returns:
            False if they are anything else, which ``add`` has to check; nothing was added then.
        """
        names = [name for name, _ in inputs]
        if len(names) > MAX_ANSWERS or max(map(len, names), default=0) > MAX_INPUT_NAME_LENGTH:
            return False
        kept: dict[Any, Any] = dict(zip(map(_kept_name, names), [text for _, text in inputs], strict=True))
        has_same = len(kept) < len(names)
        kept.pop(None, None)
        try:
            texts = "".join(kept.values())
        except TypeError:  # not all are texts
            return False
        plain = {name: text for name, value in kept.items() if (text := value.strip())}
        size = len("".join(plain).encode()) + len(texts)
        is_short = len(texts) <= MAX_ANSWER_LENGTH and size <= self._room
        if has_same or not (is_short and texts.isascii() and texts.isprintable()):
            return False
        self.answers = plain
        self._room -= len("".join([*plain, *plain.values()]).encode())
        return True

    def _add(self, name: str, text: str) -> bool:
        known = self.answers.get(name)
        size = len(text.encode()) + (0 if known else len(name.encode()))
        if size > self._room or (known is None and len(self.answers) >= MAX_ANSWERS):
            return False
        self._room -= size
        if known is None:
            self.answers[name] = text
        elif isinstance(known, list):
            known.append(text)
        else:
            self.answers[name] = [known, text]
        return True


def texts_in(answers: Answers) -> list[str]:
    """Return every text of some answers."""
    texts: list[Any] = list(answers.values())
    if list not in map(type, texts):
        return texts
    return [text for answer in texts for text in ([answer] if isinstance(answer, str) else answer)]


def dump_answers(answers: Answers) -> str | None:
    """Return answers as the text of a JSON object; None if there are none."""
    return _encode(answers) if answers else None


def load_answers(text: str | None) -> dict[str, Answer]:
    """Return the answers that ``dump_answers`` has written."""
    return json.loads(text) if text else {}


@lru_cache(maxsize=4_096)
def _kept_name(name: str) -> str | None:
    """Return the name under which an input is kept; None if it is not. The inputs of a form repeat."""
    short = readable_text(name, MAX_INPUT_NAME_LENGTH) or "?"
    return short if is_kept(short) else None


def _is_too_long(text: str) -> bool:
    return len(text) > MAX_ANSWER_LENGTH and len(text.strip()) > MAX_ANSWER_LENGTH


def _text_of(value: object) -> str:
    if value is None:
        return ""
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        return ""  # a file, which is no answer
