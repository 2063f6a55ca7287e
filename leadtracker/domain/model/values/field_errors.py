"""The errors of single values: a code, the data that it needs, and an English phrase for API clients.

Entrypoints that people read show their own sentence for each code, in the language of the reader.
"""

from collections.abc import Mapping
from types import MappingProxyType

PHRASES: Mapping[str, str] = MappingProxyType(
    {
        "after-tomorrow": "must not be later than tomorrow",
        "ambiguous-date": ("could be a date with the day or with the month first; write it as 2026-11-13"),
        "bad-account-name": "must not be empty and must not contain a colon",
        "common-password": "is one of the most common passwords; choose another",
        "consent-missing": "must be given",
        "consent-changed": "must be given again, because its text has changed",
        "control-characters": "must not contain control characters",
        "file-empty": "“{file}” must not be empty",
        "file-kind": "“{file}” must be a file whose name ends in {kinds}",
        "file-mismatch": (
            "“{file}” is not the {kind} file that its name promises, nor another one that is accepted"
        ),
        "file-name": "must have a file name with at most {max} combining marks in a row",
        "file-protected": "“{file}” is protected by a password; please send it without one",
        "file-too-many": "“{file}” is one file too many; at most {max} can be sent together",
        "form-expired": "is more than a day old; please send the form again",
        "far-too-long": "is far too long",
        "in-the-future": "must not lie in the future",
        "in-the-past": "must not lie in the past",
        "invalid-cursor": "must be the cursor of this listing's next link",
        "invalid-email": "must be an e-mail address, such as name@example.com",
        "invalid-local-time": "must be a day and a time, such as 2026-11-16T09:30",
        "invalid-import-time": (
            "must be a date or a time, such as 2026-11-13, 2026-11-13 14:14 or 13.11.2026 14:14"
        ),
        "invalid-phone": "must be a phone number of {min} to {max} digits",
        "invalid-state": "must be one of {states}",
        "is-duplicate": "is a duplicate itself, of {primary}",
        "itself": "must be another lead",
        "lone-surrogates": "must not contain lone surrogates",
        "no-contact": "or a phone number is required",
        "no-mail-address": "cannot be mailed, because the lead has no e-mail address",
        "no-user": "must be a user, because only users can own leads",
        "not-an-object": "must be a JSON object",
        "not-day-or-time": (
            "must be a day, such as 2026-11-16, or a time with its offset, such as 2026-11-16T09:30:00Z"
        ),
        "not-text": "must be text",
        "not-text-or-file": "must be text or a file",
        "not-true-or-false": "must be true or false",
        "number-out-of-range": "must be a whole number from {min} to {max}",
        "password-length": "must have {min} to {max} characters",
        "repeated-parameter": "must be given only once",
        "required": "is required",
        "reserved-name": "must not be ., .., me or none",
        "row-too-wide": "has {cells} cells, the header has {columns}",
        "same-password": "must be another one than the current password",
        "same-address": (
            "has the e-mail address of another lead; to be unlinked, it needs a different address"
        ),
        "scientific-phone": (
            "is in scientific notation: a spreadsheet has destroyed the number; enter all its digits"
        ),
        "sent-before": "was sent with the idempotency key of an earlier submission",
        "several-emails": "must be one e-mail address, not several",
        "skipped-local-time": "does not exist: clocks are put forward on that day",
        "too-far-ahead": "is too far in the future",
        "too-long": "must be at most {max} characters",
        "too-many-to-sort": (
            "must be a time, because more than {max:,} leads match; narrow the list by its filters to sort "
            "it by anything else"
        ),
        "too-many-marks": "must not contain more than {max} combining marks in a row",
        "unknown-choice": "must be one of {choices}",
        "unknown-lead": "is not the id of a lead",
        "unknown-local-time": "is not a day and a time that the calendar has",
        "unknown-owner": "is not the name of an enabled user",
        "unknown-parameter": "is not a parameter here",
        "unknown-reference": "is neither the e-mail address of a lead nor the URL of its page",
        "unknown-role": "must be one of {roles}",
        "unreadable-body": "cannot be read: {reason}",
        "unreadable-row": "cannot be read as CSV: {reason}",
        "unreadable-rows": "cannot be read as CSV: {reason}; it reaches to line {last}",
        "year-out-of-range": "must lie between the years {first} and {last}",
    }
)
"""The phrase for each code, which follows the name of the field."""

OTHER = "invalid"
"""The code of errors that only API clients see."""


class InvalidValue(ValueError):
    """A value is invalid; ``str`` of the error is the phrase for its author.

    Args:
        code: a key of ``PHRASES``.
        data: the values that the phrase names.
    """

    def __init__(self, code: str, **data: object) -> None:
        self.code = code
        self.data = data
        super().__init__(PHRASES[code].format_map(data))
