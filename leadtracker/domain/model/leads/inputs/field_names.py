"""The names under which other systems send the fields of a lead, and the inputs that are never kept.

One table serves JSON, forms and the headers of files. Case, accents, blanks, hyphens, underscores and array
brackets of a name do not matter, nor do “your” before it and the marks of form builders.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from leadtracker.domain.model.values.text import normalise, without_marks

MAX_INPUT_NAME_LENGTH = 100
"""The maximum length of the name of an input, in characters; longer names are cut."""

HONEYPOT_FIELD = "leave_this_empty"
"""A hidden field that users leave empty and that spam programs fill in."""

TOKEN_FIELD = "form_token"  # noqa: S105 - the name of a field
CONSENT_FIELD = "consent"
FULL_NAME = "name"
CREATED_AT = "created_at"
LOST_REASON = "lost_reason"

_ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "first_name": "first name, fname, given name, forename, vorname, prénom, nombre, name[first]",
        "last_name": "last name, lname, surname, family name, nachname, familienname, nom, nom de famille, "
        "apellido, apellidos, name[last]",
        FULL_NAME: "name, full name, name[full], contact name, vor- und nachname, nom complet, "
        "nombre completo",
        "email": "email, e-mail, mail, email address, e-mail address, reply to, e-mail 1 - value, "
        "e-mail-adresse, mailadresse, work email, correo, correo electrónico, adresse e-mail, courriel",
        "phone": "phone, tel, telephone, phone number, phone number[full], mobile, mobile phone, "
        "mobile number, work phone, telefon, telefonnummer, mobiltelefon, mobil, handy, handynummer, "
        "cell, cell phone, contact number, phone 1 - value, téléphone, téléphone portable, teléfono, móvil, "
        "portable",
        "message": "message, msg, comment, comments, description, body, text, nachricht, mitteilung, "
        "anfrage, kommentar, bemerkung, bemerkungen, commentaire, commentaires, mensaje, comentario, "
        "comentarios, notes, enquiry, inquiry",
        "source": "source, lead source, original source",
        LOST_REASON: "lost reason, closed lost reason, reason lost",
        "utm_source": "utm source",
        "utm_medium": "utm medium",
        "utm_campaign": "utm campaign",
        "utm_term": "utm term, utm keyword",
        "utm_content": "utm content",
        "gclid": "gclid, google click id",
        "referrer": "referrer, referer, http referer, referring page, referrer url, referring url",
        "landing_page": "landing page, landing page url, landing url",
        CREATED_AT: "created at, created, create date, created time, created on, date created, "
        "creation date, date, submitted at, submitted on, submission date, timestamp, datum, erstellt am, "
        "eingangsdatum, zeitstempel, date de création, fecha",
    }
)
_BRACKETS = re.compile(r"[\[\]]+")
_IGNORED = re.compile(r"[\s\[\]_-]+")
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
# Of “Message, (in your own words)” and “Phone (mobile)”; “Name (of the company)” is another thing.
_MAX_ALIAS_LENGTH = 60  # longer names are none, so that thousands of them take no time
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
    text = name if name.isascii() else without_marks(normalise(name, "NFKD"))
    text = _JOTFORM_NUMBER.sub(r"\1", text.strip().lower())
    return _IGNORED.sub("", _PREFIX.sub("", text, count=1) if _PREFIX.match(text) else text)


_FIELD_BY_KEY: Mapping[str, str] = MappingProxyType(
    {_key(alias): field for field, aliases in _ALIASES.items() for alias in aliases.split(",")}
    | {_key(field): field for field in _ALIASES}
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


def _field_of(name: str) -> str | None:
    return _FIELD_BY_KEY.get(_key(name)) if len(name) <= _MAX_ALIAS_LENGTH else None


def _without_remark(name: str) -> tuple[str, str]:
    """Return a name without the marks of a required input, and what is before a note; empty without one."""
    bare = name.rstrip(_MARKS_BEHIND)
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


def columns_named(header: Iterable[str]) -> list[str]:
    """Return the name of each column of a file: the field that it means, or else its own name.

    A column under a field's own name comes before its aliases; of several aliases, the first counts.
    """
    columns = [column.strip()[:MAX_INPUT_NAME_LENGTH] for column in header]
    taken = {column for column in columns if column in _ALIASES}
    names = []
    for column in columns:
        field = field_named(column)
        if column in _ALIASES or field is None or field in taken:
            names.append(column)
        else:
            taken.add(field)
            names.append(field)
    return names
