"""Traces of browser tests: kept of those that fail, and of no others."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser

from tests.support.clients.browsers import TRACES_VARIABLE, traced, traces_folder


@pytest.mark.parametrize("has_failed", [True, False])
def test_trace_is_kept_of_a_failed_test(
    chromium: Browser, site: str, tmp_path: Path, *, has_failed: bool
) -> None:
    with (
        chromium.new_context(base_url=site) as context,
        traced(context, tmp_path, "test-of-the-form", lambda: has_failed),
    ):
        context.new_page().goto("/sign-in")
    kept = list(tmp_path.iterdir())
    assert [path.name for path in kept] == (["test-of-the-form.zip"] if has_failed else [])
    for path in kept:
        with ZipFile(path) as trace:
            assert b"/sign-in" in trace.read("trace.trace")


def test_nothing_is_recorded_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TRACES_VARIABLE, raising=False)
    assert traces_folder() is None
