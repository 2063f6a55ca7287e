"""Small, valid files of every accepted type."""

import io
import zipfile

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
RTF = b"{\\rtf1\\ansi Hello}"
DOC = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
TXT = "Zoë, 北京\r\n".encode()
HTML = b"<!doctype html><script>alert(1)</script>"


def make_zip(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Build a zip file of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            is_type = name == "mimetype"
            archive.writestr(name, content, zipfile.ZIP_STORED if is_type else compression)
    return out.getvalue()


DOCX = make_zip({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"})
ODT = make_zip({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"})
JPG = bytes.fromhex("ffd8ffe000104a46494600") + bytes(20)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
WEBP = b"RIFF\x1a\0\0\0WEBPVP8 " + bytes(20)
HEIC = bytes.fromhex("00000018") + b"ftypheic" + bytes(20)
SAMPLES = {
    "pdf": PDF,
    "docx": DOCX,
    "doc": DOC,
    "odt": ODT,
    "rtf": RTF,
    "txt": TXT,
    "jpg": JPG,
    "png": PNG,
    "webp": WEBP,
    "heic": HEIC,
}


def compound_file(*streams: str, flags: int = 0) -> bytes:
    """Build a compound file of 512-byte sectors with these streams; the first has the flags of a document."""
    end, free = b"\xfe\xff\xff\xff", b"\xff\xff\xff\xff"
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + bytes.fromhex("3e000300feff09000600") + bytes(14)
    header += (1).to_bytes(4, "little") + bytes(4) + (0x1000).to_bytes(4, "little") + end + bytes(4) + end
    header += bytes(4) + bytes(4) + free * 108  # the first sector of the table is sector 0
    table = (b"\xfd\xff\xff\xff" + end + end) + free * 125
    names = ("Root Entry", *streams)
    entries = b"".join(_directory_entry(name, is_root=name == "Root Entry") for name in names)
    document = bytes(10) + flags.to_bytes(2, "little") + bytes(500)
    return (
        header[:48]
        + (1).to_bytes(4, "little")
        + header[52:512]
        + table
        + entries.ljust(512, b"\0")
        + document
    )


def _directory_entry(name: str, *, is_root: bool) -> bytes:
    encoded = name.encode("utf-16-le")
    start = (0xFFFFFFFE if is_root else 2).to_bytes(4, "little")
    head = (
        encoded.ljust(64, b"\0") + (len(encoded) + 2).to_bytes(2, "little") + bytes([5 if is_root else 2, 1])
    )
    return head + bytes(48) + start + (512).to_bytes(8, "little")


def zip_bomb(mebibytes: int = 64) -> bytes:
    """Build a Word document of less than a hundred kilobytes that unpacks to the given size."""
    return make_zip({"[Content_Types].xml": b"<Types/>", "word/document.xml": bytes(mebibytes * 1024 * 1024)})


def zip_with_many_entries(members: int = 20_000) -> bytes:
    """Build a Word document with very many empty members."""
    names = {f"{number}": b"" for number in range(members)}
    return make_zip({"[Content_Types].xml": b"", "word/document.xml": b"", **names}, zipfile.ZIP_STORED)
