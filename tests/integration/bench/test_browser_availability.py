"""Tests without a browser report the reason and the packages to install, and fail only in CI."""

import sys
from pathlib import Path

import pytest

from tests.support.clients.browsers import BrowserUnavailable, running_chromium
from tests.support.instruments.skips import skip_or_fail

_PACKAGES = "apt install chromium-headless-shell libatomic1"


def _executable(path: Path, message: str) -> Path:
    """Write a program that prints a message to standard error and fails."""
    path.write_text(f"#!{sys.executable}\nimport sys\nsys.exit({message!r})\n")
    path.chmod(0o755)
    return path


def _reason() -> str:
    with pytest.raises(BrowserUnavailable) as caught, running_chromium():
        pass
    return str(caught.value)


def test_a_missing_chromium_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert _reason() == f"NO BROWSER: Chromium is not installed. On Debian: {_PACKAGES}"


def test_a_chromium_that_cannot_start_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    chromium = _executable(tmp_path / "chromium", "libnss3.so is missing")
    expected = f"{chromium} cannot start: libnss3.so is missing. On Debian: {_PACKAGES}"
    assert _reason() == f"NO BROWSER: {expected}"


def test_a_driver_that_cannot_start_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    _executable(tmp_path / "chromium", "never started")
    node = _executable(tmp_path / "node", "libatomic.so.1 is missing")
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", str(node))
    expected = f"Playwright's driver cannot start: libatomic.so.1 is missing. On Debian: {_PACKAGES}"
    assert _reason() == f"NO BROWSER: {expected}"


def test_a_missing_program_fails_the_test_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"^No browser\.$"):
        skip_or_fail("No browser.")


def test_a_missing_program_skips_the_test_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"No browser\."):
        skip_or_fail("No browser.")
