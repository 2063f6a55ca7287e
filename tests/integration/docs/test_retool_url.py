"""The documents from which an operator copies the address of the Retool workflow."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
URL = "https://api.retool.com/v1/workflows/6fda255b-a56a-4241-bd3d-10406f6f497a/startTrigger?workflowApiKey="
DOCUMENTS = ("README.md", ".env.example", "docs/explanation/weekly-report.md")


@pytest.mark.parametrize("path", DOCUMENTS)
def test_address_of_the_workflow_has_a_placeholder_for_the_key(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    keys = re.findall(f"LEADTRACKER_RETOOL_URL=['\"]?{re.escape(URL)}(\\w*)", text)
    assert keys == ["KEY"]
