"""Equivalent spellings of one e-mail address."""

import itertools
import unicodedata

_LOCALS = ["zoë.o'neil+ads", "ZOË.O'NEIL+ADS", "Zoë.O'Neil+Ads"]
_DOMAINS = [
    "bücher.example",
    "BÜCHER.EXAMPLE",
    "xn--bcher-kva.example",
    "XN--BCHER-KVA.Example",
    "bücher\u3002example",
    "\uff42ücher.example",
]
KEY = "zoë.o'neil+ads@xn--bcher-kva.example"

ADDRESS_VARIANTS = [
    spelling
    for local, domain in itertools.product(_LOCALS, _DOMAINS)
    for spelling in (
        unicodedata.normalize("NFC", f"{local}@{domain}"),
        unicodedata.normalize("NFD", f"{local}@{domain}"),
    )
]
