"""The files in ``deploy`` are what the programs that read them accept."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SYSTEMD, MONITORING = ROOT / "deploy" / "systemd", ROOT / "deploy" / "monitoring"
_METRIC = re.compile(r"leadtracker_[a-z_]+")


def run(program: str, *arguments: str, folder: Path) -> str:
    """Run a program of the system; skip the test where it is not installed."""
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    ended = subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout + ended.stderr


def test_systemd_accepts_the_units_and_finds_them_confined(tmp_path: Path) -> None:
    for unit in SYSTEMD.iterdir():
        text = unit.read_text().replace("/opt/leadtracker/bin/leadtracker", "/bin/true")  # it must exist
        (tmp_path / unit.name).write_text(text)
    names = sorted(f"./{unit.name}" for unit in SYSTEMD.iterdir())
    assert not run("systemd-analyze", "verify", *names, folder=tmp_path)
    for service in (name for name in names if name.endswith(".service")):
        judged = run("systemd-analyze", "security", "--offline=true", service, folder=tmp_path)
        exposure = re.search(r"Overall exposure level for \S+: ([0-9.]+)", judged)
        assert exposure is not None
        assert float(exposure[1]) < 2


def test_backup_uses_the_same_user_folder_and_settings_as_the_service() -> None:
    lines = [
        {line for line in (SYSTEMD / f"{name}.service").read_text().splitlines() if "=" in line}
        for name in ("leadtracker", "leadtracker-backup")
    ]
    for start in ("User=", "StateDirectory=", "Environment", "SystemCall", "Protect", "RestrictA"):
        both = [{line for line in of_unit if line.startswith(start)} for of_unit in lines]
        assert both[0] == both[1]


def test_prometheus_accepts_the_rules_and_they_fire() -> None:
    assert "SUCCESS: 9 rules found" in run("promtool", "check", "rules", "alerts.yml", folder=MONITORING)
    assert "SUCCESS" in run("promtool", "test", "rules", "alerts_test.yml", folder=MONITORING)


@pytest.mark.parametrize("name", ["alerts.yml", "grafana-dashboard.json"])
def test_rules_and_dashboard_name_only_metrics_that_exist(name: str) -> None:
    known = set(_METRIC.findall((ROOT / "docs" / "reference" / "metrics.md").read_text()))
    known |= {f"{metric}_bucket" for metric in known}
    assert set(_METRIC.findall((MONITORING / name).read_text())) <= known


def test_every_panel_has_a_place_and_a_query() -> None:
    panels = json.loads((MONITORING / "grafana-dashboard.json").read_text())["panels"]
    places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}
    assert len(places) == len({panel["id"] for panel in panels}) == len(panels)
    assert all(target["expr"] for panel in panels for target in panel["targets"])
