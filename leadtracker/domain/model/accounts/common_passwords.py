"""Recognise passwords that attackers try first.

Lists of leaked passwords show how people make a common one long: they join common words and names, walk along
the keyboard, count, and append a year. A list of 12 characters and more would be long and miss the next year;
these patterns are few. What remains of a password without them must be something.
"""

import re
from itertools import pairwise

_MIN_DIFFERENT_CHARACTERS = 5
_MIN_LETTERS_BESIDE_WORDS, _MIN_CHARACTERS_BESIDE_WALKS = 2, 3
_MIN_WALK, _MIN_WALK_BESIDE_WORDS = 3, 5
_MIN_NAME_LENGTH = 3
_OTHER_THAN_LETTERS = re.compile(r"[\W\d_]+")
_OTHER_AT_END = re.compile(r"[\W\d_]+$")
_LEET = str.maketrans("@4301!$57", "aaeoiisst")
_WORDS = (
    *(
        "abc",
        "admin",
        "administrator",
        "baseball",
        "basketball",
        "batman",
        "butterfly",
        "changeit",
        "changeme",
    ),
    *(
        "cheese",
        "chocolate",
        "computer",
        "cookie",
        "correcthorsebatterystaple",
        "default",
        "donotenter",
        "dragon",
    ),
    *(
        "flower",
        "football",
        "freedom",
        "hello",
        "iloveyou",
        "internet",
        "leadtracker",
        "letmein",
        "liverpool",
    ),
    *(
        "lovely",
        "login",
        "manchester",
        "master",
        "monkey",
        "mustang",
        "naruto",
        "ninja",
        "passphrase",
        "passwd",
    ),
    *(
        "password",
        "pokemon",
        "princess",
        "root",
        "samsung",
        "secret",
        "shadow",
        "soccer",
        "starwars",
        "sunshine",
    ),
    *("superman", "superuser", "test", "trustno", "unbelievable", "united", "user", "welcome", "whatever"),
    *(
        "asdf",
        "asdfghjkl",
        "azerty",
        "azertyuiop",
        "qazwsx",
        "qwerty",
        "qwertyuiop",
        "qwertz",
        "yxcvbnm",
        "zxcvbnm",
    ),
    *("bayern", "contrasena", "contraseña", "geheim", "hallo", "motdepasse", "passwort", "schalke", "schatz"),
    *("change", "for", "in", "is", "let", "love", "me", "my", "new", "please", "the", "this", "you", "your"),
)
_NAMES = (
    *(
        "alexander",
        "amanda",
        "andrea",
        "andrew",
        "anna",
        "anthony",
        "ashley",
        "charlie",
        "chris",
        "christopher",
    ),
    *("daniel", "david", "elizabeth", "george", "hannah", "james", "jennifer", "jessica", "john", "jordan"),
    *("joseph", "joshua", "justin", "maria", "martin", "matthew", "melissa", "michael", "michelle", "nicole"),
    *(
        "patrick",
        "peter",
        "rachel",
        "richard",
        "robert",
        "samantha",
        "sarah",
        "stefan",
        "stephanie",
        "thomas",
    ),
    *("victoria", "william"),
)
_SEASONS = (
    *(
        "spring",
        "summer",
        "autumn",
        "fall",
        "winter",
        "frühling",
        "fruehling",
        "sommer",
        "herbst",
        "printemps",
    ),
    *("été", "automne", "hiver", "primavera", "verano", "otoño", "invierno", "january", "february", "march"),
    *("april", "may", "june", "july", "august", "september", "october", "november", "december", "januar"),
    *("februar", "märz", "mai", "juni", "juli", "oktober", "dezember", "janvier", "février", "avril", "juin"),
    *(
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
        "enero",
        "febrero",
        "marzo",
        "abril",
    ),
    *("mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)
_COMMON = re.compile("|".join(sorted({*_WORDS, *_NAMES, *_SEASONS}, key=len, reverse=True)))
_ROWS = (
    *(
        "1234567890",
        "qwertyuiop",
        "asdfghjkl",
        "zxcvbnm",
        "qwertzuiop",
        "yxcvbnm",
        "azertyuiop",
        "qsdfghjklm",
    ),
    *("wxcvbn", "abcdefghijklmnopqrstuvwxyz", "1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "147"),
    *("258", "369", "159", "357", "0987654321"),
)
_NEIGHBOURS = frozenset(
    pair for row in _ROWS for left, right in pairwise(row) for pair in (left + right, right + left)
)


def is_common(password: str, name: str = "") -> bool:
    """Return True if little remains without walks, digits, signs, and common words or ``name``."""
    lower = password.casefold()
    if len(set(lower)) < _MIN_DIFFERENT_CHARACTERS:
        return True
    own = name.casefold()
    rests = (
        _without_walks(_COMMON.sub(" ", lower), _MIN_WALK_BESIDE_WORDS),
        _COMMON.sub(" ", _OTHER_AT_END.sub("", lower).translate(_LEET)),
        _without_walks(
            lower.replace(own, " ") if len(own) >= _MIN_NAME_LENGTH else lower, _MIN_WALK_BESIDE_WORDS
        ),
    )
    is_joined = any(len(_OTHER_THAN_LETTERS.sub("", rest)) < _MIN_LETTERS_BESIDE_WORDS for rest in rests)
    return is_joined or _is_walk(lower)


def _is_walk(text: str) -> bool:
    """Return True if the text, or each half of its characters taken in turns, walks along a keyboard."""
    if len(_without_walks(text, _MIN_WALK)) < _MIN_CHARACTERS_BESIDE_WALKS:
        return True
    return not any(_without_walks(half, _MIN_WALK) for half in (text[::2], text[1::2]))


def _without_walks(text: str, min_length: int) -> str:
    """Remove runs of neighbours on a keyboard, in the alphabet or among digits, or of one character."""
    kept, run = "", text[:1]
    for character in text[1:]:
        if run[-1] == character or run[-1] + character in _NEIGHBOURS:
            run += character
            continue
        kept += run if len(run) < min_length else ""
        run = character
    return kept + (run if len(run) < min_length else "")
