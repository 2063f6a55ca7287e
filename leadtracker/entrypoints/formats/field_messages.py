"""Show field errors: on pages by a sentence for the code, on the command line by a phrase."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from leadtracker.domain.errors import FieldError, InvalidInput
from leadtracker.entrypoints.formats.labels import field_label
from leadtracker.i18n.texts import gettext as _
from leadtracker.i18n.texts import mark

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "after-tomorrow": mark("This time lies after tomorrow."),
        "ambiguous-date": mark("This date has two meanings. Write it as 2026-11-13."),
        "bad-account-name": mark("Enter a name without a colon."),
        "common-password": mark("This is one of the most common passwords. Choose another one."),
        "consent-missing": mark("Please give your consent."),
        "consent-changed": mark("This text has changed since you opened the form. Please read it again."),
        "control-characters": mark("This text contains control characters. Please type it again."),
        "far-too-long": mark("This text is far too long."),
        "file-empty": mark("“%(file)s” is empty. Please choose another file."),
        "file-kind": mark("“%(file)s” is not of one of these kinds: %(kinds)s."),
        "file-mismatch": mark("“%(file)s” is not a %(kind)s file, although its name says so."),
        "file-name": mark("The name of this file cannot be read. Please rename it."),
        "file-protected": mark("“%(file)s” is protected by a password. Please send it without one."),
        "file-too-many": mark("“%(file)s” is one file too many: at most %(max)s can be sent together."),
        "form-expired": mark("This form was open for more than a day. Please send it again."),
        "in-the-future": mark("This time lies in the future."),
        "in-the-past": mark("This time lies in the past. Choose a later one."),
        "invalid-cursor": mark("This page of the list does not exist. Go back to the first page."),
        "invalid-email": mark("Enter an e-mail address such as name@example.com."),
        "invalid-import-time": mark(
            "Enter a date or a time, such as 2026-11-13, 2026-11-13 14:14 or 13.11.2026 14:14."
        ),
        "invalid-local-time": mark("Enter a day and a time."),
        "invalid-phone": mark("Enter a phone number of %(min)s to %(max)s digits."),
        "invalid-state": mark("Choose one of the states."),
        "is-duplicate": mark("That lead is a duplicate itself. Name its primary lead."),
        "itself": mark("A lead cannot be its own duplicate. Name another lead."),
        "lone-surrogates": mark("This text contains characters that cannot be stored. Please type it again."),
        "no-contact": mark("Enter an e-mail address or a phone number."),
        "no-mail-address": mark("This lead has no e-mail address, so no message can be sent."),
        "no-user": mark("Only users can own leads."),
        "not-an-object": mark("What was sent has no fields."),
        "not-day-or-time": mark("Enter a day such as 2026-11-16."),
        "not-text": mark("Enter a text."),
        "not-text-or-file": mark("Please choose a file."),
        "not-true-or-false": mark("Choose true or false."),
        "number-out-of-range": mark("Enter a whole number from %(min)s to %(max)s."),
        "password-length": mark("Enter %(min)s to %(max)s characters."),
        "repeated-parameter": mark("Give this only once."),
        "required": mark("This field is required."),
        "reserved-name": mark("This name is reserved. Choose another one."),
        "row-too-wide": mark("This row has %(cells)s cells, but the header has %(columns)s."),
        "same-password": mark("This is the current password. Choose another one."),
        "same-address": mark(
            "This lead has the e-mail address of another lead. To unlink it, change the address first."
        ),
        "scientific-phone": mark("A spreadsheet program has damaged this number. Enter all its digits."),
        "sent-before": mark("This was sent before, with other answers."),
        "several-emails": mark("Enter one e-mail address, not several."),
        "skipped-local-time": mark("This time does not exist, because clocks are put forward on that day."),
        "too-far-ahead": mark("This time is too far in the future."),
        "too-long": mark("Enter at most %(max)s characters."),
        "too-many-to-sort": mark(
            "Too many leads match for this order. Narrow the list by a search or a filter."
        ),
        "too-many-marks": mark("This text has too many accents on one letter."),
        "unknown-choice": mark("This choice does not exist. Choose another one."),
        "unknown-lead": mark("There is no such lead. Enter its e-mail address, or the address of its page."),
        "unknown-local-time": mark("The calendar does not have this day and time."),
        "unknown-owner": mark("There is no enabled user of this name."),
        "unknown-parameter": mark("This filter does not exist."),
        "unknown-reference": mark(
            "No lead has this e-mail address, and it is not the address of a lead's page."
        ),
        "unknown-role": mark("Choose one of the roles."),
        "unreadable-body": mark("What was sent could not be read."),
        "unreadable-row": mark("This row cannot be read: its quotation marks are wrong, or it is too long."),
        "unreadable-rows": mark(
            "Nothing can be read from here to line %(last)s. Look for a missing quotation mark."
        ),
        "year-out-of-range": mark("Enter a time between the years %(first)s and %(last)s."),
    }
)
"""The sentence for each code of ``PHRASES`` in the domain."""


def field_message(error: FieldError) -> str:
    """Return the sentence about an error in the language in use; an error without a code is its own text."""
    sentence = SENTENCES.get(error.code)
    return _(sentence, **error.data) if sentence else f"{error.message[:1].upper()}{error.message[1:]}."


def labelled_messages(errors: Iterable[FieldError]) -> str:
    """Return the label and the sentence of each error, in the language in use."""
    return " ".join(f"{field_label(error.field)}: {field_message(error)}" for error in errors)


def named_phrases(errors: Iterable[FieldError]) -> str:
    """Return the English phrases, each after its field, such as ``“email” is required; “state” …``."""
    return "; ".join(f"{named(error.field)} {error.message}" for error in errors)


def named(field: str) -> str:
    """Return the name of a field as the subject of an English phrase."""
    return "the row" if field == "row" else f"“{field}”"


def field_messages(error: InvalidInput) -> dict[str, str]:
    """Return the sentence about each invalid field, the first one if a field has several errors."""
    messages: dict[str, str] = {}
    for one in error.errors:
        messages.setdefault(one.field, field_message(one))
    return messages
