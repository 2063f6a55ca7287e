"""The steps after the first start that the dashboard lists for admins until all of them are done."""

from attrs import evolve, frozen
from flask import url_for

from leadtracker.i18n.texts import gettext as _
from leadtracker.settings import Settings


@frozen
class SetupStep:
    """One step.

    Attributes:
        text: what to do, in the language in use.
        reason: what happens until then, a whole sentence.
        how: the variable to set, with an example, or the command to run.
        url: the page that shows the effect; empty without one.
        link: the text of the link to it.
    """

    text: str
    reason: str
    how: str
    is_done: bool
    url: str = ""
    link: str = ""


def setup_steps(settings: Settings, *, takes_mail: bool) -> list[SetupStep]:
    """Return all steps, done or not, the most important first; none if all settings are made.

    Args:
        settings: the settings.
        takes_mail: false if the mail server that the settings name cannot be used.
    """
    steps = [
        _mail_server(settings),
        SetupStep(
            _("Choose who is notified of new leads"),
            _("Until then new leads are on these pages only."),
            "LEADTRACKER_NOTIFY=ann@firm.example, bob@firm.example",
            bool(settings.notify_addresses),
        ),
        SetupStep(
            _("Name your organisation"),
            _("Until then the form and the e-mails to prospects do not say who you are."),
            "LEADTRACKER_ORGANISATION=Lee & Partners",
            bool(settings.organisation),
            url_for("public_form.form"),
            _("Public form"),
        ),
        SetupStep(
            _("Set your time zone"),
            _("Until then times are shown, and weeks begin, in %(zone)s.", zone=settings.timezone),
            "LEADTRACKER_TIMEZONE=Europe/Berlin",
            "timezone" in settings.model_fields_set,
        ),
        SetupStep(
            _("Make a backup, and repeat it every day"),
            _("No backup has been made with this command so far."),
            "leadtracker backup --keep 14 backups",
            settings.backup_marker.exists(),
        ),
    ]
    if all(step.is_done for step in steps):
        return []
    return steps if takes_mail else [evolve(steps[0], is_done=False), *steps[1:]]


def _mail_server(settings: Settings) -> SetupStep:
    how = "LEADTRACKER_SMTP_URL=smtp://leads%40firm.example:PASSWORD@mail.firm.example:587"
    if settings.has_mail_server:
        reason, url = _("The mail server cannot be used."), url_for("delivery_pages.listing")
        return SetupStep(
            _("Name the mail server"),
            reason,
            how,
            is_done=True,
            url=f"{url}#test-title",
            link=_("Send a test e-mail"),
        )
    folder = settings.mail_folder
    reason = _("Until then e-mails are written to files in %(folder)s, and reach no one.", folder=folder)
    return SetupStep(_("Name the mail server"), reason, how, is_done=False)
