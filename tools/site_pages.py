"""Hooks of MkDocs: the site has pages for files beside ``docs/`` and lists every decision record.

Links keep working in both places: in the repository they lead to files, on the site to pages.
"""

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
# The file in the repository, and the page that shows it.
PAGES = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "CODE_OF_CONDUCT.md": "code-of-conduct.md",
    "SECURITY.md": "security-policy.md",
    "tests/README.md": "tests.md",
}
_RECORD = re.compile(r"\d{4}-[a-z0-9-]+\.md")
_LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Add the decision records to the section of the navigation that ends with their index."""
    folder = Path(config.docs_dir) / "decisions"
    records = sorted(path.name for path in folder.iterdir() if _RECORD.fullmatch(path.name))
    for entry in config.nav or []:
        if "Decisions" in entry:
            entry["Decisions"] += [f"decisions/{name}" for name in records]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are files beside ``docs/``."""
    for source, page in PAGES.items():
        files.append(File.generated(config, page, content=(ROOT / source).read_text(encoding="utf-8")))
    return files


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Name the search dialog for screen readers; the theme leaves it without a name."""
    del page, config
    dialog = 'data-md-component="search" role="dialog"'
    return output.replace(dialog, f'{dialog} aria-label="Search"')


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let links lead to pages of the site."""
    del files
    docs = Path(config.docs_dir)
    sources = {target: ROOT / source for source, target in PAGES.items()}
    source = sources.get(page.file.src_uri, docs / page.file.src_uri)
    depth = page.file.src_uri.count("/")

    def on_site(match: re.Match[str]) -> str:
        target, anchor = match[1], match[2] or ""
        if ":" in target:
            return match[0]
        path = (source.parent / target).resolve()
        if path.is_relative_to(docs):
            uri = path.relative_to(docs).as_posix()
        else:
            uri = PAGES.get(path.relative_to(ROOT).as_posix(), target)
        return f"]({'../' * depth}{uri}{anchor})"

    return _LINK.sub(on_site, markdown)
