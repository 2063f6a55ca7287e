"""The form within other sites, and forms of other sites."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.integration.browser.conftest import ADMIN, PASSWORD
from tests.integration.browser.public.conftest import FILLING, address_of, leads_of, leads_with
from tests.support.clients.browsers import sign_in
from tests.support.examples.sample_files import JPG, PDF, PNG

SNIPPET = (
    "<!doctype html><title>Site</title><h1>Our site</h1>"
    '<iframe src="{site}/form/embed" title="Contact" width="360" height="900"></iframe>'
)


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


def test_allowed_site_can_embed_form(tab: Page, site: str, other_sites: tuple[str, str]) -> None:
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


def test_other_sites_cannot_embed_form(tab: Page, other_sites: tuple[str, str]) -> None:
    errors: list[str] = []
    tab.on("console", lambda message: errors.append(message.text))
    tab.goto(other_sites[1])
    expect(tab.get_by_role("heading", name="Our site")).to_be_visible()
    tab.wait_for_load_state("networkidle")
    assert tab.frame_locator("iframe").get_by_role("button", name="Send").count() == 0
    assert any("frame-ancestors" in error for error in errors)


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
