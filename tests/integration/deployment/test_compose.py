"""``compose.yaml`` follows the Compose Specification, and its services fit together."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

ROOT = Path(__file__).parents[3]
_VARIABLE = re.compile(r"\$\{[A-Z_]+:-([^}]*)\}")


def compose(text: str | None = None) -> dict[str, Any]:
    """Read the file as an engine does: variables replaced by their defaults, anchors merged."""
    source = text or (ROOT / "compose.yaml").read_text()
    parsed: dict[str, Any] = yaml.safe_load(_VARIABLE.sub(r"\1", source))
    PyCompose.from_json(json.dumps(parsed))
    return parsed


def test_file_follows_the_specification() -> None:
    assert set(compose()["services"]) >= {"app", "migrate", "web-1", "web-2", "scheduler-1", "scheduler-2"}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("read_only: true", "read_only: perhaps"),
        ("restart: unless-stopped", "restrat: unless-stopped"),
    ],
)
def test_wrong_file_would_be_found(right: str, wrong: str) -> None:
    text = (ROOT / "compose.yaml").read_text()
    assert right in text
    with pytest.raises(ValueError, match=r"."):
        compose(text.replace(right, wrong))


def test_secrets_come_from_files_and_programs_are_confined() -> None:
    for name, service in compose()["services"].items():
        for variable, value in service.get("environment", {}).items():
            if "SECRET" in variable or "PASSWORD" in variable or variable.endswith("URL_FILE"):
                assert variable.endswith("_FILE"), (name, variable)
                assert value.removeprefix("/run/secrets/") in service["secrets"], (name, variable)
        if service["image"].startswith("leadtracker:"):
            assert service["read_only"], name
            assert service["cap_drop"] == ["ALL"], name


def test_everything_that_services_name_exists() -> None:
    parsed = compose()
    for service in parsed["services"].values():
        assert set(service.get("secrets", ())) <= set(parsed["secrets"])
        assert {volume.partition(":")[0] for volume in service.get("volumes", ())} <= set(parsed["volumes"])
        assert set(service.get("depends_on", ())) <= set(parsed["services"])


def test_only_the_application_starts_without_a_profile() -> None:
    assert [name for name, service in compose()["services"].items() if "profiles" not in service] == ["app"]
