"""The settings: their reference, and the file ``.env.example``."""

import re
from collections.abc import Iterator
from textwrap import wrap
from typing import Literal, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from leadtracker.settings import PREFIX, Settings
from tools.references.markdown import code, table

# Each section begins with this setting and ends before the next one: a new setting belongs to the section in
# which `Settings` declares it.
_SECTIONS = {
    "organisation": "Your business",
    "database_url": "Database and files",
    "host": "Web server",
    "admin_username": "First admin",
    "oidc_issuer": "Sign-in",
    "form_heading": "Texts of the public form",
    "login_rate_limit": "Rate limits",
    "retention": "Leads and other sites",
    "smtp_url": "E-mail",
    "webhook_urls": "Webhooks",
    "retool_url": "Weekly report",
    "log_format": "Logging",
}
_WIDTH = 110


def settings_tables() -> str:
    """Return a heading and a table for each section."""
    return "\n".join(
        f"## {title}\n\n" + table(("setting", "default", "meaning"), map(_row, names))
        for title, names in _sections()
    )


def env_example() -> str:
    """Return the file ``.env.example``: every setting with its default or, without one, an example."""
    introduction = (
        "Copy this file to .env and change what you need. Every line shows the default or, where there is "
        "none, an example. A secret can also come from a file: LEADTRACKER_ADMIN_PASSWORD_FILE names it."
    )
    blocks = [_comment(introduction)]
    for title, names in _sections():
        blocks.append(f"# {title}\n# {'-' * len(title)}\n")
        blocks += [
            f"{_comment(_meaning(name, quoted=False))}# {_variable(name)}={_value(name)}\n" for name in names
        ]
    return "\n".join(blocks)


def _sections() -> Iterator[tuple[str, list[str]]]:
    names: list[str] = []
    title = ""
    for name in Settings.model_fields:
        if name in _SECTIONS:
            if names:
                yield title, names
            title, names = _SECTIONS[name], []
        names.append(name)
    yield title, names


def _row(name: str) -> tuple[str, str, str]:
    return code(_variable(name)), code(_default(Settings.model_fields[name])), _meaning(name, quoted=True)


def _meaning(name: str, *, quoted: bool) -> str:
    info = Settings.model_fields[name]
    text = f"{info.description} {_range(info)}".strip()
    return text if quoted else text.replace("`", "")


def _range(info: FieldInfo) -> str:
    """Return a sentence about the values that are allowed; empty if the type does not limit them."""
    choices = [choice for part in (info.annotation, *get_args(info.annotation)) for choice in _choices(part)]
    if choices:
        *others, last = map(code, choices)
        is_explained = all(code(choice) in (info.description or "") for choice in choices)
        return "" if is_explained else f"One of {', '.join(others)} or {last}."
    low = next((rule.ge for rule in info.metadata if isinstance(rule, Ge)), None)
    high = next((rule.le for rule in info.metadata if isinstance(rule, Le)), None)
    return f"From {low} to {high:,}." if high is not None else ""


def _choices(annotation: object) -> tuple[str, ...]:
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def _variable(name: str) -> str:
    return f"{PREFIX}{name.upper()}"


def _value(name: str) -> str:
    info = Settings.model_fields[name]
    value = _default(info) or str((info.examples or [""])[0])
    if not value:
        message = f"the setting {name} has neither a default nor an example"
        raise ValueError(message)
    return value


def _default(info: FieldInfo) -> str:
    """Return the default; empty if there is none, or if it depends on the machine."""
    value = None if info.default_factory else info.default
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return "" if value is None else str(value)


def _comment(text: str) -> str:
    lines = wrap(re.sub(r"\s+", " ", text), _WIDTH, break_long_words=False, break_on_hyphens=False)
    return "".join(f"# {line}\n" for line in lines)
