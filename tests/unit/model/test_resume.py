"""Resumes: accepted types, and file names."""

import hashlib
import tracemalloc
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadtracker.domain.model.leads.resume import (
    MAX_FILENAME_LENGTH,
    Resume,
    ResumeFile,
    Upload,
    clean_filename,
)
from leadtracker.domain.model.values.resume_kind import KINDS
from tests.support.sample_files import (
    DOCX,
    HTML,
    ODT,
    PDF,
    SAMPLES,
    TXT,
    make_zip,
    zip_bomb,
    zip_with_many_entries,
)


@pytest.mark.parametrize("extension", SAMPLES)
def test_type_is_known_by_name_and_content(extension: str) -> None:
    content = SAMPLES[extension]
    file = ResumeFile.of(Upload(f"Ann Lee.{extension.upper()}", content))
    assert file.content == content
    assert file.resume == Resume(
        filename=f"Ann Lee.{extension.upper()}",
        content_type=KINDS[extension].content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("content", SAMPLES)
def test_the_content_of_one_kind_is_rejected_under_the_name_of_another(name: str, content: str) -> None:
    if name != content and (name, content) != ("txt", "rtf") and (name, content) != ("txt", "pdf"):
        with pytest.raises(ValueError, match="promises"):
            ResumeFile.of(Upload(f"cv.{name}", SAMPLES[content]))


@pytest.mark.parametrize(
    ("filename", "content"),
    [
        ("cv.pdf", HTML),
        ("cv.pdf", HTML + b"%PDF-1.7"),
        ("cv.doc", HTML),
        ("cv.docx", ODT),
        ("cv.docx", make_zip({"word/document.xml": b""})),
        ("cv.docx", DOCX[: len(DOCX) // 2]),
        ("cv.docx", b"PK\x03\x04"),
        ("cv.docx", HTML + DOCX),
        ("cv.odt", make_zip({"content.xml": b"", "mimetype": b"application/vnd.oasis.opendocument.text"})),
        ("cv.txt", "Zoë".encode("latin-1")),
        ("cv.txt", TXT + b"\0"),
        ("cv.txt", "é".encode()[:1]),
        ("cv.txt", "Zoë".encode("utf-16")),
        ("cv.rtf", b"rtf"),
    ],
)
def test_what_is_not_what_its_name_says_is_rejected(filename: str, content: bytes) -> None:
    with pytest.raises(ValueError, match="promises"):
        ResumeFile.of(Upload(filename, content))


@pytest.mark.parametrize("filename", ["cv.html", "cv.exe", "cv.docm", "cv", "", "pdf", ".", "cv.pdf.exe"])
def test_other_names_are_rejected(filename: str) -> None:
    with pytest.raises(ValueError, match="ends in pdf, docx"):
        ResumeFile.of(Upload(filename, PDF))


def test_empty_file_is_no_resume() -> None:
    with pytest.raises(ValueError, match="empty"):
        ResumeFile.of(Upload("cv.txt", b""))


def test_zip_bomb_is_not_unpacked() -> None:
    bomb = zip_bomb()
    tracemalloc.start()
    try:
        assert ResumeFile.of(Upload("cv.docx", bomb)).resume.size == len(bomb)
        assert tracemalloc.get_traced_memory()[1] < 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_zip_of_countless_names_is_rejected_before_they_are_read() -> None:
    archive = zip_with_many_entries()
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="promises"):
            ResumeFile.of(Upload("cv.docx", archive))
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
    file = ResumeFile.read(text)
    assert file is not None
    assert file.content.decode() == text
    assert (file.resume.filename, file.resume.content_type) == ("resume.txt", "text/plain")


@pytest.mark.parametrize("text", ["", " \r\n"])
def test_blank_text_counts_as_missing(text: str) -> None:
    assert ResumeFile.read(text) is None


@pytest.mark.parametrize("raw", [5, True, [], {}, "a\0b", "\ud800"])
def test_anything_else_is_rejected(raw: object) -> None:
    with pytest.raises(ValueError, match="must"):
        ResumeFile.read(raw)
