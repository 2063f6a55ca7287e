"""Keep the database of a release: ``python -m tests.releases 1.1``."""

import sys
import tempfile
from pathlib import Path

from tests.releases.activity import fill
from tests.releases.dumps import backup_path, dump_path, write_backup, write_dump
from tests.support.servers.postgres import running_postgres


def main(release: str) -> None:
    """Fill a database of each kind with the program as it is, and write their dumps, and a backup."""
    with tempfile.TemporaryDirectory() as folder, running_postgres() as server:
        urls = {
            "sqlite": f"sqlite:///{Path(folder) / 'leadtracker.db'}",
            "postgresql": server.create_database(),
        }
        for kind, url in urls.items():
            path = dump_path(release, kind)
            if path.exists():
                sys.exit(f"{path} exists: a release is kept once.")
            fill(url, Path(folder))
            write_dump(url, path)
        write_backup(urls["sqlite"], backup_path(release))


if __name__ == "__main__":
    main(*sys.argv[1:])
