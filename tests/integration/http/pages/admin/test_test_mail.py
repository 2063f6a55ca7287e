"""The test e-mail of the deliveries page, on the path of every other e-mail to a real mail server."""

from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.deliveries.delivery import Delivery
from tests.integration.http.conftest import MakeContainer
from tests.integration.http.pages.conftest import SignedIn
from tests.support.clients.html_client import HtmlClient
from tests.support.raw_database import RawDatabase
from tests.support.servers.smtp import MailServer

PATH = "/dashboard/deliveries"


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def container(make_container: MakeContainer, mail_server: MailServer) -> Iterator[Container]:
    container = make_container(smtp_url=SecretStr(f"smtp+plain://{mail_server.address}"))
    yield container
    container.email_sender().close()


@pytest.fixture
def admin(signed_in: SignedIn) -> HtmlClient:
    return signed_in(Role.ADMIN)


def send_test(admin: HtmlClient, address: str) -> int:
    form = admin.get(PATH).form(f"{PATH}/test")
    return admin.submit(form, {"address": address}).status


def attempted(container: Container) -> list[Delivery]:
    """Do the work of a scheduler."""
    return list(container.deliver_notifications().mail())


def test_test_mail_arrives_and_is_listed(
    admin: HtmlClient, container: Container, mail_server: MailServer
) -> None:
    assert send_test(admin, "ann@example.com") == 303
    assert mail_server.arrived == []
    assert "The test e-mail to ann@example.com will be sent within seconds." in admin.get(PATH).html
    assert [one.state for one in attempted(container)] == ["sent"]
    [mail] = mail_server.arrived
    assert mail.recipients == ("ann@example.com",)
    assert b"This is a test." in mail.content
    html = admin.get(PATH).html
    assert ("Test</td>" in html, "127.0.0.1 answered 250 to DATA." in html) == (True, True)


def test_rejected_test_mail_shows_the_answer_and_can_be_retried(
    admin: HtmlClient, container: Container, mail_server: MailServer
) -> None:
    mail_server.expect("END", "550 Never")
    send_test(admin, "ann@example.com")
    assert [one.state for one in attempted(container)] == ["failed"]
    seen = admin.get(PATH)
    assert "127.0.0.1 answered 550 to DATA." in seen.html
    [delivery] = container.manage_deliveries().page(OPERATOR, None, limit=9, after=None).items
    admin.submit(seen.form(f"{PATH}/{delivery.id}/retry"))
    assert [one.state for one in attempted(container)] == ["sent"]


@pytest.mark.parametrize("address", ["", "ann@", "ann@example.com, bob@example.com", "a\r\nBcc: b@c.example"])
def test_invalid_address_is_shown_with_its_error(
    admin: HtmlClient, raw_db: RawDatabase, address: str
) -> None:
    form = admin.get(PATH).form(f"{PATH}/test")
    rejected = admin.submit(form, {"address": address})
    assert rejected.status == 422
    assert 'id="address-error"' in rejected.html
    assert raw_db.count("deliveries") == 0


def test_own_address_is_proposed(signed_in: SignedIn, container: Container) -> None:
    signed_in(Role.ADMIN)
    container.manage_users().change(OPERATOR, "admin", {"email": "boss@firm.example"})
    form = signed_in(Role.ADMIN).get(PATH).form(f"{PATH}/test")
    assert form.values["address"] == "boss@firm.example"


def test_form_of_a_test_is_shown_beside_an_invalid_filter(admin: HtmlClient) -> None:
    assert admin.get(f"{PATH}?state=nonsense").form(f"{PATH}/test").values["address"] == ""
