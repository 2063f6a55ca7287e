"""Mails from templates: a folder for each kind of message, with ``subject.txt``, ``text.txt``, ``html.html``.

``test`` is the folder of the mail that no message stands behind. To add a kind, add its folder. Whoever runs
the program may put other texts into a folder of their own, file by file under the same names.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from leadtracker.domain.model.email import Email
from leadtracker.domain.model.lead import Lead
from leadtracker.domain.model.message import Message, MessageKind
from leadtracker.domain.ports.email_writer import EmailWriter

_TEMPLATES = Path(__file__).parent / "templates"
_PARTS = ("subject.txt", "text.txt", "html.html")
_TEST = "test"
_LIKE_A_NAME = re.compile(r"[^\W\d_]+\.?(?:[ '\u2019-]{1,2}[^\W\d_]+\.?){0,4}")
_MOST_IN_A_GREETING = 40


class JinjaEmailWriter(EmailWriter):
    """See the port for what it promises.

    A mail to a prospect never repeats what an unknown sender typed, or the public form could be made to send
    anybody anything; so the templates of those kinds get no more of the lead than its first name, and only
    one that looks like a name.

    Args:
        base_url: where people reach the program, for links.
        zone: the business's zone, for times.
        folder: templates that come before those of the program.

    Raises:
        ValueError: the folder is none.
        jinja2.TemplateSyntaxError: a template is broken.
    """

    def __init__(self, base_url: str, zone: ZoneInfo, folder: Path | None = None) -> None:
        if folder is not None and not folder.is_dir():
            raise ValueError("the folder of mail templates does not exist")
        self._base_url = base_url.rstrip("/")
        self._zone = zone
        own = [folder] if folder else []
        self._environment = ImmutableSandboxedEnvironment(
            loader=ChoiceLoader([FileSystemLoader(path) for path in (*own, _TEMPLATES)]),
            autoescape=lambda name: name is not None and name.endswith(".html"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters["local_time"] = self._local_time
        for kind in (*MessageKind, _TEST):
            for part in _PARTS:
                self._environment.get_template(f"{kind}/{part}")

    def write(self, message: Message, lead: Lead) -> Email:
        knows = self._for_staff(lead) if message.kind is MessageKind.NOTIFICATION else _for_prospect(lead)
        knows = {"text": message.text or "", **knows}
        return self._render(message.kind, message.message_id, message.recipient, knows)

    def write_test(self, message_id: str, recipient: str) -> Email:
        return self._render(_TEST, message_id, recipient, {"url": self._base_url})

    def _render(self, folder: str, message_id: str, recipient: str, knows: Mapping[str, Any]) -> Email:
        subject, text, html = (
            self._environment.get_template(f"{folder}/{part}").render(knows) for part in _PARTS
        )
        return Email(
            message_id=message_id,
            recipient=recipient,
            subject=" ".join(subject.split()),
            text=text,
            html=html,
        )

    def _for_staff(self, lead: Lead) -> Mapping[str, Any]:
        fields = {
            "id": lead.id,
            "first_name": lead.first_name,
            "last_name": lead.last_name,
            "email": lead.email.text,
            "phone": lead.phone,
            "message": lead.message,
            "source": lead.source,
            "state": lead.state.value,
            "created_at": lead.created_at,
            "is_duplicate": lead.duplicate_of is not None,
        }
        return {"lead": fields, "url": f"{self._base_url}/dashboard/leads/{lead.id}"}

    def _local_time(self, instant: datetime) -> str:
        return instant.astimezone(self._zone).strftime("%Y-%m-%d %H:%M %Z")


def _for_prospect(lead: Lead) -> Mapping[str, Any]:
    name = lead.first_name
    looks_like_one = len(name) <= _MOST_IN_A_GREETING and _LIKE_A_NAME.fullmatch(name)
    return {"lead": {"first_name": name if looks_like_one else ""}}
