"""Inputs: what a sender or a row gave, divided into the fields of a lead and the answers."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache

from attrs import frozen

from leadtracker.domain.model.leads.fields import (
    FIELDS_BY_NAME,
    MAX_NAME_LENGTH,
    MAX_TOUCH_LENGTH,
    SUBMITTED_FIELDS,
    TOUCH_FIELDS,
)
from leadtracker.domain.model.leads.inputs.answers import AnswerCollector, Answers, PlainNames
from leadtracker.domain.model.leads.inputs.field_aliases import CREATED_AT, FULL_NAME, LOST_REASON
from leadtracker.domain.model.leads.inputs.field_names import (
    CONSENT_FIELD,
    TOKEN_FIELD,
    Pair,
    fields_named,
    rank_of_name,
)
from leadtracker.domain.model.leads.inputs.payload_shapes import inputs_in
from leadtracker.domain.model.leads.inputs.person_name import first_name_in, split_name
from leadtracker.domain.model.leads.inputs.unnamed_inputs import is_complete, recognise
from leadtracker.domain.model.values.email_address import address_and_note, name_before
from leadtracker.domain.model.values.field_parser import is_placeholder, readable_text
from leadtracker.domain.model.values.phone import numbers_in

_MAX_FULL_NAME = 2 * MAX_NAME_LENGTH + 1
_MAX_CACHED_NAMES = 4_096  # characters; no form has more, and what anyone may send must not fill the memory
_TOUCH = frozenset(field.name for field in TOUCH_FIELDS)
_SUBMITTED = frozenset({*(field.name for field in SUBMITTED_FIELDS), "resume"} - _TOUCH)
_IMPORTED = frozenset({*FIELDS_BY_NAME, "state", CREATED_AT} - _TOUCH)
_ANSWERS = "answers"
"""The name under which an export has all answers."""
_SEVERAL = " ::: "  # between the values of one cell in an export of Google Contacts
_CONTACTS = frozenset({"email", "phone"})
_READ_ONLY = frozenset(
    {
        "attachments",
        "contacted_at",
        "created_at",
        "duplicate_of",
        "enquiries",
        "follow_up_at",
        "id",
        "language",
        "last_touch",
        "lost_reason",
        "owner",
        "state",
        "updated_at",
        "version",
    }
)


@frozen
class Inputs:
    """The inputs of one submission or row.

    Attributes:
        fields: the unvalidated values by field of a lead; of an import also ``state`` and ``created_at``, of
            a user also ``created_at``.
        answers: all other inputs.
        left_out: how many of those were left out or cut, because they were beyond the bounds.
    """

    fields: Mapping[str, object]
    answers: Answers
    left_out: int

    @classmethod
    def of(
        cls, raw: Mapping[str, object], *, from_import: bool = False, with_created_at: bool = False
    ) -> "Inputs":
        """Divide raw inputs.

        A field under its own name wins; an alias of it then becomes an answer, as does every value but the
        first of an input that came several times. A blank value does not count as given, and neither does an
        e-mail address or a phone number such as ``n/a``, unless from a file, whose errors are reported.

        Args:
            raw: the inputs by name.
            from_import: true to read ``state`` and ``created_at``, too, under their aliases as well.
            with_created_at: true to read ``created_at`` under its own name.
        """
        names, values, beyond = inputs_in(raw)
        division = _division_of(names, from_import, with_created_at)
        own = [(names[index], values[index]) for index in division.fields]
        fields, more = _own_fields(own, from_import=from_import)
        aliases = [(field, names[index], values[index]) for index, field in division.aliases]
        unused = _use_aliases(fields, aliases)
        if "utm_source" in fields and not _is_given(fields, "source"):
            fields["source"] = fields["utm_source"]
        others = [*unused, *((names[index], values[index]) for index in division.others), *more]
        has_name = fields.get("first_name") or fields.get("last_name")
        if has_name and not others:
            return cls(fields, {}, beyond)
        plain = None if unused or more else division.plain
        if not from_import and not is_complete(fields):
            found, others = recognise(others)
            others, plain = [*_use_aliases(fields, found), *others], None
            _use_name_before_address(fields)
        if TOKEN_FIELD in raw:
            others = [pair for pair in others if pair[0] != CONSENT_FIELD]  # the history has it
        collector = _collect(others, plain)
        return cls(fields, collector.answers, collector.left_out + beyond)

    def answers_with(self, more: Mapping[str, object]) -> Answers:
        """Return the answers together with more of them, within the bounds."""
        if not more:
            return self.answers
        collector = AnswerCollector()
        for name, answer in self.answers.items():
            collector.add(name, tuple(answer) if isinstance(answer, list) else answer)
        for name, value in more.items():
            collector.add(name, value)
        return collector.answers


@frozen
class _Division:
    """The fields that the names of inputs mean, by their indexes; inputs that are in no group are ignored.

    Attributes:
        fields: those under a field's own name.
        aliases: those under another name, with the field.
        others: all others.
        plain: the names of all others; None if their values have to be read one by one.
    """

    fields: tuple[int, ...]
    aliases: tuple[tuple[int, str], ...]
    others: tuple[int, ...]
    plain: PlainNames | None


def _division_of(names: tuple[str, ...], from_import: bool, with_created_at: bool) -> _Division:  # noqa: FBT001
    is_large = len("".join(names)) > _MAX_CACHED_NAMES
    return (_divide.__wrapped__ if is_large else _divide)(names, from_import, with_created_at)


@lru_cache(maxsize=256)
def _divide(names: tuple[str, ...], from_import: bool, with_created_at: bool) -> _Division:  # noqa: FBT001
    """Divide inputs by their names. All submissions of a form have the same ones."""
    fields: dict[str, int] = {}
    aliases: list[tuple[int, str]] = []
    others: list[int] = []
    own = _IMPORTED if from_import else _SUBMITTED | {CREATED_AT} if with_created_at else _SUBMITTED
    for index, (name, field) in enumerate(zip(names, fields_named(names), strict=True)):
        if name in own and name not in fields:
            fields[name] = index
        elif field and (from_import or field not in {CREATED_AT, LOST_REASON}):
            aliases.append((index, field))
        elif name not in _READ_ONLY:
            others.append(index)
    if "first_name" not in fields:
        # A full name counts after its parts, and of several the one that is certainly the sender's.
        aliases.sort(key=lambda one: 1 + rank_of_name(names[one[0]]) if one[1] == FULL_NAME else 0)
    plain = _plain([names[index] for index in others])
    is_form = TOKEN_FIELD in names and CONSENT_FIELD in names  # of which the consent is no answer
    return _Division(tuple(fields.values()), tuple(aliases), tuple(others), None if is_form else plain)


def _own_fields(given: list[Pair], *, from_import: bool) -> tuple[dict[str, object], list[Pair]]:
    """Return the values of inputs under a field's own name, and what is left over of them."""
    fields: dict[str, object] = {}
    more: list[Pair] = []
    for name, value in given:
        if value.__class__ is str and name not in _CONTACTS:
            fields[name] = value
        elif name in _CONTACTS and not from_import and is_placeholder(value):
            more.append((name, value))
        else:
            fields[name], *rest = _values(name, value)
            more += [(name, one) for one in rest]
    return fields, more


