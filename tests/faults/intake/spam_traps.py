"""Spam in every form: filled honeypots, forms that are sent too fast, twice, or with a forged token.

The use cases run in this process, by a clock that is moved on between serving and sending a form.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask import Flask

from leadtracker.domain.model.intake.submission import Submission
from leadtracker.domain.use_cases.intake import capture_lead
from leadtracker.entrypoints.http.app import create_app
from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.planting import replaced
from tests.support.builders import make_fields
from tests.support.clients.html_client import HtmlClient, HtmlPage
from tests.support.clients.public_form import BROWSER, FILL_IN_SECONDS, submit_lead_form
from tests.support.clock import NOW
from tests.support.memory.system import MemoryClock

_ACCEPTED = frozenset({201, 303})
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."


def run(sandbox: Sandbox) -> None:
    """Send spam of each kind, among forms of people, and look where it is kept."""
    rounds = sandbox.size(40, 250, ci=15)
    clock = MemoryClock(NOW)
    statuses: Counter[int] = Counter()
    with sandbox.container(clock, public_rate_limit="off") as container:
        app = create_app(container)
        for number in range(rounds):
            statuses.update(_send_spam(sandbox, app, clock, number))
    rows = sandbox.raw_db.execute("SELECT email FROM leads")
    spam = [email for (email,) in rows if not email.startswith("person")]
    reasons = dict(sandbox.raw_db.execute("SELECT reason, count(*) FROM quarantine GROUP BY reason"))
    sandbox.findings.record(rounds=rounds, accepted=sum(statuses[one] for one in _ACCEPTED))
    sandbox.findings.expect_equal(0, spam_in_the_list=len(spam))
    sandbox.findings.expect_equal(rounds, leads_of_people=len(rows) - len(spam))
    sandbox.findings.expect_equal(2 * rounds, honeypot=reasons.get("honeypot", 0))
    sandbox.findings.expect_equal(rounds, too_fast=reasons.get("too_fast", 0))
    sandbox.findings.expect_equal(rounds, forged=reasons.get("invalid_token", 0))
    sandbox.findings.expect_equal(rounds, replayed_and_rejected=statuses[422])


def _send_spam(sandbox: Sandbox, app: Flask, clock: MemoryClock, number: int) -> Iterator[int]:
    """Send one submission of each kind, and one of a person; yield the statuses of the spam."""
    browser, json = HtmlClient.of(app), app.test_client()
    honeypot = {"leave_this_empty": "http://buy.example"}
    yield json.post("/leads", json=make_fields(f"trap.{number}@example.com") | honeypot).status_code
    page = browser.get("/")
    yield submit_lead_form(browser, page, {"email": f"fast.{number}@example.com"}).status
    page = browser.get("/")
    clock.advance(timedelta(seconds=FILL_IN_SECONDS))
    yield _submit_forged(sandbox, browser, page, number)
    yield submit_lead_form(
        browser, browser.get("/"), {"email": f"form.{number}@example.com", **honeypot}
    ).status
    assert submit_lead_form(browser, page, {"email": f"person.{number}@example.com"}).status in _ACCEPTED
    yield submit_lead_form(browser, page, {"email": f"again.{number}@example.com"}).status


def _submit_forged(sandbox: Sandbox, browser: HtmlClient, page: HtmlPage, number: int) -> int:
    """Send a form whose token has one other character, or other ones at its end."""
    form = page.form("/leads")
    token = form.values["form_token"]
    place = sandbox.rng.randrange(len(token) - 1)  # the last one may stand for the same bytes
    other = sandbox.rng.choice([letter for letter in _LETTERS if letter != token[place]])
    forged = f"{token[:place]}{other}{token[place + 1 :]}"
    fields = {**form.values, **make_fields(f"forged.{number}@example.com"), "form_token": forged}
    return browser.post("/leads", fields, headers=BROWSER).status


@contextmanager
def _see_no_spam() -> Iterator[None]:
    with replaced(Submission, spam_reason=lambda *_: None):
        yield


@contextmanager
def _forget_tokens() -> Iterator[None]:
    with replaced(capture_lead, find_captured=lambda *_: None, remember=lambda *_: None):
        yield


CAMPAIGN = Campaign(
    "spam-traps",
    "honeypots, forms that are sent too fast or twice, and forged tokens",
    run,
    bugs=(
        PlantedBug("nothing looks like spam", ("spam_in_the_list",), _see_no_spam),
        PlantedBug("a form can be sent more than once", ("replayed_and_rejected",), _forget_tokens),
    ),
)
