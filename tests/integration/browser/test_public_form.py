"""The form for anonymous clients in a real browser: with and without JavaScript, alone and embedded."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.integration.browser.conftest import ADMIN, PASSWORD
from tests.support.clients.accessibility import check_accessible
from tests.support.clients.browsers import sign_in
from tests.support.examples.sample_files import JPG, PDF, PNG
from tests.support.http import basic
from tests.support.servers.processes import Program, free_port

FILLING = 2_100
"""Milliseconds; forms that are sent faster look like spam."""

SNIPPET = (
    "<!doctype html><title>Site</title><h1>Our site</h1>"
    '<iframe src="{site}/form/embed" title="Contact" width="360" height="900"></iframe>'
)


@pytest.fixture(scope="module")
def site_ports() -> tuple[int, int]:
    """The ports of a site that may embed the form, and of one that may not."""
    return free_port(), free_port()


@pytest.fixture(scope="module")
def program(program: Program, site_ports: tuple[int, int]) -> Program:
    return program.with_settings(
        EMBED_ORIGINS=f"http://127.0.0.1:{site_ports[0]}",
        CONSENT_TEXT="I agree that you store what I write.",
        ORGANISATION="Lee & Partners",
        MAX_UPLOAD_MB=1,
    )


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def html_client(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Page]:
    """The form in a narrow browser, with JavaScript and without."""
    context = chromium.new_context(
        base_url=site,
        java_script_enabled=request.param,
        viewport={"width": 360, "height": 740},
        locale="en-GB",
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto("/")
    yield page
    context.close()


def fill_in(page: Page, email: str) -> None:
    page.get_by_label("First name").fill("Ann")
    page.get_by_label("Last name").fill("Lee")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("I agree").check()
    page.wait_for_timeout(FILLING)


def address_of(name: str, request: pytest.FixtureRequest) -> str:
    """Return an e-mail address that no other test uses."""
    return f"{name}{'-plain' if 'without' in request.node.name else ''}@example.com"


def leads_of(page: Page, site: str, email: str) -> int:
    """Return the number of leads with an address, as the admin sees it."""
    return len(leads_with(page, site, email))


def leads_with(page: Page, site: str, email: str) -> list[dict[str, Any]]:
    """Return the leads with an address."""
    response = page.request.get(
        f"{site}/leads",
        params={"email": email, "duplicates": "include"},
        headers=basic(ADMIN, PASSWORD),
    )
    found: list[dict[str, Any]] = response.json()
    return found


def a_file(folder: Path, size: int = 0) -> Path:
    path = folder / "cv.pdf"
    path.write_bytes(PDF + bytes(size))
    return path


def test_lead_with_a_file_is_submitted(
    html_client: Page, site: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    email = address_of("file", request)
    fill_in(html_client, email)
    html_client.get_by_label("Resume, documents or photos").set_input_files(a_file(tmp_path, 500_000))
    html_client.get_by_role("button", name="Send").click()
    expect(html_client.get_by_role("heading", name="Thank you")).to_be_visible()
    assert leads_of(html_client, site, email) == 1


def test_double_click_creates_one_lead(html_client: Page, site: str, request: pytest.FixtureRequest) -> None:
    email = address_of("double", request)
    fill_in(html_client, email)
    html_client.get_by_role("button", name="Send").dblclick()
    expect(html_client.get_by_role("heading", name="Thank you")).to_be_visible()
    assert leads_of(html_client, site, email) == 1


def test_first_error_has_focus_and_input_is_kept(
    html_client: Page, site: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    email = address_of("corrected", request)
    fill_in(html_client, "unknown")
    html_client.get_by_label("Resume, documents or photos").set_input_files(a_file(tmp_path))
    html_client.get_by_role("button", name="Send").click()
    errors = html_client.get_by_role("alert")
    expect(errors).to_be_focused()
    expect(html_client.get_by_label("First name")).to_have_value("Ann")
    expect(html_client.get_by_label("I agree")).to_be_checked()
    errors.get_by_role("link").click()
    expect(html_client.get_by_label("E-mail address")).to_be_focused()
    html_client.get_by_label("E-mail address").fill(email)
    html_client.get_by_role("button", name="Send").click()
    expect(html_client.get_by_role("heading", name="Thank you")).to_be_visible()
    assert leads_of(html_client, site, email) == 1


def test_too_large_file_keeps_the_input(html_client: Page, tmp_path: Path) -> None:
    fill_in(html_client, "large@example.com")
    html_client.get_by_label("Resume, documents or photos").set_input_files(a_file(tmp_path, 3_000_000))
    html_client.get_by_role("button", name="Send").click()
    expect(html_client.get_by_text("must not be larger than 1 MB").first).to_be_visible()
    expect(html_client.get_by_label("First name")).to_have_value("Ann")


def test_pages_do_not_scroll_sideways(html_client: Page) -> None:
    for path in ("/", "/thanks", "/form/embed"):
        html_client.goto(path)
        body = html_client.locator("body").bounding_box()
        widths = [
            box["width"]
            for one in html_client.locator("main, input, button").all()
            if (box := one.bounding_box())
        ]
        assert body
        assert max(widths) <= body["width"] == 360


def test_chosen_file_stays_chosen(tab: Page, site: str, tmp_path: Path) -> None:
    tab.goto("/")
    fill_in(tab, "unknown")
    tab.get_by_label("Resume, documents or photos").set_input_files(a_file(tmp_path))
    tab.get_by_role("button", name="Send").click()
    expect(tab.get_by_role("alert")).to_be_focused()
    tab.get_by_label("E-mail address").fill("kept@example.com")
    tab.get_by_role("button", name="Send").click()
    expect(tab.get_by_role("heading", name="Thank you")).to_be_visible()
    found = tab.request.get(
        f"{site}/leads",
        params={"email": "kept@example.com"},
        headers=basic(ADMIN, PASSWORD),
    )
    assert found.json()[0]["resume"]["filename"] == "cv.pdf"


def test_honeypot_is_hidden_from_users(tab: Page) -> None:
    tab.goto("/")
    met = []
    for _ in range(12):
        tab.keyboard.press("Tab")
        met.append(tab.evaluate("document.activeElement.id"))
    assert "leave_this_empty" not in met
    assert {"first_name", "email", "resume", "consent", "send"} <= set(met)


@pytest.mark.parametrize("path", ["/", "/form/embed", "/thanks"])
def test_public_pages_are_accessible(tab: Page, path: str) -> None:
    tab.goto(path)
    check_accessible(tab)


def test_form_errors_are_accessible(tab: Page) -> None:
    tab.goto("/")
    tab.get_by_role("button", name="Send").click()
    expect(tab.get_by_role("alert")).to_be_visible()
    check_accessible(tab)


def test_quarantine_page_is_accessible(tab: Page) -> None:
    spam: dict[str, str | float | bool] = {
        "first_name": "S",
        "last_name": "P",
        "email": "s@p.example",
        "message": "Buy!",
        "leave_this_empty": "x",
    }
    tab.request.post("/leads", form=spam)
    tab.goto("/dashboard/quarantine")
    sign_in(tab, ADMIN, PASSWORD)
    expect(tab.get_by_role("heading", name="Quarantine")).to_be_visible()
    check_accessible(tab)


@pytest.fixture
def other_sites(site: str, site_ports: tuple[int, int]) -> Iterator[tuple[str, str]]:
    """Two sites that embed the form: one that may, and one that may not."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = SNIPPET.format(site=site).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    servers = [http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler) for port in site_ports]
    threads = [threading.Thread(target=server.serve_forever) for server in servers]
    for thread in threads:
        thread.start()
    yield (f"http://127.0.0.1:{site_ports[0]}", f"http://127.0.0.1:{site_ports[1]}")
    for server, thread in zip(servers, threads, strict=True):
        server.shutdown()
        thread.join()
        server.server_close()


