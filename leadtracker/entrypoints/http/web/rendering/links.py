"""Links that open the user's mail or telephone program."""

import re
from urllib.parse import quote

from leadtracker.domain.model.values.email_address import EmailAddress

_LOCAL_PART = "!$'*+-._~"  # besides letters and digits, what RFC 6068 allows, section 2
_NUMBER = re.compile(r"(?P<plus>[+\uFF0B])?(?P<digits>\(?\d[\d\s()./\u2010-\u2015-]*)")
_EXTENSION = re.compile(r"\s*(?:[;,]?\s*ext(?:ension|n)?\b[.:=]?|x|#)\s*(\d{1,15})", re.IGNORECASE)
_NO_DIGITS = re.compile(r"\D+")
_MIN_DIGITS = 3


def mailto(address: EmailAddress) -> str:
    """Return the URI of an e-mail address (RFC 6068), with its domain in ASCII."""
    local, domain = address.text.rpartition("@")[0], address.key.rpartition("@")[2]
    return f"mailto:{quote(local, safe=_LOCAL_PART)}@{domain}"


def tel(phone: str) -> str | None:
    """Return the URI of the first phone number in a text (RFC 3966), with its extension; None without one.

    National numbers have no ``phone-context``, because telephone programs do not understand it.
    """
    for match in _NUMBER.finditer(phone):
        digits = "".join(str(int(digit)) for digit in _NO_DIGITS.sub("", match["digits"]))
        if len(digits) >= _MIN_DIGITS:
            extension = _EXTENSION.match(phone, match.end())
            suffix = f";ext={extension[1]}" if extension else ""
            return f"tel:{'+' if match['plus'] else ''}{digits}{suffix}"
    return None
