"""The check of accessibility finds one wrong element among many that are right."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.support.clients.accessibility import check_accessible
from tests.support.examples.cases import each

PAGE = """<!doctype html><html lang="en"><head><title>Rows</title><style>
  body {{ background: white; color: black }}
  button {{ min-width: 30px; min-height: 30px }}
  @media (prefers-color-scheme: dark) {{ body {{ background: black; color: white }} }}
  {style}
</style></head><body><main><h1>Rows</h1>{rows}</main></body></html>"""
ROWS = "".join(
    f'<div class="row" id="row{number}"><p><span>Number</span> <b>{number}</b></p>'
    f'<button aria-label="Open {number}">Open</button></div>'
    for number in range(6)
)


def check(tab: Page, style: str = "", rows: str = ROWS) -> None:
    tab.set_content(PAGE.format(style=style, rows=rows))
    check_accessible(tab)


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    """A tab without a server."""
    with chromium.new_page() as tab:
        yield tab


def test_right_rows_pass(tab: Page) -> None:
    check(tab)


@each(
    "style",
    [
        "#row4 span { color: #888 }",
        "#row4 { background: #777 }",
        "#row4 p { opacity: 0.4 }",
        "#row4 span { font-size: 3em } .row span { color: #888 }",
        "@media (prefers-color-scheme: dark) { #row4 span { color: #444 } }",
        "@media (width < 400px) { #row4 span { color: #444 } }",
        "#row0 { display: none } span { color: #888 }",
    ],
)
def test_one_text_of_low_contrast_is_found(tab: Page, style: str) -> None:
    with pytest.raises(AssertionError, match="color-contrast"):
        check(tab, style)


def test_first_text_that_axe_does_not_judge_stands_for_no_other(tab: Page) -> None:
    letter = '<p class="pale">x</p><label class="pale">Off <input disabled></label>'
    word, label = '<p class="pale">Words</p>', '<label class="pale">Field <input></label>'
    pale = ".pale { color: #999; background: #aaa }"
    check(tab, pale, letter)
    for rest in (word, label):
        with pytest.raises(AssertionError, match="color-contrast"):
            check(tab, pale, letter + rest)


def test_one_element_against_other_rules_is_found(tab: Page) -> None:
    with pytest.raises(AssertionError, match="button-name"):
        check(tab, rows=ROWS.replace('aria-label="Open 4">Open', ">"))
