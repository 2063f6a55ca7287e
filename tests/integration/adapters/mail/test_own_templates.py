"""Templates of the operator replace those of the program, one by one."""

from pathlib import Path

import pytest

from leadtracker.adapters.mail.template_email_writer import JinjaEmailWriter
from leadtracker.domain.model.deliveries.delivery import DeliveryKind
from leadtracker.domain.ports.deliveries.email_writer import EmailNotWritten
from tests.contracts.deliveries.email_writer import (
    make_delivery,
    make_full_lead,
)
from tests.integration.adapters.mail.test_templates import BASE_URL, BERLIN


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with templates of the operator."""
    (tmp_path / "acknowledgement").mkdir()
    return tmp_path


class TestOwnTemplates:
    def test_custom_templates_override_by_file(self, own: Path) -> None:
        (own / "acknowledgement" / "subject.txt").write_text("Danke,\n{{ lead.first_name }}!\n")
        email = JinjaEmailWriter(BASE_URL, BERLIN, own).write(
            make_delivery(DeliveryKind.ACKNOWLEDGEMENT), make_full_lead()
        )
        assert email.subject == "Danke, Zoë!"
        assert email.text.startswith("Hello Zoë,")

    @pytest.mark.parametrize(
        "template", ["{{ lead.message }}", "{{ lead.email }}", "{{ url }}", "{{ unknown }}"]
    )
    def test_acknowledgement_hides_submitted_text(self, own: Path, template: str) -> None:
        (own / "acknowledgement" / "text.txt").write_text(template)
        writer = JinjaEmailWriter(BASE_URL, BERLIN, own)
        with pytest.raises(EmailNotWritten, match="UndefinedError"):
            writer.write(make_delivery(DeliveryKind.ACKNOWLEDGEMENT), make_full_lead())

    def test_templates_are_sandboxed(self, own: Path) -> None:
        (own / "acknowledgement" / "text.txt").write_text("{{ ''.__class__.__mro__ }}{{ lead.clear() }}")
        writer = JinjaEmailWriter(BASE_URL, BERLIN, own)
        with pytest.raises(EmailNotWritten, match="SecurityError"):
            writer.write(make_delivery(DeliveryKind.ACKNOWLEDGEMENT), make_full_lead())

    @pytest.mark.parametrize(
        ("template", "error"),
        [
            ("Hello\n{{ lead.nothing }}", "UndefinedError in line 2"),
            ("{{ 1 / 0 }}", "ZeroDivisionError in line 1"),
            ("{% include 'secret.txt' %}", "TemplateNotFound in line 1"),
            ("{{ [lead.first_name] | sum }}", "TypeError in line 1"),
        ],
    )
    def test_template_error_hides_values(self, own: Path, template: str, error: str) -> None:
        (own / "acknowledgement" / "text.txt").write_text(template)
        writer = JinjaEmailWriter(BASE_URL, BERLIN, own)
        with pytest.raises(EmailNotWritten) as caught:
            writer.write(make_delivery(DeliveryKind.ACKNOWLEDGEMENT), make_full_lead())
        message = f"the template acknowledgement/text.txt cannot be rendered ({error})"
        assert str(caught.value) == message

    @pytest.mark.parametrize(
        ("content", "expected_error"),
        [
            (b"Hello\n{% if %}", "html.html is broken in line 2: Expected an expression"),
            (b"{{ x | nothing }}", "html.html is broken in line 1: No filter named"),
            (b"\xff\xfe", r"html.html cannot be read \(UnicodeDecodeError\)"),
        ],
    )
    def test_broken_template_fails_at_start(self, own: Path, content: bytes, expected_error: str) -> None:
        (own / "acknowledgement" / "html.html").write_bytes(content)
        with pytest.raises(ValueError, match=f"^the template acknowledgement/{expected_error}"):
            JinjaEmailWriter(BASE_URL, BERLIN, own)

    def test_missing_template_folder_fails_at_start(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="does not exist"):
            JinjaEmailWriter(BASE_URL, BERLIN, tmp_path / "nowhere")
