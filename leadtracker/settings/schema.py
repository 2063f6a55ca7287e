"""Every setting, with its type, default and description."""

import os
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from leadtracker.domain.model.deliveries.email import Mailbox
from leadtracker.i18n.languages import SOURCE_LANGUAGE, Language
from leadtracker.settings.checks import (
    CONSENT,
    DATABASE,
    NO_DIGEST,
    REQUIRABLE,
    check_address,
    check_addresses,
    check_admin_password,
    check_database_url,
    check_header_value,
    check_http_url,
    check_mailbox,
    check_origins,
    check_public_url,
    check_rate_limit,
    check_rate_limit_storage,
    check_region,
    check_required_fields,
    check_resumes_url,
    check_smtp_url,
    check_time_of_day,
    check_webhook_secret,
    check_webhook_urls,
    parse_zone,
    split_addresses,
    split_fields,
    split_folder,
    split_list,
    split_origins,
)
from leadtracker.settings.sources import DOTENV, PREFIX, FileSource

_DEFAULT_CONSENT = "I agree that my details are stored to answer my request."


class Settings(BaseSettings):
    """All settings, validated."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=DOTENV, env_ignore_empty=True, extra="ignore", frozen=True
    )

    database_url: Annotated[SecretStr | None, AfterValidator(check_database_url)] = Field(
        default=None, description="the database; default: leadtracker.db in DATA_DIR"
    )
    data_dir: Path = Field(
        default=Path("data"), description="folder for the SQLite database and mails without a mail server"
    )
    host: str = Field(default="127.0.0.1", description="address the web server listens on")
    port: int = Field(default=8000, ge=1, le=65535, description="port the web server listens on")
    web_workers: int = Field(
        default_factory=lambda: min(os.cpu_count() or 1, 4),
        ge=1,
        le=64,
        description="web worker processes; default: one per core, at most 4",
    )
    pin_workers: Literal["off", "on"] = Field(
        default="off", description="on: pin each web worker process to one core"
    )
    secret_key: Annotated[SecretStr, Field(min_length=16)] | None = Field(
        default=None,
        description="signs sessions and form tokens; default: generated once and kept in DATA_DIR",
    )
    admin_username: str = Field(
        default="admin",
        min_length=1,
        max_length=100,
        pattern="^[^:]+$",
        description="first admin's name",
    )
    admin_password: Annotated[SecretStr, AfterValidator(check_admin_password)] | None = Field(
        default=None,
        description="first admin's password, of 12 characters or more; default: generated and printed once",
    )
    timezone: Annotated[ZoneInfo, BeforeValidator(parse_zone)] = Field(
        default=ZoneInfo("UTC"), description="IANA time zone of the business: weeks, date filters and digests"
    )
    retool_url: Annotated[SecretStr | None, AfterValidator(check_http_url)] = Field(
        default=None,
        description="the workflow's full trigger URL; without it reports go to the log",
    )
    retool_api_key: Annotated[SecretStr | None, AfterValidator(check_header_value)] = Field(
        default=None, description="sent as X-Workflow-Api-Key instead of a key in the URL"
    )
    report_catchup_weeks: int = Field(
        default=8,
        ge=1,
        le=520,
        description="missed weeks still sent; older ones are recorded as missed",
    )
    smtp_url: Annotated[SecretStr | None, AfterValidator(check_smtp_url)] = Field(
        default=None, description="the mail server; without it mails are written to DATA_DIR/mail"
    )
    mail_from: Annotated[str, AfterValidator(check_mailbox)] = Field(
        default="leadtracker@localhost", description="sender of mails, with or without a name"
    )
    reply_to: Annotated[str | None, AfterValidator(check_address)] = Field(
        default=None, description="address for replies of prospects; default: the first of NOTIFY"
    )
    notify: Annotated[str | None, AfterValidator(check_addresses)] = Field(
        default=None,
        description="addresses that get notifications, reminders and the digest; separated by commas",
    )
    digest_at: Annotated[str, AfterValidator(check_time_of_day)] = Field(
        default="08:00", description="time of the daily digest, in TIMEZONE; off: never"
    )
    untouched_hours: int = Field(
        default=24, ge=1, le=8760, description="hours after which a lead without any work is in the digest"
    )
    webhook_urls: Annotated[SecretStr | None, AfterValidator(check_webhook_urls)] = Field(
        default=None, description="URLs that receive lead events; separated by commas or spaces"
    )
    webhook_secret: Annotated[SecretStr | None, AfterValidator(check_webhook_secret)] = Field(
        default=None,
        validate_default=True,
        description="signs lead events; two secrets while one is being replaced",
    )
    mail_templates: Path | None = Field(
        default=None, description="folder of mail templates that override the built-in ones"
    )
    public_url: Annotated[str | None, AfterValidator(check_public_url)] = Field(
        default=None, description="address of the application, for links; default: HOST and PORT"
    )
    phone_region: Annotated[str | None, AfterValidator(check_region)] = Field(
        default=None,
        description="ISO country of national phone numbers; without it only +… is normalised",
    )
    required_fields: Annotated[str | None, AfterValidator(check_required_fields)] = Field(
        default=None,
        description=f"fields that every anonymous client must give besides a name, and an e-mail address or "
        f"a phone number; any of {', '.join(REQUIRABLE)}",
    )
    public_duplicates: Literal["link", "reject"] = Field(
        default="link", description="for a known person's lead from an anonymous client: link or reject"
    )
    resumes_url: Annotated[str, AfterValidator(check_resumes_url)] = Field(
        default=DATABASE,
        description="storage of resumes: database:, file:///path or s3://bucket/prefix",
    )
    max_upload_mb: int = Field(default=10, ge=1, le=100, description="largest resume, in MiB")
    language: Language = Field(
        default=SOURCE_LANGUAGE,
        description="language of pages and mails where the visitor's own is not known: en, de, fr or es",
    )
    organisation: Annotated[str | None, Field(max_length=100)] = Field(
        default=None, description="name of the business on the form"
    )
    consent_text: Annotated[str | None, Field(max_length=2000)] = Field(
        default=None,
        description="text of a required consent on the form; default: no consent is required",
    )
    cors_origins: Annotated[str | None, AfterValidator(check_origins)] = Field(
        default=None, description="origins whose scripts may send leads; separated by commas"
    )
    embed_origins: Annotated[str | None, AfterValidator(check_origins)] = Field(
        default=None, description="origins whose pages may embed the form; separated by commas"
    )
    redirect_origins: Annotated[str | None, AfterValidator(check_origins)] = Field(
        default=None, description="origins to which a form may redirect after submission; separated by commas"
    )
    public_rate_limit: Annotated[str, AfterValidator(check_rate_limit)] = Field(
        default="60/minute",
        description="leads that anonymous clients may send, per client address; off: no limit",
    )
    login_rate_limit: Annotated[str, AfterValidator(check_rate_limit)] = Field(
        default="10/15 minutes", description="failed sign-ins per client address; off: no limit"
    )
    rate_limit_storage: Annotated[SecretStr, AfterValidator(check_rate_limit_storage)] = Field(
        default=SecretStr("memory://"),
        description="storage of both counts; memory:// is one count per worker process",
    )
    trusted_proxies: int = Field(
        default=0, ge=0, le=10, description="number of proxies whose X-Forwarded-For and -Proto are believed"
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        description="bearer token for /metrics; without it only loopback clients are answered",
    )
    log_format: Literal["text", "json"] | None = Field(
        default=None, description="text or json; default: text on a terminal, else json"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="lowest level that is logged"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - named by the library
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put values from ``NAME_FILE`` between the environment and ``.env``."""
        return init_settings, env_settings, FileSource(settings_cls), dotenv_settings

    @property
    def max_upload_bytes(self) -> int:
        """Maximum size of a resume."""
        return self.max_upload_mb * 1024 * 1024

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
    def notify_addresses(self) -> tuple[str, ...]:
        """The addresses in ``NOTIFY``."""
        return split_addresses(self.notify)

    @property
    def required(self) -> frozenset[str]:
        """The fields in ``REQUIRED_FIELDS``."""
        return split_fields(self.required_fields)

    @property
    def consent(self) -> str | None:
        """The text of the consent on the form; None if it asks for none."""
        return self.consent_text or (_DEFAULT_CONSENT if CONSENT in self.required else None)

    @property
    def reply_address(self) -> str | None:
        """The address for replies of prospects; None for that of the sender."""
        return self.reply_to or next(iter(self.notify_addresses), None)

    @property
    def mail_domain(self) -> str:
        """The domain of the sender of mails."""
        return Mailbox.parse(self.mail_from).domain

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
