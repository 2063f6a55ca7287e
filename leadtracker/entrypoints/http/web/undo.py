"""Undo of state changes: the page after a change offers a button that moves the lead back."""

from flask import flash

from leadtracker.domain.model.leads.lead import Lead

UNDO = "undo"
"""The category of the flashed texts that ``dashboard_base.html`` shows as a button."""


def offer_undo(before: Lead, after: Lead, back: str = "lead") -> None:
    """Offer to move a lead back to the state before a change; every transition has one that undoes it.

    The button sends the version after the change, so that it cannot undo the change of another user.

    Args:
        before: the lead before the change.
        after: the lead after the change.
        back: the page to return to, ``lead`` or ``board``.
    """
    if before.state is not after.state:
        flash(f"{after.id} {after.version} {before.state} {back}", UNDO)
