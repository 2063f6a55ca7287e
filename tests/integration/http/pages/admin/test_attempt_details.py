"""Pages say what happened in each attempt in the user's language, JSON and the command line in English."""

import re
from html import unescape

import pytest
from attrs import evolve

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import Attempt, DeliveryResult, Outcome
from leadtracker.entrypoints.formats.attempt_details import CAUSES, DETAIL_TEXTS, english_detail
from leadtracker.i18n.texts import gettext, using_language
from tests.integration.http.pages.conftest import SignedIn
from tests.support.builders import make_delivery, make_report
from tests.support.clients.command_line import CommandLine
from tests.support.clock import NOW
from tests.support.database import on_sqlite
from tests.support.http import Client

DATA = {"host": "mx.example.com", "step": "RCPT", "error": "OSError", "path": "mail/1.eml"}
PLACES = {
    "/dashboard/deliveries": r"</time>: ([^<]+?) *</li>",
    "/dashboard/reports": r'<td>([^<>"]+)</td></tr>',
}

pytestmark = on_sqlite


@pytest.fixture(autouse=True)
def attempts(container: Container) -> None:
    """A delivery and a weekly report with an attempt for each code."""
    made = tuple(
        Attempt(number=number, started_at=NOW, outcome=Outcome.RETRY, status=451, detail=detail)
        for number, detail in enumerate((AttemptDetail(code, **DATA) for code in DetailCode), 1)
    )
    delivery, report = make_delivery(lead_id=None), make_report()
    with container.unit_of_work()() as tx:
        tx.deliveries.add([delivery])
        tx.ledger.add(report)
        for epoch in range(1, len(made) + 1):  # a replacement stores only the latest attempts
            done = made[:epoch]
            tx.deliveries.replace(evolve(delivery, attempts=done, epoch=epoch), epoch=epoch - 1)
            tx.ledger.replace(evolve(report, attempts=done, epoch=epoch), epoch=epoch - 1)
        tx.commit()


def sentences(language: str) -> set[str]:
    """Return the sentence of every code."""
    with using_language("de" if language == "de" else "en"):
        return {gettext(text, **DATA, status=451) for text in DETAIL_TEXTS.values()}


def test_every_code_has_a_sentence() -> None:
    assert set(DETAIL_TEXTS) == set(DetailCode)
    assert len(sentences("en") | sentences("de")) == 2 * len(DetailCode)


def test_wrong_settings_are_named() -> None:
    for code, cause in CAUSES:
        step, _, status = cause.partition(" ")
        detail = AttemptDetail(code, host="mx.example.com", step=step, error=cause)
        result = DeliveryResult(
            outcome=Outcome.NOT_SENT, status=int(status) if status else None, detail=detail
        )
        text = english_detail(result)
        assert text is not None
        assert text.startswith(("mx.example.com ", "There was no connection to mx.example.com."))
        assert status in text
        assert cause not in text


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("path", PLACES)
def test_pages_show_every_detail(signed_in: SignedIn, path: str, language: str) -> None:
    html = signed_in(Role.ADMIN).get(path, {"Accept-Language": language}).html
    shown = {unescape(text) for text in re.findall(PLACES[path], html)}
    assert {one for one in sentences(language) if not any(text.endswith(one) for text in shown)} == set()


def test_api_names_every_detail_in_english(admin: Client) -> None:
    german = admin.with_headers({"Accept-Language": "de"})
    [delivery] = german.get("/deliveries").body
    [report] = german.get("/reports/weekly").body
    for shown in (delivery, report):
        assert {attempt["detail"] for attempt in shown["attempts"]} == sentences("en")
        assert {attempt["detail_code"] for attempt in shown["attempts"]} == set(DetailCode)


def test_command_line_shows_all_details(database_url: str, restored_logging: None) -> None:  # noqa: ARG001
    command_line = CommandLine({"DATABASE_URL": database_url, "LOG_LEVEL": "warning"})
    shown = command_line.run("report", "show", make_report().week.name).out
    assert {sentence for sentence in sentences("en") if sentence not in shown} == set()
