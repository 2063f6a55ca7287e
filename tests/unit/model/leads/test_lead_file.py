"""Resumes: accepted types, and file names."""

import hashlib
import tracemalloc
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadtracker.domain.model.leads.lead_file import FileMetadata, LeadFile, Upload
from leadtracker.domain.model.values.file_kind import KINDS
from leadtracker.domain.model.values.filename import MAX_FILENAME_LENGTH, clean_filename
from tests.support.examples.sample_files import (
    DOCX,
    HEIC,
    HTML,
    JPG,
    PDF,
    SAMPLES,
    TXT,
    compound_file,
    make_zip,
    zip_bomb,
    zip_with_many_entries,
)


@pytest.mark.parametrize("extension", SAMPLES)
def test_type_is_known_by_name_and_content(extension: str) -> None:
    content = SAMPLES[extension]
    file = LeadFile.of(Upload(f"Ann Lee.{extension.upper()}", content))
    assert file.content == content
    assert file.metadata == FileMetadata(
        filename=f"Ann Lee.{extension.upper()}",
        content_type=KINDS[extension].content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("content", SAMPLES)
def test_content_of_another_kind_is_kept_under_its_true_kind(name: str, content: str) -> None:
    file = LeadFile.of(Upload(f"my.cv.{name}", SAMPLES[content]))
    assert file.metadata.filename == f"my.cv.{content}"
    assert file.metadata.content_type == KINDS[content].content_type
    assert file.content == SAMPLES[content]


@pytest.mark.parametrize(
    ("filename", "kept", "content"),
    [
        ("photo.JPEG", "photo.JPEG", JPG),
        ("photo.jfif", "photo.jfif", JPG),
        ("photo.heif", "photo.heif", HEIC),
        ("photo.heic", "photo.jpg", JPG),
        ("cv", "cv.pdf", PDF),
        ("", "resume.pdf", PDF),
        ("pdf", "pdf.pdf", PDF),
        ("scan.pdf", "scan.pdf", b"\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n" + PDF),
        ("scan.pdf", "scan.pdf", b" " * 1024 + PDF),
        ("cv.doc", "cv.doc", compound_file("WordDocument")),
        ("cv.doc", "cv.txt", "Zoë".encode("cp1252")),
        ("cv.txt", "cv.txt", "Zoë".encode("latin-1")),
        ("cv.txt", "cv.txt", "Zoë, Köln\r".encode("mac_roman")),
        ("cv.txt", "cv.txt", "Zoë".encode("utf-16")),
        ("cv.txt", "cv.txt", "Zoë".encode("utf-8-sig")),
    ],
)
def test_names_and_contents_of_real_files_are_understood(filename: str, kept: str, content: bytes) -> None:
    file = LeadFile.of(Upload(filename, content))
    assert (file.metadata.filename, file.content) == (kept, content)


@pytest.mark.parametrize(
    ("filename", "content"),
    [
        ("cv.pdf", HTML),
        ("cv.pdf", HTML + b"%PDF-1.7"),
        ("cv.pdf", b"\0" * 1025 + PDF),
        ("cv.doc", HTML),
        ("cv.doc", compound_file("Workbook")),
        ("mail.doc", compound_file("__properties_version1.0")),
        ("cv.docx", make_zip({"word/document.xml": b""})),
        ("cv.docx", DOCX[: len(DOCX) // 2]),
        ("cv.docx", b"PK\x03\x04"),
        ("cv.odt", make_zip({"content.xml": b"", "mimetype": b"application/vnd.oasis.opendocument.text"})),
        ("cv.txt", TXT + b"\0"),
        ("cv.txt", bytes(range(256))),
        ("photo.jpg", b"GIF89a\0\0"),
    ],
)
def test_file_of_no_known_kind_is_rejected(filename: str, content: bytes) -> None:
    with pytest.raises(ValueError, match=f"“{filename}” is not .* promises"):
        LeadFile.of(Upload(filename, content))


@pytest.mark.parametrize(
    ("filename", "content"),
    [
        *((name, PDF) for name in ("cv.html", "cv.exe", "cv.docm", "cv.pdf.exe")),
        ("cv", TXT),
        ("letter.eml", b"From: a@b.example\r\n\r\nHello"),
        ("table.xlsx", make_zip({"xl/workbook.xml": b""})),
    ],
)
def test_other_names_are_rejected(filename: str, content: bytes) -> None:
    with pytest.raises(ValueError, match=f"“{filename}” must be a file whose name ends in pdf, docx"):
        LeadFile.of(Upload(filename, content))


@pytest.mark.parametrize(
    ("filename", "content"),
    [
        ("cv.docx", compound_file("EncryptionInfo", "EncryptedPackage")),
        ("cv.doc", compound_file("EncryptedPackage")),
        ("cv.docx", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "EncryptedPackage".encode("utf-16-le")),
        ("cv.doc", compound_file("WordDocument", flags=0x0100)),
        (
            "cv.odt",
            make_zip(
                {
                    "mimetype": b"application/vnd.oasis.opendocument.text",
                    "content.xml": b"x",
                    "META-INF/manifest.xml": b"<manifest:encryption-data/>",
                }
            ),
        ),
    ],
)
def test_protected_documents_are_rejected_with_the_reason(filename: str, content: bytes) -> None:
    with pytest.raises(ValueError, match=f"“{filename}” is protected by a password"):
        LeadFile.of(Upload(filename, content))


def test_empty_file_is_no_resume() -> None:
    with pytest.raises(ValueError, match="empty"):
        LeadFile.of(Upload("cv.txt", b""))


def test_zip_bomb_is_not_unpacked() -> None:
    bomb = zip_bomb()
    tracemalloc.start()
    try:
        assert LeadFile.of(Upload("cv.docx", bomb)).metadata.size == len(bomb)
        assert tracemalloc.get_traced_memory()[1] < 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_zip_of_countless_names_is_rejected_before_they_are_read() -> None:
    archive = zip_with_many_entries()
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="promises"):
            LeadFile.of(Upload("cv.docx", archive))
        assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("cv.pdf", "cv.pdf"),
        ("../../etc/cv.pdf", "cv.pdf"),
        ("C:\\Users\\ann\\cv.pdf", "cv.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("cv\0.pdf", "cv.pdf"),
        ("cv\u202efdp.exe.pdf", "cvfdp.exe.pdf"),
        ("Zoe\u0308.pdf", "Zoë.pdf"),
        (".pdf", "resume.pdf"),
        ("..pdf", "resume.pdf"),
        ("cv.pdf. ", "cv.pdf"),
        ("..", "resume"),
        ("/", "resume"),
        ("\ud800.pdf", "resume.pdf"),
    ],
)
def test_file_names_are_sanitised(raw: str, cleaned: str) -> None:
    assert clean_filename(raw) == cleaned


def test_long_file_name_keeps_its_end() -> None:
    cleaned = clean_filename("x" * 10_000 + ".pdf")
    assert (len(cleaned), cleaned[-4:]) == (MAX_FILENAME_LENGTH, ".pdf")


@given(
    st.text(st.characters(), max_size=300)
    | st.lists(st.sampled_from("../\\ \r\n\u202ea"), max_size=400).map("".join)
)
def test_sanitised_name_is_harmless(raw: str) -> None:
    cleaned = clean_filename(raw)
    assert 1 <= len(cleaned) <= MAX_FILENAME_LENGTH
    assert not set(cleaned) & set("/\\\r\n\0")
    assert not {unicodedata.category(char) for char in cleaned} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert cleaned.strip(".")
    cleaned.encode()


@pytest.mark.parametrize("text", ["https://example.com/cv.pdf", "I can sew.\r\nAnd knit. \n", "北京"])
def test_text_resume_is_unchanged(text: str) -> None:
    file = LeadFile.read(text)
    assert file is not None
    assert file.content.decode() == text
    assert (file.metadata.filename, file.metadata.content_type) == ("resume.txt", "text/plain")


@pytest.mark.parametrize("text", ["", " \r\n"])
def test_blank_text_counts_as_missing(text: str) -> None:
    assert LeadFile.read(text) is None


@pytest.mark.parametrize("raw", [5, True, [], {}, "a\0b", "\ud800"])
def test_anything_else_is_rejected(raw: object) -> None:
    with pytest.raises(ValueError, match="must"):
        LeadFile.read(raw)
