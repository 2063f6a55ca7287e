"""``/metrics`` of a server with several worker processes."""

import re
from pathlib import Path

from tests.support.servers.processes import Program, Site, free_port

REQUESTS = 40
COUNTED = re.compile(rb'leadtracker_http_requests_total{method="GET",route="/healthz",status="200"} (\S+)')


def test_any_worker_reports_all_metrics(tmp_path: Path) -> None:
    site = Site(free_port())
    program = Program(tmp_path, {"PORT": site.port, "WEB_WORKERS": 3}, is_forked=True)
    with program.start("web"):
        site.wait_until_ready()
        for _ in range(REQUESTS):
            site.send("GET", "/healthz")
        for _ in range(9):
            status, text = site.send("GET", "/metrics")
            assert status == 200
            assert [float(count) for count in COUNTED.findall(text)] == [REQUESTS]
