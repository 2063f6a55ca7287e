"""The variables of mail templates, apart from the lead itself."""

import re
import traceback
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from jinja2 import Template

from leadtracker.domain.model.accounts.account import ApiKey, user_name_of
from leadtracker.domain.model.accounts.account_change import AccountChange, AccountNotice
from leadtracker.domain.model.deliveries.digest import MAX_COUNTED, RetentionSummary
from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.leads.inputs.answers import Answer
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.i18n.texts import mark

_BLOCKS = "▁▂▃▄▅▆▇█"
CHART_HEIGHT = 48
"""The height of the chart in a weekly report, in pixels."""
_NAME = re.compile(r"[^\W\d_]+\.?(?:[ '\u2019-]{1,2}[^\W\d_]+\.?){0,4}")
_MAX_GREETING_LENGTH = 40
_EVENTS = {
    AccountChange.PASSWORD: mark("The password of the user %(user)s was changed on %(time)s."),
    AccountChange.SECOND_FACTOR_ENABLED: mark("The user %(user)s has a second factor since %(time)s."),
    AccountChange.SECOND_FACTOR_REMOVED: mark(
        "The second factor of the user %(user)s was removed on %(time)s."
    ),
    AccountChange.EMAIL: mark("The e-mail address of the user %(user)s was changed on %(time)s."),
}


def chart_of(numbers: Sequence[int]) -> list[tuple[int, int, str]]:
    """Return each number with its height in a chart, in pixels and as a block of Unicode."""
    highest = max([*numbers, 1])
    return [
        (number, max(1, number * CHART_HEIGHT // highest), _BLOCKS[number * (len(_BLOCKS) - 1) // highest])
        for number in numbers
    ]


def lines_of(answer: Answer) -> str:
    """Return an answer, whose values have a line each."""
    return answer if isinstance(answer, str) else "\n".join(answer)


def scheduled(follow_up: FollowUp) -> Mapping[str, Any]:
    """Return what templates show of a scheduled follow-up."""
    planned_by = user_name_of(follow_up.created_by) or follow_up.created_by
    return {"due_at": follow_up.due_at, "note": follow_up.note, "planned_by": planned_by}


def listing(shown: list[dict[str, Any]], number: int) -> Mapping[str, Any]:
    """Return a list of a digest with its number, which may be larger."""
    return {"shown": shown, "number": min(number, MAX_COUNTED), "is_more": number > MAX_COUNTED}


def retention_of(summary: RetentionSummary | None) -> Mapping[str, str] | None:
    """Return the numbers of retention as texts; None without a summary."""
    if summary is None:
        return None
    return {
        name: f"{MAX_COUNTED}+" if number > MAX_COUNTED else str(number)
        for name, number in (("erased", summary.erased), ("soon", summary.soon))
    }


def line_of(error: Exception, template: Template) -> str:
    """Return the line of the template that raised the error, if known, as a phrase."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == template.filename]
    return f" in line {lines[-1]}" if lines else ""


def for_prospect(lead: Lead) -> Mapping[str, Any]:
    """Return what mails to a prospect may show: the first name, if it looks like one."""
    name = lead.first_name
    is_a_name = len(name) <= _MAX_GREETING_LENGTH and _NAME.fullmatch(name)
    return {"lead": {"first_name": name if is_a_name else ""}}


def account_change_of(text: str, at: datetime) -> Mapping[str, Any]:
    """Return what templates show of a change of an account; ``event`` is to be translated."""
    notice = AccountNotice.parse(text)
    return {"event": _EVENTS[notice.change], "user": notice.user, "at": at}


def keys_of(keys: Sequence[ApiKey]) -> list[Mapping[str, Any]]:
    """Return what a digest shows of API keys that expire soon."""
    return [{"name": key.name, "expires_at": key.expires_at} for key in keys]
