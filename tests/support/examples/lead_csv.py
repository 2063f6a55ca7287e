"""Generated CSV files of any length, built while they are sent."""

from collections.abc import Iterator

HEADER = b"first_name,last_name,email,phone,message,source,state,created_at\r\n"
_ROW = (
    'Zoë,"Müller, {0}",p{0}@bücher.example,+4930{1:06d},"I need help.\r\nIt is about ""case"" {0}.",ad,'
    "REACHED_OUT,2026-10-{2:02d}T07:58:40.{1:06d}Z\r\n"
)
_ROWS_PER_CHUNK = 100


def lead_csv_chunks(numbers: range) -> Iterator[bytes]:
    """Yield the chunks of a file with one lead per number."""
    yield HEADER
    for start in range(0, len(numbers), _ROWS_PER_CHUNK):
        rows = numbers[start : start + _ROWS_PER_CHUNK]
        yield "".join(_ROW.format(one, one % 1_000_000, one % 28 + 1) for one in rows).encode()
