"""E-mails as they are sent."""

from attrs import frozen


@frozen(kw_only=True)
class Email:
    """One e-mail to one recipient; its texts may contain any user input.

    Attributes:
        message_id: with its angle brackets; the same on every attempt.
        subject: one line; the adapter that sends it must encode control characters.
        html: the same content as ``text``.
    """

    message_id: str
    recipient: str
    subject: str
    text: str
    html: str
