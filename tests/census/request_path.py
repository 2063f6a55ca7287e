"""Count the files of the package whose code one warm public ``POST /leads`` executes."""

import logging
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import structlog

from tests.census.structure import PACKAGE

_LEAD = {"first_name": "Ada", "last_name": "Lovelace", "message": "Please call me."}


def files_of_public_post(root: Path) -> list[str]:
    """Run a warm JSON POST in this process and return the package files whose code ran, sorted.

    Args:
        root: the root of the repository.
    """
    from leadtracker.container import Container  # noqa: PLC0415 - only this measurement needs the application
    from leadtracker.entrypoints.http.app import create_app  # noqa: PLC0415
    from leadtracker.settings import Settings  # noqa: PLC0415

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as folder:
        container = Container(settings=Settings(data_dir=Path(folder), public_rate_limit="off"))
        container.schema().migrate()
        client = create_app(container).test_client()

        def post(number: int) -> None:
            response = client.post("/leads", json={**_LEAD, "email": f"ada{number}@example.com"})
            assert response.status_code == 201, response.text

        post(1)  # imports, statements and connections are ready afterwards
        return _files_executed(lambda: post(2), root / PACKAGE)


def _files_executed(run: Callable[[], None], package: Path) -> list[str]:
    seen: set[str] = set()

    def profile(frame: FrameType, _event: str, _argument: Any) -> None:
        seen.add(frame.f_code.co_filename)

    sys.setprofile(profile)
    try:
        run()
    finally:
        sys.setprofile(None)
    inside = (Path(name) for name in seen if name.startswith(str(package)))
    return sorted(str(path.relative_to(package.parent)) for path in inside)
