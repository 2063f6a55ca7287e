"""The names under which other systems send the fields of a lead, and the inputs that are never kept.

One table serves JSON, forms and the headers of files. Case, accents, blanks, marks between words and array
brackets of a name do not matter, nor do a number or “your” before it and the marks of form builders.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from leadtracker.domain.model.leads.inputs.field_aliases import ALIASES, FULL_NAME
from leadtracker.domain.model.values.text import normalise, without_format_characters, without_marks

Pair = tuple[str, object]
"""The name of an input and its value."""

MAX_INPUT_NAME_LENGTH = 100
"""The maximum length of the name of an input, in characters; longer names are cut."""

HONEYPOT_FIELD = "leave_this_empty"
"""A hidden field that users leave empty and that spam programs fill in."""

TOKEN_FIELD = "form_token"  # noqa: S105 - the name of a field
CONSENT_FIELD = "consent"
_BRACKETS = re.compile(r"[\[\]]+")
_IGNORED = re.compile(r"[\s\[\]()_.,:/&'\u2019-]+")
# Of “* Name”, “\U0001f4de Phone”, “1. Name”, “2) E-mail” and “Q3: Phone”, but not “1.3” of Gravity Forms.
_MARKS_BEFORE = re.compile(r"^(?:[^\w\s\[\](){}<>]+|q?\d{1,3}[.):]+)\s*(?=[^\W\d])", re.IGNORECASE)
_PREFIX = re.compile(
    r"(?:q\d{1,4}_|field:|(?:your|no[\s_-]label|ihre?|deine?|votre|vos|tus?|sus?)[\s_-]+)(?=\w)"
)
_JOTFORM_NUMBER = re.compile(r"^(q\d{1,4}_[a-z]+)\d+")  # of “q6_message6”
# Of “Name *”, “E-mail (required)”, “Comment(s)” and “Your phone?”.
_MARKS_BEHIND = " \t*:?!.,"
_REMARKS = frozenset(
    [
        *("s", "n", "*", "required", "optional", "mandatory"),
        *("pflicht", "pflichtfeld", "pflichtangabe", "erforderlich", "freiwillig"),
        *("obligatoire", "facultatif", "optionnel", "requis", "obligatorio", "opcional"),
    ]
)
_MAX_ALIAS_LENGTH = 60  # longer names are none, so that thousands of them take no time
# Of “Message, (in your own words)” and “Phone (mobile)”; “Name (of the company)” is another thing.
_MAY_HAVE_NOTE = frozenset({"email", "phone", "message"})
_NEVER_KEPT = frozenset(
    {
        *(re.sub("_", "", name) for name in (TOKEN_FIELD, HONEYPOT_FIELD, "redirect_to", "submit")),
        "googlekey",  # the secret of a Google Ads webhook
    }
)
_NEVER_KEPT_STARTS = frozenset(name[0] for name in _NEVER_KEPT)
_SECRET = re.compile(
    # “annonce” is an advertisement
    r"^_*[cx]srf|-response$|captcha|^altcha|token$|(?:^|[\s_-]|wp|form)nonce$|passw|passphrase|passcode|pwd|kennwort|mot.?de.?passe|contrase|"
    r"wachtwoord|passord|adgangskode|lösenord|salasana|hasło|парол|(?<![a-z])senha(?![a-z])|"
    # “user_pass” and “pass2”, but neither “passport” nor “boarding pass”
    r"^(?:(?:account|confirm|login|my|new|old|repeat|user)[\s_-]?)?(?:pass|pw)"
    r"[\s_-]?(?:\d|again|check|confirm|confirmation|repeat)?$",
    re.ASCII,
)


def _key(name: str) -> str:
    text = name
    if not name.isascii():
        text = without_marks(normalise(without_format_characters(name), "NFKD"))
    text = _JOTFORM_NUMBER.sub(r"\1", text.strip().lower())
    return _IGNORED.sub("", _PREFIX.sub("", text, count=1) if _PREFIX.match(text) else text)


_FIELD_BY_KEY: Mapping[str, str] = MappingProxyType(
    {
        _key(alias): field
        for field, aliases in ALIASES.items()
        for alias in re.split("[,\n]", aliases)
        if alias.strip()
    }
    | {_key(field): field for field in ALIASES}
)
# Names that may be those of another person than the sender.
_MAYBE_OTHERS = frozenset(
    ["contactperson", "ansprechpartner", "ansprechpartnerin", "kontaktperson", "displayname"]
)
# Where “Vorname” stands beside “Name”, that is the family name.
_GIVEN_NAMES_BESIDE: Mapping[str, frozenset[str]] = MappingProxyType(
    {"name": frozenset(["vorname", "vornamen", "rufname"]), "naam": frozenset(["voornaam"])}
)


@lru_cache(maxsize=4_096)
def field_named(name: str) -> str | None:
    """Return the field that an input or a column means: a lead field, ``name`` or ``created_at``, or None.

    Args:
        name: at most ``MAX_INPUT_NAME_LENGTH`` characters.
    """
    bare, noted = _without_remark(name)
    try:
        found = _field_of(name) or (_field_of(bare) if bare != name else None)
        other = _field_of(noted) if noted and not found else None
    except ValueError:  # more combining marks in a row than any language needs
        return None
    return found or (other if other in _MAY_HAVE_NOTE else None)


def fields_named(names: Sequence[str]) -> list[str | None]:
    """Return what each of the names that stand beside each other means, see ``field_named``."""
    short = [name[:MAX_INPUT_NAME_LENGTH] for name in names]
    fields = list(map(field_named, short))
    if FULL_NAME in fields and "first_name" in fields and "last_name" not in fields:
        given = {_bare_key(name) for name, field in zip(short, fields, strict=True) if field == "first_name"}
        for index, name in enumerate(short):
            if fields[index] == FULL_NAME and given & _GIVEN_NAMES_BESIDE.get(_bare_key(name), frozenset()):
                fields[index] = "last_name"
    return fields


def rank_of_name(name: str) -> int:
    """Return how late a name for a full name counts beside others of its kind; the first is 0.

    A bare “name” may be that of a form, and a contact person may be a colleague of the sender, or of ours.
    """
    if name.strip().lower() == FULL_NAME:
        return 1
    return 2 if _bare_key(name[:MAX_INPUT_NAME_LENGTH]) in _MAYBE_OTHERS else 0


def _bare_key(name: str) -> str:
    return _key(_without_remark(name)[0])


def _field_of(name: str) -> str | None:
    return _FIELD_BY_KEY.get(_key(name)) if len(name) <= _MAX_ALIAS_LENGTH else None


def _without_remark(name: str) -> tuple[str, str]:
    """Return a name without the marks of a required input, and what is before a note; empty without one."""
    bare = _MARKS_BEFORE.sub("", name.rstrip(_MARKS_BEHIND))
    head, bracket, note = bare[:-1].partition("(") if bare.endswith(")") else ("", "", "")
    if not bracket:
        return bare, ""
    head = head.rstrip(_MARKS_BEHIND)
    return (head, "") if note.strip().lower() in _REMARKS else (bare, head)


@lru_cache(maxsize=4_096)
def is_kept(name: str) -> bool:
    """Return False for tokens, captchas, passwords and the technical inputs of forms.

    What stands in the brackets of a name such as ``wpforms[token]`` counts, too.

    Args:
        name: at most ``MAX_INPUT_NAME_LENGTH`` characters.
    """
    return not any(_SECRET.search(part) or _is_technical(part) for part in _parts_of(name))


@lru_cache(maxsize=4_096)
def is_secret(name: str) -> bool:
    """Return True for the names of tokens, captchas and passwords.

    Args:
        name: at most ``MAX_INPUT_NAME_LENGTH`` characters.
    """
    return any(_SECRET.search(part) for part in _parts_of(name))


def _parts_of(name: str) -> list[str]:
    """Return a name, and what stands before, between and in its brackets, in lower case."""
    lower = name.strip().lower()
    return [lower, *filter(None, _BRACKETS.split(lower))] if "[" in lower else [lower]


def _is_technical(part: str) -> bool:
    return part[:1] == "_" or (part[:1] in _NEVER_KEPT_STARTS and _IGNORED.sub("", part) in _NEVER_KEPT)
