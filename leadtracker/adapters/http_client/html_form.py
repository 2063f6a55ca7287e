"""Forms of HTML pages, as a browser without scripts sees them."""

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

from attrs import define, field

_NOT_SENT = frozenset({"submit", "button", "image", "reset"})

Attributes = Mapping[str, str | None]


@define
class HtmlForm:
    """A form: where it posts to, and its inputs with the values that they have on the page.

    Attributes:
        action: the URL as it is written on the page.
        texts: the value of each hidden or text input by its name.
        files: the names of the file inputs.
        required_checkboxes: the value of each checkbox that has to be ticked, by its name.
    """

    action: str
    texts: dict[str, str] = field(factory=dict)
    files: list[str] = field(factory=list)
    required_checkboxes: dict[str, str] = field(factory=dict)


class _PageParser(HTMLParser):
    """Collects the forms that post, and the texts that a page shows as errors."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[HtmlForm] = []
        self.alerts: list[str] = []
        self._form: HtmlForm | None = None
        self._alert_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "form" and (attributes.get("method") or "").lower() == "post":
            self._form = HtmlForm(attributes.get("action") or "")
            self.forms.append(self._form)
        elif tag == "div" and (self._alert_depth or attributes.get("role") == "alert"):
            self._alert_depth += 1
        elif self._form is not None and tag in {"input", "textarea"} and "disabled" not in attributes:
            _add_input(self._form, tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "div" and self._alert_depth:
            self._alert_depth -= 1

    def handle_data(self, data: str) -> None:
        if self._alert_depth and data.strip():
            self.alerts.append(" ".join(data.split()))


def find_forms(page: str) -> list[HtmlForm]:
    """Return the forms of a page that post, in their order."""
    return _parse(page).forms


def find_alerts(page: str) -> Iterator[str]:
    """Yield the texts of a page that are marked as alerts, such as the errors of a form."""
    yield from _parse(page).alerts


def _parse(page: str) -> _PageParser:
    parser = _PageParser()
    parser.feed(page)
    parser.close()
    return parser


def _add_input(form: HtmlForm, tag: str, attributes: Attributes) -> None:
    name = attributes.get("name")
    kind = (attributes.get("type") or "text").lower() if tag == "input" else "text"
    if not name or kind in _NOT_SENT:
        return
    if kind == "file":
        form.files.append(name)
    elif kind in {"checkbox", "radio"}:
        if "required" in attributes:
            form.required_checkboxes[name] = attributes.get("value") or "on"
    else:
        form.texts[name] = attributes.get("value") or ""
