"""The texts below the members of an enum, which Python itself does not keep."""

import ast
import inspect
from enum import StrEnum
from textwrap import dedent
from typing import cast

from tools.references.markdown import from_docstring


def member_docstrings(enum: type[StrEnum]) -> dict[str, str]:
    """Return the text below each member of an enum, by the member's value.

    Raises:
        ValueError: a member has no text.
    """
    definition = cast("ast.ClassDef", ast.parse(dedent(inspect.getsource(enum))).body[0])
    texts: dict[str, str] = {}
    for assignment, text in zip(definition.body, definition.body[1:], strict=False):
        if isinstance(assignment, ast.Assign) and isinstance(assignment.targets[0], ast.Name):
            texts[enum[assignment.targets[0].id].value] = _text(text)
    missing = [member.name for member in enum if not texts.get(member.value)]
    if missing:
        message = f"{enum.__name__}: write a docstring below {', '.join(missing)}"
        raise ValueError(message)
    return texts


def _text(node: ast.stmt) -> str:
    match node:
        case ast.Expr(value=ast.Constant(value=str() as text)):
            return from_docstring(text)
        case _:
            return ""
