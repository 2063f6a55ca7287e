"""The documentation site, built as ``make docs`` builds it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.instruments.once_per_run import made_once

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="package")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site; the build fails on a broken link."""
    return made_once(tmp_path_factory, "site", build_site)


def build_site(folder: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
