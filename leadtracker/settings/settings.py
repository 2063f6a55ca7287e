"""The settings as the program uses them: parsed, split and combined."""

from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.model.deliveries.email import Mailbox
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.i18n.texts import gettext as _
from leadtracker.i18n.texts import language_in_use, mark
from leadtracker.settings.checks import (
    CONSENT,
    NO_DIGEST,
    NO_REPORT,
    parse_retention,
    split_addresses,
    split_fields,
    split_list,
)
from leadtracker.settings.form_texts import text_in
from leadtracker.settings.identity_checks import split_roles
from leadtracker.settings.schema import SettingsFields
from leadtracker.settings.sources import DOTENV
from leadtracker.settings.url_checks import split_folder, split_origins

_CANARY_TIME = time(6)  # before the digest, which reports a failure
_DEFAULT_CONSENT = mark("I agree that my details are stored to answer my request.")


class Settings(SettingsFields):
    """All settings, and what follows from them."""

    @property
    def audit_retention(self) -> timedelta | None:
        """For how long entries of the audit log are kept; None keeps them forever."""
        return timedelta(days=self.audit_retention_days) if self.audit_retention_days else None

    @property
    def max_upload_bytes(self) -> int:
        """Maximum size of a resume."""
        return self.max_upload_mb * 1024 * 1024

    @property
    def min_free_disk_bytes(self) -> int:
        """Free disk space that files must leave."""
        return self.min_free_disk_mb * 1024 * 1024

    @property
    def data_folders(self) -> tuple[Path, ...]:
        """The folders of this machine in which data is stored."""
        resumes = [] if self.resumes_folder is None else [self.resumes_folder]
        return (self.data_dir.absolute(), *self.database_folders, *resumes)

    @property
    def database_folders(self) -> tuple[Path, ...]:
        """The folder of the SQLite database; none if a server has the database."""
        scheme, _, path = self.database.partition(":///")
        return (Path(unquote(path)).absolute().parent,) if scheme == "sqlite" else ()

    @property
    def private_paths(self) -> tuple[Path, ...]:
        """The folders and files of this machine that hold personal data or secrets."""
        scheme, _, path = self.database.partition(":///")
        database = [Path(unquote(path)).absolute()] if scheme == "sqlite" else []
        resumes = [] if self.resumes_folder is None else [self.resumes_folder]
        return (self.data_dir.absolute(), *database, *resumes, Path(DOTENV).absolute())

    @property
    def database(self) -> str:
        """The database URL, with its password."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir.absolute() / 'leadtracker.db'}"

    @property
    def secret_key_path(self) -> Path:
        """The file of the generated secret key."""
        return self.data_dir.absolute() / "secret_key"

    @property
    def backup_key(self) -> bytes | None:
        """The key that signs backups; None without a configured one, as a new machine could not check it."""
        return None if self.secret_key is None else self.secret_key.get_secret_value().encode()

    @property
    def configured_api_key(self) -> str | None:
        """The secret of the API key in ``API_KEY``; None without one."""
        return None if self.api_key is None else self.api_key.get_secret_value()

    @property
    def provider_host(self) -> str | None:
        """The host of the OpenID provider, by which users recognise it; None without one."""
        return None if self.oidc_issuer is None else urlsplit(self.oidc_issuer).netloc

    @property
    def oidc_role_of_groups(self) -> Mapping[str, Role]:
        """The roles in ``OIDC_ROLES``, by the values of the claim."""
        return split_roles(self.oidc_roles)

    @property
    def oidc_session_age(self) -> timedelta:
        """Age from which a session that began at the OpenID provider is over."""
        return timedelta(minutes=self.oidc_session_minutes)

    @property
    def only_password_user(self) -> str | None:
        """The one user who may sign in with a password; None if all may."""
        return None if self.password_sign_in == "on" else self.admin_username  # noqa: S105 - is a choice

    @property
    def one_time_password_issuer(self) -> str:
        """The name that authenticator apps show for this installation."""
        return f"LeadTracker {self.organisation}" if self.organisation else "LeadTracker"

    @property
    def notify_addresses(self) -> tuple[str, ...]:
        """The addresses in ``NOTIFY``."""
        return split_addresses(self.notify)

    @property
    def report_addresses(self) -> tuple[str, ...] | None:
        """Addresses that get the weekly report; None stands for those of the admins."""
        if self.report_to == NO_REPORT:
            return ()
        return split_addresses(self.report_to) or self.notify_addresses or None

    @property
    def required(self) -> frozenset[str]:
        """The fields in ``REQUIRED_FIELDS``."""
        return split_fields(self.required_fields)

    @property
    def retention_months(self) -> dict[LeadState, int]:
        """The months in ``RETENTION``, by state; empty keeps all leads."""
        return parse_retention(self.retention)

    def form_text(self, setting: str | None) -> str | None:
        """Return the text of the form in ``setting``, in the language in use; None without one."""
        return text_in(setting, language_in_use(), self.language)

    def consent(self) -> str | None:
        """Return the consent that the form asks for, in the language in use; None if it asks for none."""
        default = _(_DEFAULT_CONSENT) if CONSENT in self.required else None
        return self.form_text(self.consent_text) or default

    @property
    def reply_address(self) -> str | None:
        """The address for replies of prospects; None for that of the sender."""
        return self.reply_to or next(iter(self.notify_addresses), None)

    @property
    def mail_domain(self) -> str:
        """The domain of the sender of mails."""
        return Mailbox.parse(self.mail_from).domain

    @property
    def canary_time(self) -> time | None:
        """Local time of the daily test of the form; None if it is off."""
        return _CANARY_TIME if self.canary == "on" else None

    @property
    def canary_address(self) -> str:
        """The address that gets the acknowledgement of a test."""
        sender = Mailbox.parse(self.mail_from)
        return self.canary_email or f"{sender.local}@{sender.domain}"

    @property
    def digest_time(self) -> time | None:
        """Local time of the daily digest; None if it is off."""
        return None if self.digest_at == NO_DIGEST else time.fromisoformat(self.digest_at)

    @property
    def untouched_for(self) -> timedelta:
        """Age from which a lead without any work is in the digest."""
        return timedelta(hours=self.untouched_hours)

    @property
    def resumes_folder(self) -> Path | None:
        """The folder of resumes; None if they are stored elsewhere."""
        return split_folder(self.resumes_url)

    @property
    def webhook_endpoints(self) -> tuple[str, ...]:
        """The URLs that receive lead events."""
        return split_list(self.webhook_urls)

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """The secrets that sign lead events."""
        return split_list(self.webhook_secret)

    @property
    def cors_sites(self) -> tuple[str, ...]:
        """The origins whose scripts may send leads."""
        return split_origins(self.cors_origins)

    @property
    def embedding_sites(self) -> tuple[str, ...]:
        """The origins whose pages may embed the form."""
        return split_origins(self.embed_origins)

    @property
    def redirect_sites(self) -> tuple[str, ...]:
        """The origins to which a form may redirect."""
        return split_origins(self.redirect_origins)

    @property
    def has_mail_server(self) -> bool:
        """True if mails are sent, not written to files."""
        return self.smtp_url is not None

    @property
    def backup_marker(self) -> Path:
        """An empty file whose time is that of the last backup by the command ``backup``."""
        return self.data_dir.absolute() / "last_backup"

    @property
    def mail_folder(self) -> Path:
        """The folder of mails when there is no mail server."""
        return self.data_dir.absolute() / "mail"

    @property
    def is_https(self) -> bool:
        """True if clients are known to use TLS."""
        return self.base_url.startswith("https://")

    @property
    def base_url(self) -> str:
        """Address of the application, without a trailing slash."""
        if self.public_url is not None:
            return self.public_url.rstrip("/")
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - is compared only
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"
