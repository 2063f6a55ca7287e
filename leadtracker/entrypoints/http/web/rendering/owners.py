"""The choices of an owner in forms and filters."""

from collections.abc import Collection

from leadtracker.entrypoints.http.requests.lead_params import OWNER_ME, OWNER_NONE
from leadtracker.i18n.texts import gettext as _


def owner_filters(names: Collection[str], chosen: str) -> list[tuple[str, str]]:
    """Return what a filter by owner offers, each value with its text.

    Args:
        names: the users who may own leads.
        chosen: the value of the filter; it is offered although that user may be disabled by now.
    """
    fixed = [("", _("Anyone")), (OWNER_ME, _("Me")), (OWNER_NONE, _("No owner"))]
    others = [] if chosen in {*dict(fixed), *names} else [chosen]
    return [*fixed, *((name, name) for name in [*names, *others])]


def chosen_owner(text: str) -> str | None:
    """Return the owner that a form names; None for no owner."""
    return None if text in {"", OWNER_NONE} else text
