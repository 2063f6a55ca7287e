"""Mails from Jinja templates: a folder per kind, with ``subject.txt``, ``text.txt`` and ``html.html``.

To add a kind, add its folder. The operator can override single files in a folder with the same structure
(``LEADTRACKER_MAIL_TEMPLATES``).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from attrs import evolve, frozen
from jinja2 import (
    ChoiceLoader,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from leadtracker.adapters.mail.mail_contexts import (
    account_change_of,
    chart_of,
    for_prospect,
    keys_of,
    line_of,
    lines_of,
    listing,
    retention_of,
    scheduled,
)
from leadtracker.domain.model.deliveries.delivery import MAILS, Delivery, DeliveryKind
from leadtracker.domain.model.deliveries.digest import Digest
from leadtracker.domain.model.deliveries.email import Email
from leadtracker.domain.model.leads.fields import DETAIL_FIELDS, LONG_FIELDS
from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.reports.silent_source import SilentSource
from leadtracker.domain.model.reports.weekly_summary import WeeklySummary
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.ports.deliveries.email_writer import EmailNotWritten, EmailWriter
from leadtracker.i18n.formats import format_date_time, format_duration
from leadtracker.i18n.languages import DASHBOARD_LANGUAGES, SOURCE_LANGUAGE, Language, supported_language
from leadtracker.i18n.texts import install_translations, using_language

_TEMPLATES = Path(__file__).parent / "templates"
_PARTS = ("subject.txt", "text.txt", "html.html")
MAX_LISTED = 10
"""The maximum number of follow-ups, and of leads, that a weekly report lists."""


@frozen(kw_only=True)
class Letterhead:
    """The details of the business that mails show.

    Attributes:
        organisation: its name; None shows none.
        language: for prospects whose own is not known, and for users.
        domain: the domain of the sender, in which Message-IDs are made.
        reply_to: the address for replies of prospects; None for the sender's.
    """

    organisation: str | None = None
    language: Language = SOURCE_LANGUAGE
    domain: str = "leadtracker"
    reply_to: str | None = None


_PLAIN = Letterhead()


class JinjaEmailWriter(EmailWriter):
    """Renders mails with Jinja, in a sandbox.

    A mail to a prospect never repeats what an anonymous sender typed; otherwise the form could be used to
    send any text to any address. Templates of these mails get the lead's first name only, and only if it
    looks like a name.

    Args:
        base_url: the address of the application, for links.
        zone: the time zone of the business, for times in mails.
        folder: the operator's templates, which override the built-in ones.
        letterhead: what mails show of the business.

    Raises:
        ValueError: the folder does not exist, or a template in it is invalid; the message names the template.
    """

    def __init__(
        self,
        base_url: str,
        zone: ZoneInfo,
        folder: Path | None = None,
        letterhead: Letterhead = _PLAIN,
    ) -> None:
        if folder is not None and not _is_folder(folder):
            raise ValueError("the folder of mail templates does not exist, or cannot be looked into")
        self._base_url = base_url.rstrip("/")
        self._zone = zone
        self._domain = letterhead.domain
        self._reply_to = letterhead.reply_to
        own = [folder] if folder else []
        self._environment = ImmutableSandboxedEnvironment(
            loader=ChoiceLoader([FileSystemLoader(path) for path in (*own, _TEMPLATES)]),
            autoescape=lambda name: name is not None and name.endswith(".html"),
            undefined=StrictUndefined,
            finalize=lambda value: "" if value is None else value,  # an operator may print an empty field
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        install_translations(self._environment)
        self._environment.globals["organisation"] = letterhead.organisation or ""
        self._environment.filters["local_time"] = self._local_time
        self._environment.filters["duration"] = format_duration
        self._language = letterhead.language
        self._users_language = supported_language(letterhead.language, DASHBOARD_LANGUAGES) or SOURCE_LANGUAGE
        if folder is not None:  # tests check the built-in templates
            for kind in MAILS:
                for part in _PARTS:
                    self._check(f"{kind}/{part}")

    def write(self, delivery: Delivery, lead: Lead, owner: EmailAddress | None = None) -> Email:
        if delivery.kind in {DeliveryKind.NOTIFICATION, DeliveryKind.ASSIGNMENT}:
            return evolve(self._email(delivery, self._for_users(lead)), reply_to=lead.texts["email"])
        language = supported_language(lead.language) or self._language
        reply_to = owner.text if owner else self._reply_to
        return evolve(self._email(delivery, for_prospect(lead), language), reply_to=reply_to)

    def write_bundle(self, delivery: Delivery, leads: Sequence[Lead]) -> Email:
        context = {
            "leads": [self._for_users(lead) for lead in leads],
            "url": f"{self._base_url}/dashboard/leads",
        }
        return self._email(delivery, context)

    def write_reminder(self, delivery: Delivery, lead: Lead, follow_up: FollowUp) -> Email:
        context = self._for_users(lead) | {"follow_up": scheduled(follow_up)}
        return evolve(self._email(delivery, context), reply_to=lead.texts["email"])

    def write_digest(self, delivery: Delivery, digest: Digest) -> Email:
        overdue = [
            self._for_users(one.lead) | {"follow_up": scheduled(one.follow_up)} for one in digest.overdue
        ]
        untouched = [self._for_users(lead) for lead in digest.untouched]
        context = {
            "overdue": listing(overdue, digest.number_overdue),
            "untouched": listing(untouched, digest.number_untouched),
            "untouched_hours": digest.untouched_for // timedelta(hours=1),
            "canary": digest.failed_canary,
            "retention": retention_of(digest.retention),
            "keys": keys_of(digest.expiring_keys),
            "keys_url": f"{self._base_url}/dashboard/keys",
            "retention_url": f"{self._base_url}/dashboard/retention",
            "url": f"{self._base_url}/dashboard",
        }
        return self._email(delivery, context)

    def write_weekly_report(self, delivery: Delivery, summary: WeeklySummary) -> Email:
        digest = summary.digest
        overdue = [
            self._for_users(one.lead) | {"follow_up": scheduled(one.follow_up)} for one in digest.overdue
        ]
        untouched = [self._for_users(lead) for lead in digest.untouched]
        context = {
            "summary": summary,
            "report": summary.report,
            "chart": chart_of([report.number_of_leads for report in summary.reports]),
            "overdue": listing(overdue[:MAX_LISTED], digest.number_overdue),
            "untouched": listing(untouched[:MAX_LISTED], digest.number_untouched),
            "url": f"{self._base_url}/dashboard",
        }
        return self._email(delivery, context)

    def write_silence_alert(self, delivery: Delivery, silent: SilentSource) -> Email:
        query = f"?{urlencode({'source': silent.source})}" if silent.source else ""
        context = {
            "source": silent.source,
            "last_lead_at": silent.last_lead_at,
            "expected": round(silent.expected),
            "url": f"{self._base_url}/dashboard/leads{query}",
        }
        return self._email(delivery, context)

    def write_account_link(self, delivery: Delivery, user: str, token: str) -> Email:
        url = f"{self._base_url}/choose-password?{urlencode({'token': token})}"
        return self._email(delivery, {"user": user, "url": url})

    def write_account_change(self, delivery: Delivery) -> Email:
        context = account_change_of(delivery.text or "", delivery.created_at)
        return self._email(delivery, {**context, "url": f"{self._base_url}/dashboard/account"})

    def write_test(self, delivery: Delivery) -> Email:
        return self._email(delivery, {"url": self._base_url})

    def _check(self, name: str) -> None:
        try:
            self._environment.get_template(name)
        except TemplateSyntaxError as error:
            raise ValueError(
                f"the template {name} is broken in line {error.lineno}: {error.message}"
            ) from None
        except (TemplateError, OSError, UnicodeDecodeError) as error:
            raise ValueError(f"the template {name} cannot be read ({type(error).__name__})") from None

    def _email(
        self, delivery: Delivery, context: Mapping[str, Any], language: Language | None = None
    ) -> Email:
        context = {"text": delivery.text or "", **context}
        with using_language(language or self._users_language):
            message_id = delivery.message_id(self._domain)
            return self._compose(delivery.kind, message_id, delivery.recipient, context)

    def _compose(self, folder: str, message_id: str, recipient: str, context: Mapping[str, Any]) -> Email:
        subject, text, html = (self._render(f"{folder}/{part}", context) for part in _PARTS)
        return Email(
            message_id=message_id,
            recipient=recipient,
            subject=" ".join(subject.split()),
            text=text,
            html=html,
        )

    def _render(self, name: str, context: Mapping[str, Any]) -> str:
        template = self._environment.get_template(name)
        try:
            return template.render(context)
        except Exception as error:  # noqa: BLE001 - a template can raise anything
            reason = f"{type(error).__name__}{line_of(error, template)}"
            raise EmailNotWritten(name, reason) from None

    def _for_users(self, lead: Lead) -> dict[str, Any]:
        fields = {
            "id": lead.id,
            **lead.texts,
            "full_name": lead.full_name,
            "details": [(field, lead.texts[field.name]) for field in DETAIL_FIELDS],
            "long_texts": [(field, lead.texts[field.name]) for field in LONG_FIELDS],
            "answers": [(name, lines_of(answer)) for name, answer in lead.answers.items()],
            "state": lead.state.value,
            "state_label": lead.state.label,
            "created_at": lead.created_at,
            "files": [file.filename for file in lead.files.values()],
            "is_duplicate": lead.duplicate_of is not None,
        }
        return {"lead": fields, "url": f"{self._base_url}/dashboard/leads/{lead.id}"}

    def _local_time(self, timestamp: datetime) -> str:
        return format_date_time(timestamp.astimezone(self._zone))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # this user may not look there, or the name is too long
        return False
