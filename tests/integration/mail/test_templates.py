"""What the mails say, and what people may make them say."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from jinja2 import TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from leadtracker.adapters.mail.template_email_writer import JinjaEmailWriter
from leadtracker.domain.model.message import MAILS, MessageKind
from tests.support.contracts.email_writer import EmailWriterContract, make_full_lead, make_message

BERLIN = ZoneInfo("Europe/Berlin")
BASE_URL = "https://leads.firm.example/"
PAYLOADS = [
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


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with templates of the operator."""
    (tmp_path / "acknowledgement").mkdir()
    return tmp_path


class TestJinjaEmailWriter(EmailWriterContract):
    @pytest.fixture
    def writer(self) -> JinjaEmailWriter:
        return JinjaEmailWriter(BASE_URL, BERLIN)


def test_a_notification_tells_everything(writer: JinjaEmailWriter) -> None:
    email = writer.write(make_message(MessageKind.NOTIFICATION), make_full_lead())
    assert email.subject == "New lead: Zoë Nguyễn"
    assert email.text == (
        "Zoë Nguyễn has asked for help.\n"
        "\n"
        "E-mail:   ann@example.com\n"
        "Phone:    +4930123456\n"
        "Source:   fair 2026\n"
        "Received: 2026-11-18 13:00 CET\n"
        "\n"
        "Please call\nsoon\n"
        "\n"
        "https://leads.firm.example/dashboard/leads/lead-1"
    )
    assert '<a href="https://leads.firm.example/dashboard/leads/lead-1">' in email.html


def test_a_notification_of_little(writer: JinjaEmailWriter) -> None:
    lead = make_full_lead(phone=None, source=None, message=None, duplicate_of="lead-0")
    email = writer.write(make_message(MessageKind.NOTIFICATION), lead)
    assert "not for the first time" in email.text
    for word in ("Phone", "Source", "None"):
        assert word not in email.text + email.html


@pytest.mark.parametrize("name", ["Ann", "Jean-Luc", "O'Neil", "J. R.", "Zoë", "Mary Ann", "李", "Nguyễn"])
def test_a_prospect_is_greeted_by_name(writer: JinjaEmailWriter, name: str) -> None:
    email = writer.write(make_message(MessageKind.ACKNOWLEDGEMENT), make_full_lead(first_name=name))
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
        *PAYLOADS,
    ],
)
@pytest.mark.parametrize("kind", [MessageKind.ACKNOWLEDGEMENT, MessageKind.FOLLOW_UP])
def test_but_not_by_what_is_none(writer: JinjaEmailWriter, kind: MessageKind, name: str) -> None:
    email = writer.write(make_message(kind, text="Text"), make_full_lead(first_name=name))
    assert email.text.startswith("Hello,\n\n")
    assert "<p>Hello,</p>" in email.html


@pytest.mark.parametrize("payload", PAYLOADS)
def test_html_is_always_escaped(writer: JinjaEmailWriter, payload: str) -> None:
    lead = make_full_lead(
        first_name=payload, last_name=payload, phone=payload, source=payload, message=payload
    )
    innocent = make_full_lead()
    for kind in MAILS:
        email = writer.write(make_message(kind, text=payload), lead)
        model = writer.write(make_message(kind, text="x"), innocent)
        assert email.html.count("<") == model.html.count("<")
        assert email.html.count('"') == model.html.count('"')
        assert len(email.subject.splitlines()) == 1
    assert payload in writer.write(make_message(MessageKind.NOTIFICATION), lead).text


@pytest.mark.parametrize("kind", MAILS)
def test_nothing_is_fetched_from_elsewhere(writer: JinjaEmailWriter, kind: MessageKind) -> None:
    html = writer.write(make_message(kind), make_full_lead()).html
    for word in ("src=", "url(", "@import", "<link", "<script"):
        assert word not in html


class TestOwnTemplates:
    def test_they_come_first_file_by_file(self, own: Path) -> None:
        (own / "acknowledgement" / "subject.txt").write_text("Danke,\n{{ lead.first_name }}!\n")
        email = JinjaEmailWriter(BASE_URL, BERLIN, own).write(
            make_message(MessageKind.ACKNOWLEDGEMENT), make_full_lead()
        )
        assert email.subject == "Danke, Zoë!"
        assert email.text.startswith("Hello Zoë,")

    @pytest.mark.parametrize(
        "template", ["{{ lead.message }}", "{{ lead.email }}", "{{ url }}", "{{ nobody }}"]
    )
    def test_they_cannot_tell_a_prospect_what_others_typed(self, own: Path, template: str) -> None:
        (own / "acknowledgement" / "text.txt").write_text(template)
        writer = JinjaEmailWriter(BASE_URL, BERLIN, own)
        with pytest.raises(UndefinedError):
            writer.write(make_message(MessageKind.ACKNOWLEDGEMENT), make_full_lead())

    def test_they_are_kept_in_a_box(self, own: Path) -> None:
        (own / "acknowledgement" / "text.txt").write_text("{{ ''.__class__.__mro__ }}{{ lead.clear() }}")
        writer = JinjaEmailWriter(BASE_URL, BERLIN, own)
        with pytest.raises(SecurityError):
            writer.write(make_message(MessageKind.ACKNOWLEDGEMENT), make_full_lead())

    def test_a_broken_one_is_told_at_once(self, own: Path) -> None:
        (own / "acknowledgement" / "html.html").write_text("{% if %}")
        with pytest.raises(TemplateSyntaxError):
            JinjaEmailWriter(BASE_URL, BERLIN, own)

    def test_so_is_a_folder_that_is_none(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="does not exist"):
            JinjaEmailWriter(BASE_URL, BERLIN, tmp_path / "nowhere")
