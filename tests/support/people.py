"""CSV files of people who do not exist, as long as wanted and made while they are sent."""

from collections.abc import Iterator

HEADER = b"first_name,last_name,email,phone,message,source,state,created_at\r\n"
_ROW = (
    'Zoë,"Müller, {0}",p{0}@bücher.example,+4930{1:06d},"I need help.\r\nIt is about ""case"" {0}.",ad,'
    "REACHED_OUT,2026-10-{2:02d}T07:58:40.{1:06d}Z\r\n"
)
_ROWS_PER_CHUNK = 100


def people_csv(numbers: range) -> Iterator[bytes]:
    """The chunks of a file with one person of each number."""
    yield HEADER
    for start in range(0, len(numbers), _ROWS_PER_CHUNK):
        rows = numbers[start : start + _ROWS_PER_CHUNK]
        yield "".join(_ROW.format(one, one % 1_000_000, one % 28 + 1) for one in rows).encode()
