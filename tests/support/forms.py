"""Forms with files, as browsers write them, byte by byte."""

from collections.abc import Mapping

from tests.support.builders import make_fields

BOUNDARY = "----boundary1"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def text_part(name: str, text: str) -> bytes:
    """A field."""
    return _part(f'name="{name}"', b"", text.encode())


def file_part(
    content: bytes, filename: str | bytes = "cv.pdf", name: str = "resume", content_type: str = "x/y"
) -> bytes:
    """A file; its name goes as it is."""
    given = filename.encode("utf-8", "surrogatepass") if isinstance(filename, str) else filename
    disposition = b'name="%b"; filename="%b"' % (name.encode(), given)
    return _part(disposition, f"Content-Type: {content_type}\r\n".encode(), content)


def form(*parts: bytes) -> bytes:
    """A form of these parts."""
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def lead_form(*parts: bytes, email: str = "ann@example.com") -> bytes:
    """A form of a lead with these parts besides."""
    return form(*fields_of(make_fields(email)), *parts)


def upload(body: bytes, *, announced: int) -> bytes:
    """A request that brings this form, or a part of one, and says how long it is going to be."""
    head = (
        f"POST /leads HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {MULTIPART}\r\n"
        f"Content-Length: {announced}\r\n\r\n"
    )
    return head.encode() + body


def fields_of(fields: Mapping[str, object]) -> list[bytes]:
    """Fields as parts."""
    return [text_part(name, str(value)) for name, value in fields.items()]


def _part(disposition: str | bytes, headers: bytes, content: bytes) -> bytes:
    shown = disposition.encode() if isinstance(disposition, str) else disposition
    start = b"--%b\r\nContent-Disposition: form-data; %b\r\n" % (BOUNDARY.encode(), shown)
    return start + headers + b"\r\n" + content + b"\r\n"
