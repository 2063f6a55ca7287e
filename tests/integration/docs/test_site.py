"""The documentation site: complete, and without anything from the net."""

from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).parents[3]
# The attributes by which each element loads something when the page is opened.
_LOADS = {
    "audio": "src",
    "iframe": "src",
    "img": "src",
    "link": "href",
    "script": "src",
    "source": "src",
    "video": "src",
}


class _LoadedFiles(HTMLParser):
    """Collects the addresses that a page loads when it is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get(_LOADS.get(tag, ""))
        if address:
            self.addresses.append(address)


def loaded_files(page: Path) -> list[str]:
    parser = _LoadedFiles()
    parser.feed(page.read_text(encoding="utf-8"))
    return parser.addresses


def locked(name: str) -> set[str]:
    """Return the packages of a lock, each with its version."""
    lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
    return {line.rstrip(" \\") for line in lines if "==" in line and not line.startswith((" ", "#"))}


def test_lock_of_the_site_is_a_part_of_the_lock_of_developers() -> None:
    assert locked("docs.txt")
    assert locked("docs.txt") - locked("dev.txt") == set()


def test_every_markdown_file_is_a_page(built_site: Path) -> None:
    pages = {page.parent.relative_to(built_site).as_posix() for page in built_site.rglob("index.html")}
    files = [path.relative_to(ROOT / "docs").with_suffix("") for path in (ROOT / "docs").rglob("*.md")]
    expected = {(file.parent if file.name in {"index", "README"} else file).as_posix() for file in files}
    assert expected | {"changelog", "contributing"} <= pages
    assert len(pages) >= 25


def test_columns_of_tables_have_names(built_site: Path) -> None:
    pages = [page for page in built_site.rglob("*.html") if "<th></th>" in page.read_text(encoding="utf-8")]
    assert pages == []


def test_pages_load_nothing_from_net(built_site: Path) -> None:
    loaded = {address for page in built_site.rglob("*.html") for address in loaded_files(page)}
    assert loaded
    assert [address for address in loaded if "//" in address] == []


def test_style_sheets_load_nothing_from_the_net(built_site: Path) -> None:
    sheets = list(built_site.rglob("*.css"))
    assert sheets
    assert [
        sheet for sheet in sheets if "url(http" in sheet.read_text() or "@import" in sheet.read_text()
    ] == []
