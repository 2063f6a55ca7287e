"""Multipart forms with files, byte for byte as browsers encode them."""

from collections.abc import Mapping

from tests.support.builders import make_fields

BOUNDARY = "----boundary1"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def text_part(name: str, text: str) -> bytes:
    """Encode a field as a part."""
    return _part(f'name="{name}"', b"", text.encode())


def file_part(
    content: bytes, filename: str | bytes = "cv.pdf", name: str = "resume", content_type: str = "x/y"
) -> bytes:
    """Encode a file as a part; its name is not escaped."""
    given = filename.encode("utf-8", "surrogatepass") if isinstance(filename, str) else filename
    disposition = b'name="%b"; filename="%b"' % (name.encode(), given)
    return _part(disposition, f"Content-Type: {content_type}\r\n".encode(), content)


def form(*parts: bytes) -> bytes:
    """Encode a form of these parts."""
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def lead_form(*parts: bytes, email: str = "ann@example.com") -> bytes:
    """Encode a form with the fields of a lead and these additional parts."""
    return form(*fields_of(make_fields(email)), *parts)


def upload(body: bytes, *, announced: int) -> bytes:
    """Return a request with a form, or the beginning of one, that announces its full length."""
    head = (
        f"POST /leads HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {MULTIPART}\r\n"
        f"Content-Length: {announced}\r\n\r\n"
    )
    return head.encode() + body


def fields_of(fields: Mapping[str, object]) -> list[bytes]:
    """Encode fields as parts."""
    return [text_part(name, str(value)) for name, value in fields.items()]


def _part(disposition: str | bytes, headers: bytes, content: bytes) -> bytes:
    shown = disposition.encode() if isinstance(disposition, str) else disposition
    start = b"--%b\r\nContent-Disposition: form-data; %b\r\n" % (BOUNDARY.encode(), shown)
    return start + headers + b"\r\n" + content + b"\r\n"
