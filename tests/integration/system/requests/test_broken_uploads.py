"""Uploads that are cut off or never end, over raw sockets to the real server: no part of them is stored."""

import pytest

from tests.support.clients.multipart import file_part, lead_form, upload
from tests.support.clients.raw_http import responses_to, statuses
from tests.support.examples.sample_files import PDF
from tests.support.raw_database import RawDatabase
from tests.support.servers.processes import Site

MEBIBYTE = 1024 * 1024
FORM = lead_form(file_part(PDF + bytes(MEBIBYTE)))
CHUNKED = upload(b"", announced=0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
IMPATIENCE = 0.1


def offsets() -> list[int]:
    """Offsets in every part of the form, and around its end."""
    spread = range(0, len(FORM), len(FORM) // 20)
    return [*range(0, 600, 40), *spread, *range(len(FORM) - 20, len(FORM))]


def test_complete_upload_is_stored(served: tuple[Site, RawDatabase]) -> None:
    site, raw_db = served
    before = raw_db.count("leads"), raw_db.count("lead_files")
    assert statuses(responses_to(site.port, upload(FORM, announced=len(FORM)))) == [201]
    assert (raw_db.count("leads"), raw_db.count("lead_files")) == (before[0] + 1, before[1] + 1)


def test_truncated_upload_is_not_stored(served: tuple[Site, RawDatabase]) -> None:
    site, raw_db = served
    before = raw_db.count("leads"), raw_db.count("lead_files")
    for offset in offsets():
        request = upload(FORM[:offset], announced=len(FORM))
        assert set(statuses(responses_to(site.port, request, timeout=IMPATIENCE))) <= {400}
    assert (raw_db.count("leads"), raw_db.count("lead_files")) == before
    assert site.is_ready()


def test_short_upload_is_not_stored(served: tuple[Site, RawDatabase]) -> None:
    site, raw_db = served
    before = raw_db.count("leads")
    for end in (0, 1, 300, len(FORM) // 2, len(FORM) - 6):
        request = upload(FORM[:end], announced=end)
        assert statuses(responses_to(site.port, request)) == [400]
    assert raw_db.count("leads") == before


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (upload(bytes(MEBIBYTE), announced=1024 * MEBIBYTE), 413),
        (CHUNKED + b"%x\r\n%b\r\n0\r\n\r\n" % (len(FORM), FORM), 411),
    ],
    ids=["a gigabyte", "in chunks"],
)
def test_an_endless_upload_is_rejected_at_once(
    served: tuple[Site, RawDatabase], request_bytes: bytes, status: int
) -> None:
    site, raw_db = served
    before = raw_db.count("leads")
    assert set(statuses(responses_to(site.port, request_bytes))) <= {status}
    assert raw_db.count("leads") == before
    assert site.is_ready()
