"""``POST /leads/import``: bodies that are too long, cut short, or not to be read at all."""

from collections.abc import Iterator

import pytest

from leadtracker.entrypoints.http.requests.csv_body import MAX_CSV_BYTES
from tests.support.clients.chunk_stream import ChunkStream
from tests.support.clients.openapi import Response
from tests.support.database import on_sqlite
from tests.support.http import Client
from tests.support.raw_database import RawDatabase

pytestmark = on_sqlite
HEADER = b"first_name,last_name,email\n"


def send(client: Client, body: ChunkStream, announced: int | None = None) -> Response:
    """Send a body with its length, or in chunks, as servers hand them on that see where a body ends."""
    length = (
        {"HTTP_TRANSFER_ENCODING": "chunked"} if announced is None else {"CONTENT_LENGTH": str(announced)}
    )
    environ = {"wsgi.input": body, "wsgi.input_terminated": True, **length}
    return client.post("/leads/import", content_type="text/csv", environ_overrides=environ)


def rows(number: int) -> bytes:
    return b"".join(b"Ann,Lee,p%d@example.com\n" % position for position in range(number))


@pytest.mark.parametrize("size", [1, 7, 8192])
def test_chunk_boundaries_do_not_matter(admin: Client, raw_db: RawDatabase, size: int) -> None:
    file = HEADER + "Zoë,李,z@example.com\r\n".encode() + rows(20)
    pieces = [file[start : start + size] for start in range(0, len(file), size)]
    response = send(admin, ChunkStream(pieces))
    assert response.body.pop("import_id")
    assert response.body == {"created": 21, "duplicates": [], "rejected": [], "encoding": "UTF-8"}
    assert ("Zoë", "李") in raw_db.execute("SELECT first_name, last_name FROM leads")


def test_body_shorter_than_announced_is_rejected_whole(admin: Client, raw_db: RawDatabase) -> None:
    file = HEADER + rows(1_200)
    rejected = send(admin, ChunkStream([file[:-5]]), announced=len(file))
    assert rejected.status == 400
    assert "shorter than announced" in rejected.body["detail"]
    assert raw_db.count("leads") == 0
    response = send(admin, ChunkStream([file]), announced=len(file))
    assert response.body["created"] == 1_200


def test_partial_line_is_not_stored(admin: Client, raw_db: RawDatabase) -> None:
    rejected = send(admin, ChunkStream([HEADER, rows(1), b"Bob,Lee,bob@example.co"]))
    assert rejected.status == 400
    assert "ends within a line" in rejected.body["detail"]
    assert raw_db.count("leads") == 0


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_complete_lines_are_stored(admin: Client, end: bytes) -> None:
    assert send(admin, ChunkStream([HEADER, b"Bob,Lee,bob@example.com", end])).body["created"] == 1


def test_too_large_content_length_is_rejected(admin: Client) -> None:
    body = ChunkStream([HEADER])
    assert send(admin, body, announced=MAX_CSV_BYTES + 1).status == 413
    assert body.read_bytes == 0


def test_too_large_chunked_body_is_rejected(admin: Client, raw_db: RawDatabase) -> None:
    def pieces() -> Iterator[bytes]:
        yield HEADER + rows(1_000)
        while True:
            yield b"x" * 65_535 + b"\n"

    rejected = send(admin, ChunkStream(pieces()))
    assert rejected.status == 413
    assert str(MAX_CSV_BYTES) in rejected.body["detail"]
    assert raw_db.count("leads") == 0


def test_unauthorised_body_is_not_read(public: Client, viewer: Client, agent: Client) -> None:
    body = ChunkStream([HEADER])
    assert [send(client, body).status for client in (public, viewer, agent)] == [401, 403, 403]
    assert body.read_bytes == 0
