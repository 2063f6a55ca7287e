"""Texts of the built-in mails, and the limits of custom templates."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from leadtracker.adapters.mail import template_email_writer
from leadtracker.adapters.mail.template_email_writer import JinjaEmailWriter, Letterhead
from leadtracker.domain.model.deliveries.delivery import MAILS, DeliveryKind
from leadtracker.domain.model.deliveries.digest import MAX_COUNTED, Overdue
from leadtracker.domain.model.leads.lead_file import Attachment
from leadtracker.domain.ports.deliveries.email_writer import EmailWriter
from leadtracker.i18n.languages import DASHBOARD_LANGUAGES, Language
from tests.contracts.deliveries.email_writer import (
    EmailWriterContract,
    make_delivery,
    make_digest,
    make_full_lead,
    make_summary,
    write,
)
from tests.support.builders import make_follow_up, make_lead, make_resume

TEMPLATES = sorted(Path(template_email_writer.__file__).parent.glob("templates/*/html.html"))
BERLIN = ZoneInfo("Europe/Berlin")
BASE_URL = "https://leads.firm.example/"
IN_ANY_LANGUAGE = {"▆█", "- too expensive: 3"}
"""Lines of mails without words of ours: a chart, and what a user entered."""
XSS_PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'onmouseover='alert(1)",
    "{{ 7 * 7 }}",
    "{% for x in y %}",
    "</p></body><iframe>",
    "&lt;b&gt;",
]


@pytest.fixture
def writer() -> JinjaEmailWriter:
    return JinjaEmailWriter(BASE_URL, BERLIN)


class TestJinjaEmailWriter(EmailWriterContract):
    @pytest.fixture
    def writer(self) -> JinjaEmailWriter:
        return JinjaEmailWriter(BASE_URL, BERLIN)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("Why leads were lost", "too expensive: 3", "no reason given: 2")),
        ("de", ("Warum Leads verloren gingen", "too expensive: 3", "kein Grund genannt: 2")),
    ],
)
def test_weekly_report_counts_lost_reasons(language: Language, expected: tuple[str, ...]) -> None:
    writer = JinjaEmailWriter(BASE_URL, BERLIN, letterhead=Letterhead(language=language))
    delivery, lead = make_delivery(DeliveryKind.WEEKLY_REPORT), make_full_lead()
    email = writer.write_weekly_report(delivery, make_summary(21, lead))
    for shown in (email.text, email.html):
        for value in expected:
            assert value in shown
    without = writer.write_weekly_report(delivery, evolve(make_summary(21, lead), lost_reasons={}))
    assert expected[0] not in without.text + without.html


def test_notification_shows_answers(writer: JinjaEmailWriter) -> None:
    lead = make_lead(answers={"Budget": "<5000>", "Topics": ["lease", "rent"]})
    email = writer.write(make_delivery(DeliveryKind.NOTIFICATION), lead)
    for line in ("Budget", "<5000>", "Topics", "lease", "rent"):
        assert line in email.text
        assert line.replace("<", "&lt;").replace(">", "&gt;") in email.html


def test_notification_shows_all_answers_and_files(writer: JinjaEmailWriter) -> None:
    answers = {f"question {number}": f"answer {number}." for number in range(30)}
    files = [Attachment(str(number), make_resume(f"plan {number}.pdf").metadata) for number in range(1, 4)]
    email = writer.write(
        make_delivery(DeliveryKind.NOTIFICATION), make_lead(answers=answers, attachments=tuple(files))
    )
    for text in (email.text, email.html):
        assert not [one for one in (*answers, *answers.values()) if one not in text]
        assert not [file for file in files if file.metadata.filename not in text]


def test_notification_shows_every_field(writer: JinjaEmailWriter) -> None:
    email = writer.write(make_delivery(DeliveryKind.NOTIFICATION), make_full_lead())
    assert email.subject == "New lead: Zoë Nguyễn"
    assert email.text == (
        "Zoë Nguyễn has contacted you.\n"
        "\n"
        "E-mail: ann@example.com\n"
        "Phone: +4930123456\n"
        "Source: fair 2026\n"
        "Received: 18 Nov 2026, 13:00 CET\n"
        "\n"
        "Please call\nsoon\n"
        "\n"
        "To answer, reply to this e-mail: your reply goes to the lead. "
        "Then record the contact on the page of the lead:\n"
        "https://leads.firm.example/dashboard/leads/lead-1"
    )
    assert '<a href="https://leads.firm.example/dashboard/leads/lead-1">' in email.html


def test_notification_omits_missing_fields(writer: JinjaEmailWriter) -> None:
    lead = make_full_lead(phone=None, source=None, message=None, duplicate_of="lead-0")
    email = writer.write(make_delivery(DeliveryKind.NOTIFICATION), lead)
    assert "has contacted you again." in email.text
    for word in ("Phone", "Source", "None"):
        assert word not in email.text + email.html


def test_reminder_shows_lead_and_note(writer: JinjaEmailWriter) -> None:
    follow_up = make_follow_up(note="Ask for the\ncontract")
    email = writer.write_reminder(make_delivery(DeliveryKind.REMINDER), make_full_lead(), follow_up)
    assert email.subject == "Follow-up due: Zoë Nguyễn"
    assert email.text == (
        "The follow-up with Zoë Nguyễn is due.\n"
        "\n"
        "Ask for the\ncontract\n"
        "\n"
        "Due: 18 Nov 2026, 13:00 CET\n"
        "Scheduled by: ann\n"
        "State: New\n"
        "E-mail: ann@example.com\n"
        "Phone: +4930123456\n"
        "Source: fair 2026\n"
        "\n"
        "Contact the lead. Then complete the follow-up or schedule it again on the page of the lead:\n"
        "https://leads.firm.example/dashboard/leads/lead-1"
    )
    assert '<a href="https://leads.firm.example/dashboard/leads/lead-1">' in email.html


def test_reminder_omits_missing_fields(writer: JinjaEmailWriter) -> None:
    follow_up = make_follow_up(created_by="api-key:website")
    lead = make_full_lead(phone=None)
    email = writer.write_reminder(make_delivery(DeliveryKind.REMINDER), lead, follow_up)
    assert "Scheduled by: api-key:website\n" in email.text
    for word in ("Phone", "None"):
        assert word not in email.text + email.html


def test_digest_lists_waiting_leads(writer: JinjaEmailWriter) -> None:
    bob = make_lead("lead-2", first_name="Bob", last_name="Ray")
    digest = make_digest(Overdue(make_follow_up(), make_full_lead()), untouched=[bob, bob])
    email = writer.write_digest(make_delivery(DeliveryKind.DIGEST), digest)
    assert email.subject == "Overdue follow-ups: 1, leads awaiting first contact: 2"
    assert email.text == (
        "Overdue follow-ups: 1\n"
        "\n"
        "- Zoë Nguyễn, due 18 Nov 2026, 13:00 CET\n"
        "  https://leads.firm.example/dashboard/leads/lead-1\n"
        "\n"
        "Leads awaiting first contact for more than 48 hours: 2\n"
        "\n"
        "- Bob Ray, received 18 Nov 2026, 13:00 CET\n"
        "  https://leads.firm.example/dashboard/leads/lead-2\n"
        "- Bob Ray, received 18 Nov 2026, 13:00 CET\n"
        "  https://leads.firm.example/dashboard/leads/lead-2\n"
        "\n"
        "Contact each lead and record it, or schedule another follow-up. The dashboard lists all of them:\n"
        "https://leads.firm.example/dashboard"
    )
    assert email.html.count('<a href="https://leads.firm.example/dashboard/leads/lead-2">Bob Ray</a>') == 2


def test_digest_reports_truncation(writer: JinjaEmailWriter) -> None:
    digest = make_digest(untouched=[make_full_lead()], number_untouched=MAX_COUNTED + 1)
    email = writer.write_digest(make_delivery(DeliveryKind.DIGEST), digest)
    assert email.subject == "Leads awaiting first contact: 1000+"
    assert email.text.startswith("Leads awaiting first contact for more than 48 hours: 1000+\n")
    for shown in (email.text, email.html):
        assert "and others" in shown
        assert "verdue follow" not in shown


@pytest.mark.parametrize("kind", MAILS)
@pytest.mark.parametrize("language", DASHBOARD_LANGUAGES)
def test_mail_names_the_organisation(kind: DeliveryKind, language: Language) -> None:
    letterhead = Letterhead(organisation="Ray & Partners", language=language)
    writer = JinjaEmailWriter(BASE_URL, BERLIN, letterhead=letterhead)
    email = write(writer, make_delivery(kind), make_full_lead())
    assert "Ray & Partners" in email.subject + email.text


@pytest.mark.parametrize("kind", MAILS)
def test_german_mail_has_no_english_line(kind: DeliveryKind) -> None:
    lead = make_full_lead(first_name="", message=None, source=None, duplicate_of="lead-0")
    english, german = (
        write(JinjaEmailWriter(BASE_URL, BERLIN, letterhead=Letterhead(language=language)), one, lead)
        for language in DASHBOARD_LANGUAGES
        for one in [make_delivery(kind, text="")]
    )
    same = {english.subject, *english.text.splitlines()} & {german.subject, *german.text.splitlines()}
    assert {line for line in same if line and "https:" not in line} <= IN_ANY_LANGUAGE


@pytest.mark.parametrize("name", ["Ann", "Jean-Luc", "O'Neil", "J. R.", "Zoë", "Mary Ann", "李", "Nguyễn"])
def test_prospect_is_greeted_by_name(writer: JinjaEmailWriter, name: str) -> None:
    email = writer.write(make_delivery(DeliveryKind.ACKNOWLEDGEMENT), make_full_lead(first_name=name))
    assert email.text.startswith(f"Hello {name},\n\n")


@pytest.mark.parametrize(
    "name",
    [
        "Buy at evil.example",
        "http://evil.example",
        "evil.example/x",
        "You won 1000 $",
        "@evil",
        "Call +4930123",
        "click <a href=x>",
        "Dear friend " * 5,
        *XSS_PAYLOADS,
    ],
)
@pytest.mark.parametrize("kind", [DeliveryKind.ACKNOWLEDGEMENT, DeliveryKind.FOLLOW_UP])
def test_invalid_name_is_not_greeted(writer: JinjaEmailWriter, kind: DeliveryKind, name: str) -> None:
    email = writer.write(make_delivery(kind, text="Text"), make_full_lead(first_name=name))
    assert email.text.startswith("Hello,\n\n")
    assert "<p>Hello,</p>" in email.html


@pytest.mark.parametrize("payload", XSS_PAYLOADS)
def test_html_is_always_escaped(writer: JinjaEmailWriter, payload: str) -> None:
    lead = make_full_lead(
        first_name=payload, last_name=payload, phone=payload, source=payload, message=payload
    )
    innocent = make_full_lead()
    for kind in MAILS:
        email = write(writer, make_delivery(kind, text=payload), lead)
        model = write(writer, make_delivery(kind, text="x"), innocent)
        assert email.html.count("<") == model.html.count("<")
        assert email.html.count('"') == model.html.count('"')
        assert len(email.subject.splitlines()) == 1
    assert payload in writer.write(make_delivery(DeliveryKind.NOTIFICATION), lead).text


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.parent.name)
def test_html_follows_the_colours_of_the_mail_program(template: Path) -> None:
    html = last = template.read_text(encoding="utf-8")
    while extended := re.match(r'\{% extends "(.+?)" %\}', last):
        last = (template.parents[1] / extended[1]).read_text(encoding="utf-8")
        html += last
    assert '<meta name="color-scheme" content="light dark">' in html
    # Where text has a fixed colour, the background needs one for each scheme.
    assert (" color: #" in html) == ("prefers-color-scheme: dark" in html)


@pytest.mark.parametrize("kind", MAILS)
def test_html_loads_nothing_external(writer: JinjaEmailWriter, kind: DeliveryKind) -> None:
    html = write(writer, make_delivery(kind), make_full_lead()).html
    for word in ("src=", "url(", "@import", "<link", "<script"):
        assert word not in html


@pytest.mark.parametrize(
    ("kind", "reply_to"),
    [
        (DeliveryKind.ACKNOWLEDGEMENT, "office@firm.example"),
        (DeliveryKind.FOLLOW_UP, "office@firm.example"),
        (DeliveryKind.NOTIFICATION, "zoe@example.com"),
        (DeliveryKind.REMINDER, "zoe@example.com"),
    ],
)
def test_reply_goes_to_the_other_side(kind: DeliveryKind, reply_to: str) -> None:
    letterhead = Letterhead(domain="firm.example", reply_to="office@firm.example")
    writer = JinjaEmailWriter(BASE_URL, BERLIN, letterhead=letterhead)
    lead = make_lead(email="zoe@example.com")
    email = (
        writer.write_reminder(make_delivery(kind), lead, make_follow_up())
        if kind is DeliveryKind.REMINDER
        else writer.write(make_delivery(kind), lead)
    )
    assert email.reply_to == reply_to
    assert email.message_id == "<message-1@firm.example>"


def test_notification_of_a_lead_without_an_address_has_no_reply_address(writer: EmailWriter) -> None:
    lead = evolve(make_lead(), email=None, phone="+4930901820")
    assert writer.write(make_delivery(DeliveryKind.NOTIFICATION), lead).reply_to is None
