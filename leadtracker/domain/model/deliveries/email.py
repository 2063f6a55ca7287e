"""A mail as it goes out."""

from attrs import frozen


@frozen(kw_only=True)
class Email:
    """What is sent to one recipient; texts may hold anything that a person typed.

    Attributes:
        message_id: with its angle brackets; the same on every attempt.
        subject: in one line; whatever else is in it is the sender's to neutralise.
        html: the same as ``text``, for those who see it.
    """

    message_id: str
    recipient: str
    subject: str
    text: str
    html: str
