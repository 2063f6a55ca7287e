"""The steps after the first start that the dashboard lists for admins until all of them are done."""

from attrs import frozen

from leadtracker.i18n.texts import gettext as _
from leadtracker.settings import Settings


@frozen
class SetupStep:
    """One step.

    Attributes:
        text: what to do, in the language in use.
        reason: what happens until then, a whole sentence.
        how: the variable to set, or the command to run.
    """

    text: str
    reason: str
    how: str
    is_done: bool


def setup_steps(settings: Settings) -> list[SetupStep]:
    """Return all steps, done or not, the most important first."""
    return [
        SetupStep(
            _("Name the mail server"),
            _(
                "Until then e-mails are written to files in %(folder)s, and reach no one.",
                folder=settings.mail_folder,
            ),
            "LEADTRACKER_SMTP_URL",
            settings.has_mail_server,
        ),
        SetupStep(
            _("Choose who is notified of new leads"),
            _("Until then new leads are on these pages only."),
            "LEADTRACKER_NOTIFY",
            bool(settings.notify_addresses),
        ),
        SetupStep(
            _("Name your organisation"),
            _("Until then the form and the e-mails to prospects do not say who you are."),
            "LEADTRACKER_ORGANISATION",
            bool(settings.organisation),
        ),
        SetupStep(
            _("Set your time zone"),
            _("Until then times are shown, and weeks begin, in %(zone)s.", zone=settings.timezone),
            "LEADTRACKER_TIMEZONE",
            "timezone" in settings.model_fields_set,
        ),
        SetupStep(
            _("Make a backup, and repeat it every day"),
            _("No backup has been made with this command so far."),
            "leadtracker backup",
            settings.backup_marker.exists(),
        ),
    ]