def test_allowed_site_can_embed_the_form(tab: Page, site: str, other_sites: tuple[str, str]) -> None:
    tab.goto(other_sites[0])
    frame = tab.frame_locator("iframe")
    frame.get_by_role("button", name="Send").click()
    expect(frame.get_by_role("alert")).to_be_visible()
    frame.get_by_label("First name").fill("Ann")
    frame.get_by_label("Last name").fill("Lee")
    frame.get_by_label("E-mail address").fill("framed@example.com")
    frame.get_by_label("I agree").check()
    tab.wait_for_timeout(FILLING)
    frame.get_by_role("button", name="Send").click()
    expect(frame.get_by_role("heading", name="Thank you")).to_be_visible()
    assert leads_of(tab, site, "framed@example.com") == 1


def test_other_sites_cannot_embed_the_form(tab: Page, other_sites: tuple[str, str]) -> None:
    errors: list[str] = []
    tab.on("console", lambda message: errors.append(message.text))
    tab.goto(other_sites[1])
    expect(tab.get_by_role("heading", name="Our site")).to_be_visible()
    tab.wait_for_load_state("networkidle")
    assert tab.frame_locator("iframe").get_by_role("button", name="Send").count() == 0
    assert any("frame-ancestors" in error for error in errors)


def test_longest_message_with_line_breaks_is_accepted(
    html_client: Page, site: str, request: pytest.FixtureRequest
) -> None:
    email = address_of("long", request)
    fill_in(html_client, email)
    message = html_client.get_by_label("Your message")
    message.focus()
    longest = "\n".join(["ä" * 49] * 100) + "."  # a browser takes seconds for thousands of line breaks
    html_client.keyboard.insert_text(f"{longest}beyond the limit")
    assert len(message.input_value()) == 5_000, "the browser counts a line break as one character, too"
    html_client.get_by_role("button", name="Send").click()
    expect(html_client.get_by_role("heading", name="Thank you")).to_be_visible()
    [lead] = leads_with(html_client, site, email)
    assert lead["message"] == longest


