"""A submission in JSON executes the code of what it has, and of nothing else."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
COUNT = """
import json
from pathlib import Path
from tests.census.request_path import files_of_public_post
print(json.dumps(files_of_public_post(Path.cwd())))
"""

NOT_NEEDED = {
    *("answers", "consent", "file_storage", "first_members", "form_tokens", "forms", "idempotent_requests"),
    *("login_sessions", "multipart", "quarantine", "unnamed_inputs"),
}
"""The modules of cookies, forms, files, consents, nested inputs, answers, idempotency keys and spam."""


@pytest.fixture(scope="module")
def executed() -> list[str]:
    """The files that a warm submission executes, counted in a process without other tests."""
    counted = subprocess.run([sys.executable, "-c", COUNT], cwd=ROOT, capture_output=True, check=True)
    files: list[str] = json.loads(counted.stdout)
    return files


def test_submission_stays_within_37_files(executed: list[str]) -> None:
    assert 25 < len(executed) <= 37


def test_submission_executes_nothing_of_what_it_lacks(executed: list[str]) -> None:
    known = {path.stem for path in (ROOT / "leadtracker").rglob("*.py")}
    assert known >= NOT_NEEDED
    assert {Path(file).stem for file in executed} & NOT_NEEDED == set()
