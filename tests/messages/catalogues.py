"""Extract the marked texts of the package, and compare and update its catalogues with them."""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

from attrs import frozen
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from leadtracker.domain.model.deliveries.canary_detail import CanaryDetailCode
from leadtracker.domain.model.leads.fields import LEAD_FIELDS
from leadtracker.entrypoints.formats.labels import FIELD_LABELS, LABELS
from leadtracker.i18n.languages import DASHBOARD_LANGUAGES, LANGUAGES, SOURCE_LANGUAGE
from leadtracker.i18n.texts import CATALOGUES

PACKAGE = Path(__file__).parents[2] / "leadtracker"
PUBLIC, DASHBOARD = "public", "dashboard"
_KEYWORDS: Mapping[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "mark": None,
    "ngettext": (1, 2),
}
_JINJA_OPTIONS = {"silent": "false", "newstyle_gettext": "true"}
_PUBLIC_SOURCES = (
    "adapters/mail/templates/acknowledgement/*",
    "adapters/mail/templates/follow_up/*",
    "entrypoints/formats/field_messages.py",
    "entrypoints/http/web/public/forgot_password.py",
    "entrypoints/http/web/public/public_form.py",
    "entrypoints/http/web/public/provider_sign_in.py",
    "entrypoints/http/web/public/sign_in*.py",
    "entrypoints/http/web/rendering/error_pages.py",
    "entrypoints/http/web/rendering/form_errors.py",
    "entrypoints/http/web/rendering/server_errors.py",
    "entrypoints/http/web/templates/error.html",
    "entrypoints/http/web/templates/layout.html",
    "entrypoints/http/web/templates/message.html",
    "entrypoints/http/web/templates/public/base.html",
    "entrypoints/http/web/templates/public/choose_password.html",
    "entrypoints/http/web/templates/public/forgot_password.html",
    "entrypoints/http/web/templates/public/form*.html",
    "entrypoints/http/web/templates/public/sign_in*.html",
    "entrypoints/http/web/templates/public/thanks.html",
    "settings/settings.py",
)
"""Files whose texts prospects see, and users who have not signed in; all other texts are the dashboard's."""

MessageId = str | tuple[str, ...]


@frozen
class CatalogueFile:
    """The translations of one language, of the texts for prospects or of those for users."""

    language: str
    domain: str

    @property
    def path(self) -> Path:
        """The file."""
        return CATALOGUES / self.language / f"{self.domain}.po"

    def read(self) -> Catalog:
        """Return its messages; none if there is no file yet."""
        if not self.path.exists():
            return Catalog(locale=self.language)
        with self.path.open("rb") as file:
            return read_po(file, locale=self.language)

    def update(self) -> None:
        """Add new messages without a translation, and remove those that are not used any more."""
        catalog = self.read()
        catalog.update(_template(self.domain), no_fuzzy_matching=True)
        header = (
            'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
            f'"Language: {self.language}\\n"\n"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
        )
        with self.path.open("wb") as file:
            file.write(header.encode())
            write_po(
                file,
                catalog,
                width=0,
                no_location=True,
                omit_header=True,
                sort_output=True,
                ignore_obsolete=True,
            )

    def problems(self) -> Iterator[str]:
        """Yield a line for each message that is missing, not used, not translated or translated wrongly."""
        used = _used(self.domain)
        found = {_id(message.id): message for message in self.read() if message.id}
        for message_id in used - found.keys():
            yield self._problem("is missing; run make messages", message_id)
        for message_id, message in found.items():
            if message_id not in used:
                yield self._problem("is not used; run make messages", message_id)
            elif message.fuzzy or not _is_complete(message.string):
                yield self._problem("is not translated", message_id)
            for error in message.check():
                yield self._problem(str(error), message_id)

    def _problem(self, problem: str, message_id: MessageId) -> str:
        return f"{self.language}/{self.domain}.po: {message_id!r} {problem}"


def catalogue_files() -> Iterator[CatalogueFile]:
    """Yield every file that the product ships."""
    for domain, languages in ((PUBLIC, LANGUAGES), (DASHBOARD, DASHBOARD_LANGUAGES)):
        for language in languages:
            if language != SOURCE_LANGUAGE:
                yield CatalogueFile(language, domain)


def _id(message_id: str | Sequence[str]) -> MessageId:
    """Return the text, or the singular and the plural."""
    return message_id if isinstance(message_id, str) else tuple(message_id)


def _is_complete(translation: str | Sequence[str] | None) -> bool:
    """Return true if there is a text, and one for every plural form."""
    return translation is not None and all(translation) and bool(translation)


def _template(domain: str) -> Catalog:
    template = Catalog()
    for message_id in _used(domain):
        template.add(message_id)
    return template


@cache
def _used(domain: str) -> frozenset[MessageId]:
    """Return the messages of a domain; those of both count as public."""
    public = {message for path in _sources() if _is_public(path) for message in _messages(path)}
    public |= {field.public_label or field.label for field in LEAD_FIELDS if field.autocomplete}
    if domain == PUBLIC:
        return frozenset(public)
    users = {message for path in _sources() if not _is_public(path) for message in _messages(path)}
    users |= {text for field in LEAD_FIELDS for text in (field.label, field.hint) if text}
    users |= {text for labels in LABELS.values() for text in labels.values()} | set(FIELD_LABELS.values())
    users |= {code.sentence for code in CanaryDetailCode}
    return frozenset(users - public)


def _is_public(path: Path) -> bool:
    name = path.relative_to(PACKAGE).as_posix()
    return any(fnmatch(name, pattern) for pattern in _PUBLIC_SOURCES)


def _sources() -> Iterator[Path]:
    yield from sorted(PACKAGE.glob("**/templates/**/*.html"))
    yield from sorted(PACKAGE.glob("adapters/mail/templates/**/*.txt"))
    for path in sorted(PACKAGE.glob("**/*.py")):
        if "leadtracker.i18n" in path.read_text(encoding="utf-8"):
            yield path


def _messages(path: Path) -> Iterator[MessageId]:
    method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
    options = {} if path.suffix == ".py" else _JINJA_OPTIONS
    for _, message_id, _, _ in extract_from_file(method, str(path), _KEYWORDS, options=options):
        yield _id(message_id)
