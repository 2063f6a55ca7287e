"""Facts of the domain: fields, states, actions, roles, checks, problem types."""

from collections.abc import Iterator
from enum import StrEnum

from leadtracker.domain.errors import AuthenticationFailed, LeadTrackerError
from leadtracker.domain.model.accounts.access import PERMISSIONS, Permission, Role
from leadtracker.domain.model.consistency import Invariant
from leadtracker.domain.model.leads.fields import LEAD_FIELDS
from leadtracker.domain.model.leads.lifecycle import ALLOWED_TRANSITIONS, LeadState
from leadtracker.domain.use_cases.operations.check_health import HealthCheck
from leadtracker.entrypoints.http.middleware.problems import error_response_for
from tools.references.docstrings import member_docstrings
from tools.references.markdown import code, from_docstring, sentence, table


def members(enum: type[StrEnum], head: str) -> str:
    """Return a table of the members of an enum and the texts below them."""
    texts = member_docstrings(enum)
    return table((head, "meaning"), ((code(member.value), texts[member.value]) for member in enum))


def lead_fields() -> str:
    """Return the table of lead fields."""
    rows = (
        (
            code(field.name),
            "yes" if field.is_required else "",
            f"{field.max_length:,} characters",
            field.description,
        )
        for field in LEAD_FIELDS
    )
    return table(("field", "in every lead", "limit", "content"), rows)


def lead_states() -> str:
    """Return the table of states with their labels, meanings and transitions."""
    texts = member_docstrings(LeadState)
    rows = (
        (code(state.value), state.label, texts[state], ", ".join(code(one.value) for one in allowed))
        for state, allowed in ALLOWED_TRANSITIONS.items()
    )
    return table(("state", "shown as", "meaning", "may become"), rows)


def roles() -> str:
    """Return the table of roles, and who has which permission."""
    texts = member_docstrings(Permission)
    rows = (
        (sentence(texts[one]), *("yes" if one in PERMISSIONS[role] else "" for role in Role))
        for one in sorted(Permission, key=lambda one: sum(one not in PERMISSIONS[role] for role in Role))
    )
    heads = ("permission", *(code(role.value) for role in Role))
    return members(Role, "role") + "\n" + table(heads, rows)


def stored_data_checks() -> str:
    """Return the table of the checks of stored data."""
    return table(("check", "passes if"), ((code(one.value), sentence(one.meaning)) for one in Invariant))


def health_checks() -> str:
    """Return the table of the health checks."""
    texts = member_docstrings(HealthCheck)
    return table(("check", "passes if"), ((code(one.value), texts[one.value]) for one in HealthCheck))


def problems() -> str:
    """Return the table of problem types, by status."""
    rows = {
        (error_response.status, error.code, from_docstring(error.__doc__ or ""))
        for error in _errors(LeadTrackerError)
        if (error_response := error_response_for(error)) is not None
    }
    return table(("status", "code", "meaning"), ((str(s), code(c), text) for s, c, text in sorted(rows)))


def _errors(base: type[LeadTrackerError]) -> Iterator[type[LeadTrackerError]]:
    # What is behind a failed authentication reaches no client: all of it is `authentication-failed`.
    for error in () if base is AuthenticationFailed else base.__subclasses__():
        yield error
        yield from _errors(error)
