"""Steps with the links that users get by e-mail."""

import re

from attrs import frozen

from leadtracker.container import Container
from tests.support.clients.html_client import HtmlClient, HtmlPage
from tests.support.instruments.deliveries import deliver

FORGOT, CHOOSE, USERS = "/forgot-password", "/choose-password", "/dashboard/users"
NEW = "a better horse"


@frozen
class Mailed:
    """The mails that a scheduler has sent, and the link in the last one."""

    recipients: list[str]
    subject: str
    text: str

    @property
    def path(self) -> str:
        found = re.search(r"http://127\.0\.0\.1:8000(/choose-password\?token=[\w-]{43})", self.text)
        assert found, self.text
        return found[1]


def mailed(container: Container) -> Mailed:
    container.enqueue_account_mails()()
    mails = deliver(container)
    last = mails[-1] if mails else None
    return Mailed([mail.recipient for mail in mails], last.subject if last else "", last.text if last else "")


def ask(browser: HtmlClient, typed: str) -> HtmlPage:
    return browser.submit(browser.get(FORGOT).form(FORGOT), {"user": typed})


def choose(browser: HtmlClient, path: str, password: str = NEW, again: str | None = None) -> HtmlPage:
    form = browser.get(path).form(CHOOSE)
    return browser.submit(form, {"password": password, "again": again or password})
