"""The query parameters of pages, which themselves show what is invalid in their URLs."""

from collections.abc import Mapping
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from leadtracker.domain.errors import InvalidInput
from leadtracker.entrypoints.formats.field_messages import field_messages
from leadtracker.entrypoints.http.middleware.language import LANGUAGE_PARAMETER
from leadtracker.entrypoints.http.requests.query import QueryParams

Params = TypeVar("Params", bound=QueryParams)


def read_page_params(
    model: type[Params], args: "MultiDict[str, str]", **context: object
) -> tuple[Params | None, Mapping[str, str]]:
    """Read the parameters of a page, besides the one that chooses its language.

    Args:
        model: the parameters.
        args: as for ``QueryParams.read``.
        context: as for ``QueryParams.read``.

    Returns:
        The parameters, None if one is invalid; and the sentence about each invalid one.
    """
    others = MultiDict([item for item in args.items(multi=True) if item[0] != LANGUAGE_PARAMETER])
    try:
        return model.read(others, **context), {}
    except InvalidInput as error:
        return None, field_messages(error)
