"""E-mail addresses: syntax and identity.

The syntax is that of RFC 5321 and 6531 (a dot-atom, an ``@``, a host name of two or more labels) without
quoted local parts, comments and IP literals, which no user enters into a form, and without the encoded words
of headers, which RFC 2047, section 5, forbids in addresses and some mail programs decode. Two addresses are
the same if they differ in case only, as most mailbox providers treat them; dots and +tags count.
"""

import re
import unicodedata

from attrs import frozen

from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.text import clean, half_width, normalise, without_format_characters

MAX_EMAIL_LENGTH = 254
_MAX_LOCAL_OCTETS = 64
_MAX_DOMAIN_OCTETS = 253
_MAX_LABEL_OCTETS = 63
_LOCAL_ASCII = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&'*+-/=?^_`{|}~")
_ENCODED_WORD = re.compile(r"=\?[^?]+\?[BbQq]\?[^?]*\?=")
_WRAPPED = re.compile(r"([^<>]*)<([^<>]*)>")
_ADDRESS_IN_NAME = re.compile(r"[^\s@\"'(]+@[^\s@\"')]+\.[^\s@\"')]+")
# Almost every address: ASCII without the rarer characters of local parts.
_PLAIN = re.compile(
    r"(?=[^@]{1,64}@)[A-Za-z0-9_%+-]+(?:\.[A-Za-z0-9_%+-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9]{1,61}"
)
_NOTED = re.compile(r"\s*([^\s()]+@[^\s()]+)\s*(\([^()]{1,40}\))\s*")  # such as “(private)”
_SEVERAL = re.compile(r"[,;/|\s]")
MAX_WRAPPED_LENGTH = MAX_EMAIL_LENGTH + 200
"""The maximum length of an address with what programs write around it, in characters."""
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@frozen
class EmailAddress:
    """An address as its owner wrote it, and its key.

    Attributes:
        text: the address, trimmed and in NFC; for display and sending.
        key: the local part in lower case and NFC, the domain as lower-case IDNA A-labels; for comparison.
    """

    text: str
    key: str

    @classmethod
    def parse(cls, text: str) -> "EmailAddress":
        """Parse an address.

        Raises:
            ValueError: the text is no address; the message is for its author.
        """
        text = clean(text, limit=MAX_EMAIL_LENGTH, too_long="invalid-email")
        local, _, domain = text.rpartition("@")
        ascii_domain = _to_ascii(domain)
        if not _is_local_part(local) or not _is_host_name(ascii_domain):
            raise InvalidValue("invalid-email")
        return cls(text, f"{_lower(local)}@{ascii_domain}")

    @classmethod
    def extract(cls, text: str) -> "EmailAddress":
        """Parse an address after taking off what programs write around it.

        Raises:
            ValueError: the text is no address, or several; the message is for its author.
        """
        if len(text) <= MAX_EMAIL_LENGTH and _PLAIN.fullmatch(text):
            return cls(text, text.lower())
        bare = _bare(clean(text, limit=MAX_WRAPPED_LENGTH, too_long="invalid-email"))
        if bare.count("@") > 1 and _SEVERAL.search(bare):
            raise InvalidValue("several-emails")
        return cls.parse(bare)


def _bare(text: str) -> str:
    """Take off what is written around an address: ``mailto:``, ``Name <…>`` and one trailing dot or comma.

    Wide forms of ASCII become ASCII: no mailbox has them in its name.
    """
    text = half_width(without_format_characters(text))
    wrapped = _WRAPPED.fullmatch(text)
    if wrapped:
        _check_name(*wrapped.groups())
        text = wrapped[2]
    if text[:7].lower() == "mailto:":
        text = text[7:].partition("?")[0]
    text = text.strip()
    return text[:-1] if text.endswith((".", ",", ";")) else text


def address_and_note(text: str) -> list[str]:
    """Return an address and the note in brackets behind it, or the text."""
    noted = _NOTED.fullmatch(text) if len(text) <= MAX_WRAPPED_LENGTH and ")" in text else None
    return list(noted.groups()) if noted else [text]


def name_before(text: str) -> str:
    """Return the name in ``Name <address>``; empty if there is none, or an address in its place."""
    wrapped = _WRAPPED.fullmatch(text.strip()) if len(text) <= MAX_WRAPPED_LENGTH else None
    name = wrapped[1].strip().strip("\"'").strip() if wrapped else ""
    return "" if "@" in name else name


def _check_name(name: str, address: str) -> None:
    """Reject another address in the name before an address: either could be meant."""
    found = _ADDRESS_IN_NAME.findall(name) if "@" in name else ()
    if any(one.lower() != address.strip().lower() for one in found):
        raise InvalidValue("several-emails")


def _is_local_part(local: str) -> bool:
    if local.startswith(".") or local.endswith(".") or ".." in local or _ENCODED_WORD.search(local):
        return False
    octets = len(local.encode("utf-8", "surrogatepass"))
    if not 1 <= octets <= _MAX_LOCAL_OCTETS:
        return False
    return _LOCAL_ASCII.issuperset(local) or all(_is_local_character(char) for char in local)


def _is_local_character(char: str) -> bool:
    # Beyond ASCII only letters, marks, numbers and symbols: no invisible characters, spaces or surrogates.
    return char in _LOCAL_ASCII if char.isascii() else unicodedata.category(char)[0] in "LMNS"


def _is_host_name(domain: str) -> bool:
    labels = domain.split(".")
    return (
        len(labels) > 1
        and len(domain) <= _MAX_DOMAIN_OCTETS
        and all(_LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdigit()
    )


def _to_ascii(domain: str) -> str:
    """Return a domain as lower-case A-labels: a simplified UTS #46 mapping, then Punycode (RFC 3492)."""
    mapped = _fold(_fold(domain)).replace("\u3002", ".")
    return ".".join(_a_label(label) for label in mapped.split("."))


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()  # folding changes nothing else in ASCII
    # Character by character, as UTS #46 maps them: in a word, the last Σ would become another letter.
    return normalise("".join(map(str.lower, normalise(text, "NFKC"))), "NFKC")


def _a_label(label: str) -> str:
    if label.isascii():
        return label
    if len(label) > _MAX_LABEL_OCTETS:
        return ""  # its A-label is longer still, and encoding takes time quadratic in the length
    if not all(unicodedata.category(char)[0] in "LMN" or char in "-·" for char in label):
        return ""
    return "xn--" + label.encode("punycode").decode("ascii")


def _lower(local: str) -> str:
    return normalise(local.lower(), "NFC")
