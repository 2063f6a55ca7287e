"""Answers: what a sender gave besides the fields of a lead, within bounds and without secrets."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from attrs import define, field, frozen

from leadtracker.domain.model.leads.inputs.field_names import MAX_INPUT_NAME_LENGTH, is_kept, is_secret
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

    def add_plain(self, kept: "PlainNames", values: Sequence[object]) -> bool:
        """Add the first inputs if they are short ASCII texts, as almost all are.

        They are checked together, which takes a tenth of the time.

        Args:
            kept: the names of the inputs.
            values: of all inputs, in the order of the names.

        Returns:
            False if they are anything else, which ``add`` has to check; nothing was added then.
        """
        given: list[Any] = [values[index] for index in kept.indexes]
        try:
            all_texts = "".join(given)
        except TypeError:  # not all are texts
            return False
        is_short = len(all_texts) <= MAX_ANSWER_LENGTH and kept.size + len(all_texts) <= self._room
        if not (is_short and all_texts.isascii() and all_texts.isprintable()):
            return False
        texts = [text.strip() for text in given]
        self.answers = dict(zip(kept.names, texts, strict=True))
        if "" in texts:
            self.answers = {name: text for name, text in self.answers.items() if text}
            self._room -= len("".join([*self.answers, *texts]).encode())
        else:
            self._room -= kept.size + sum(map(len, texts))
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


@frozen
class PlainNames:
    """The names of inputs that are kept, none of them twice or longer than ``MAX_INPUT_NAME_LENGTH``.

    Attributes:
        indexes: where they are among all.
        names: the names under which they are kept, all different.
        size: that of the names together, in UTF-8.
    """

    indexes: tuple[int, ...]
    names: tuple[str, ...]
    size: int

    @classmethod
    def of(cls, names: Sequence[str]) -> "PlainNames | None":
        """Return the names that are kept; None if two are the same, or there are too many or long ones."""
        if len(names) > MAX_ANSWERS or max(map(len, names), default=0) > MAX_INPUT_NAME_LENGTH:
            return None
        kept = {index: name for index, name in enumerate(map(_kept_name, names)) if name is not None}
        if len(set(kept.values())) < len(kept):
            return None
        return cls(tuple(kept), tuple(kept.values()), len("".join(kept.values()).encode()))


@lru_cache(maxsize=4_096)
def _kept_name(name: str) -> str | None:
    """Return the name under which an input is kept; None if it is not. The inputs of a form repeat."""
    short = readable_text(name, MAX_INPUT_NAME_LENGTH) or "?"
    return short if is_kept(short) else None


def _is_too_long(text: str) -> bool:
    return len(text) > MAX_ANSWER_LENGTH and len(text.strip()) > MAX_ANSWER_LENGTH


def _without_secrets(value: object) -> object:
    """Return a JSON value without the members of objects that are named like a token or a password."""
    if isinstance(value, dict):
        kept = {name: one for name, one in value.items() if not is_secret(name[:MAX_INPUT_NAME_LENGTH])}
        return {name: _without_secrets(one) for name, one in kept.items()}
    return [_without_secrets(one) for one in value] if isinstance(value, list | tuple) else value


def _text_of(value: object) -> str:
    if value is None:
        return ""
    try:
        return json.dumps(_without_secrets(value), ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        return ""  # a file, which is no answer