def test_form_of_another_site_arrives_with_every_input_and_file(
    html_client: Page, site: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    email = address_of("foreign", request)
    names = [f"Question {number}" for number in range(30)]
    rows = "".join(f'<input name="{name}" value="answer-{name[9:]} Grüße">' for name in names)
    files = {"cv.pdf": PDF, "plan.png": PNG, "photo.jpg": JPG}
    uploads = "".join(f'<input type="file" name="{name}">' for name in files)
    page = tmp_path / "form.html"
    page.write_text(
        f'<!doctype html><meta charset="utf-8"><form action="{site}/leads" method="post" '
        f'enctype="multipart/form-data"><input name="your-name" value="Zoë Lee">'
        f'<input name="your-email" value="{email}">{rows}{uploads}<button>Go</button></form>'
    )
    html_client.goto(page.as_uri())
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        html_client.locator(f'[name="{name}"]').set_input_files(tmp_path / name)
    html_client.get_by_role("button", name="Go").click()
    expect(html_client.get_by_role("heading", name="Thank you")).to_be_visible()
    [lead] = leads_with(html_client, site, email)
    assert lead["answers"] == {name: f"answer-{name[9:]} Grüße" for name in names}
    assert [one["filename"] for one in lead["attachments"]] == list(files)
    html_client.goto("/sign-in")
    sign_in(html_client, ADMIN, PASSWORD)
    html_client.wait_for_url("**/dashboard")
    html_client.goto(f"/dashboard/leads?q=answer-29+{email.partition('@')[0]}")
    html_client.get_by_role("link", name="Zoë Lee").first.click()
    for text in (*names, *files):
        expect(html_client.get_by_text(text, exact=True).first).to_be_visible()