def _use_aliases(fields: dict[str, object], aliases: list[tuple[str, str, object]]) -> list[Pair]:
    """Fill in fields from their aliases, and return the inputs that were not needed."""
    others: list[Pair] = []
    for field, name, value in aliases:
        first, *rest = _values(field, value)
        if not _is_usable(field, first):
            others.append((name, value))
            continue
        others += [(name, one) for one in rest]
        if field in _TOUCH and isinstance(first, str):
            others += _use_touch(fields, field, name, first)
        elif field == FULL_NAME and not _is_given(fields, "first_name"):
            _use_name(fields, first)
        elif field != FULL_NAME and not _is_given(fields, field):
            fields[field] = first
        else:
            others.append((name, first))
    return others


def _use_name(fields: dict[str, object], name: object) -> None:
    """Fill in the names from a full name, or from a first name beside a last name."""
    last = fields.get("last_name")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= _MAX_FULL_NAME:
        fields["first_name"] = name
    elif isinstance(last, str) and last.strip():
        fields["first_name"] = first_name_in(name, last)
    else:
        fields["first_name"], fields["last_name"] = split_name(name)


def _use_name_before_address(fields: dict[str, object]) -> None:
    """Fill in the names of a sender who gave none from an address such as ``Jane Roe <jane@…>``."""
    email = fields.get("email")
    has_name = _is_given(fields, "first_name") or _is_given(fields, "last_name")
    if isinstance(email, str) and not has_name and (name := name_before(email)):
        _use_name(fields, name)


def _use_touch(fields: dict[str, object], field: str, name: str, text: str) -> list[Pair]:
    """Fill in a field of the touch, which is never an error: it is cut, and then the answer is whole."""
    if _is_given(fields, field):
        return [(name, text)]
    fields[field] = " ".join(readable_text(text, MAX_TOUCH_LENGTH).split())
    return [(name, text)] if len(text.strip()) > MAX_TOUCH_LENGTH else []


def _values(field: str, value: object) -> Sequence[object]:
    """Return the values of an input that came several times, or that holds several values."""
    if not isinstance(value, str):
        return _first_given(value) if isinstance(value, tuple) and value else (value,)
    if field not in _CONTACTS:
        return (value,)
    if _SEVERAL in value:
        return value.split(_SEVERAL)
    return numbers_in(value) if field == "phone" else address_and_note(value)


def _first_given(values: tuple[object, ...]) -> Sequence[object]:
    """Return the values without blank ones, which hidden inputs before others of their name have."""
    given = [value for value in values if not _is_blank(value)]
    return given or values[:1]


def _is_usable(field: str, value: object) -> bool:
    """Return True for a value that the field of an alias can have; others are answers."""
    if field in _CONTACTS and is_placeholder(value):
        return False
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str) or value is None or (field == "phone" and is_number)


def _is_given(fields: Mapping[str, object], name: str) -> bool:
    return not _is_blank(fields.get(name))


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _collect(others: list[Pair], plain: PlainNames | None) -> AnswerCollector:
    """Collect answers; ``plain`` has the names of all of them, if these are known to be plain."""
    collector = AnswerCollector()
    plain = plain or _plain([name for name, _ in others])
    if plain is None or not collector.add_plain(plain, [value for _, value in others]):
        for name, value in others:
            _add(collector, name, value)
    return collector


def _plain(names: Sequence[str]) -> PlainNames | None:
    return None if _ANSWERS in names else PlainNames.of(names)


def _add(collector: AnswerCollector, name: str, value: object) -> None:
    """Add one input, or the answers that an export contains: an object, or its JSON text."""
    try:
        given = json.loads(value) if name == _ANSWERS and isinstance(value, str) else value
    except (ValueError, RecursionError):
        given = value
    if name != _ANSWERS or not isinstance(given, dict):
        collector.add(name, value)
        return
    for inner, one in given.items():
        is_list = isinstance(one, list) and all(isinstance(text, str) for text in one)
        collector.add(str(inner), tuple(one) if is_list else one)


NO_INPUTS = Inputs({}, {}, 0)
