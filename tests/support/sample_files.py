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
SAMPLES = {"pdf": PDF, "docx": DOCX, "doc": DOC, "odt": ODT, "rtf": RTF, "txt": TXT}


def zip_bomb(mebibytes: int = 200) -> bytes:
    """Build a Word document of a few hundred kilobytes that unpacks to the given size."""
    return make_zip({"[Content_Types].xml": b"<Types/>", "word/document.xml": bytes(mebibytes * 1024 * 1024)})


def zip_with_many_entries(members: int = 60_000) -> bytes:
    """Build a Word document with very many empty members."""
    names = {f"{number}": b"" for number in range(members)}
    return make_zip({"[Content_Types].xml": b"", "word/document.xml": b"", **names}, zipfile.ZIP_STORED)
