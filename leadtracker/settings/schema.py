"""Every setting."""

import os
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from leadtracker.settings.checks import (
    DATABASE,
    NO_DIGEST,
    check_addresses,
    check_database_url,
    check_header_value,
    check_http_url,
    check_mailbox,
    check_origins,
    check_public_url,
    check_rate_limit,
    check_rate_limit_storage,
    check_region,
    check_resumes_url,
    check_smtp_url,
    check_time_of_day,
    check_webhook_secret,
    check_webhook_urls,
    parse_zone,
    split_addresses,
    split_folder,
    split_list,
    split_origins,
)
from leadtracker.settings.sources import DOTENV, PREFIX, FileSource


class Settings(BaseSettings):
    """All settings, validated."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=DOTENV, env_ignore_empty=True, extra="ignore", frozen=True
    )

    database_url: Annotated[SecretStr | None, AfterValidator(check_database_url)] = Field(
        default=None, description="where leads are kept; default: leadtracker.db in DATA_DIR"
    )
    data_dir: Path = Field(
        default=Path("data"), description="folder for the SQLite database and mails without a mail server"
    )
    host: str = Field(default="127.0.0.1", description="address the web server listens at")
    port: int = Field(default=8000, ge=1, le=65535, description="port the web server listens at")
    web_workers: int = Field(
        default_factory=lambda: min(os.cpu_count() or 1, 4),
        ge=1,
        le=64,
        description="web worker processes; default: one per core, at most 4",
    )
    secret_key: Annotated[SecretStr, Field(min_length=16)] | None = Field(
        default=None,
        description="signs sessions and form tokens; default: made once and kept in DATA_DIR",
    )
    admin_username: str = Field(
        default="admin",
        min_length=1,
        max_length=100,
        pattern="^[^:]+$",
        description="first admin's name",
    )
    admin_password: Annotated[SecretStr, Field(max_length=1000)] | None = Field(
        default=None,
        description="first admin's password; without it one is generated and printed once",
    )
    timezone: Annotated[ZoneInfo, BeforeValidator(parse_zone)] = Field(
        default=ZoneInfo("UTC"), description="the business's IANA zone: weeks, date filters and digests"
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
        default="leadtracker@localhost", description="who mails come from, with or without a name"
    )
    notify: Annotated[str | None, AfterValidator(check_addresses)] = Field(
        default=None,
        description="who is told of each new lead, reminded, and gets the digest; commas between addresses",
    )
    digest_at: Annotated[str, AfterValidator(check_time_of_day)] = Field(
        default="08:00", description="when the daily digest goes out, in TIMEZONE; off: never"
    )
    untouched_hours: int = Field(
        default=24, ge=1, le=8760, description="after how long a lead without any work is in the digest"
    )
    webhook_urls: Annotated[SecretStr | None, AfterValidator(check_webhook_urls)] = Field(
        default=None, description="who is told what happens to leads; URLs with commas or spaces between them"
    )
    webhook_secret: Annotated[SecretStr | None, AfterValidator(check_webhook_secret)] = Field(
        default=None,
        validate_default=True,
        description="what these are signed with; two while one is being changed for another",
    )
    mail_templates: Path | None = Field(
        default=None, description="folder of mail templates that come before the program's own"
    )
    public_url: Annotated[str | None, AfterValidator(check_public_url)] = Field(
        default=None, description="where people reach the program, for links; default: HOST and PORT"
    )
    phone_region: Annotated[str | None, AfterValidator(check_region)] = Field(
        default=None,
        description="ISO country of national phone numbers; without it only +… is normalised",
    )
    public_duplicates: Literal["link", "reject"] = Field(
        default="link", description="what the public gets for a known address: link or reject"
    )
    resumes_url: Annotated[str, AfterValidator(check_resumes_url)] = Field(
        default=DATABASE,
        description="where resumes are kept: database:, file:///path or s3://bucket/prefix",
    )
    max_upload_mb: int = Field(default=10, ge=1, le=100, description="largest resume, in MiB")
    organisation: Annotated[str | None, Field(max_length=100)] = Field(
        default=None, description="the name that people see on the public form"
    )
    consent_text: Annotated[str | None, Field(max_length=2000)] = Field(
        default=None, description="to what people must consent to send the form; default: to nothing"
    )
    cors_origins: Annotated[str | None, AfterValidator(check_origins)] = Field(
        default=None, description="origins whose scripts may send leads; commas between them"
    )
    embed_origins: Annotated[str | None, AfterValidator(check_origins)] = Field(
        default=None, description="origins whose pages may embed the form; commas between them"
    )
    redirect_origins: Annotated[str | None, AfterValidator(check_origins)] = Field(
        default=None, description="origins to which forms may have people sent back; commas between them"
    )
    public_rate_limit: Annotated[str, AfterValidator(check_rate_limit)] = Field(
        default="60/minute", description="leads that the public may send per client address; off: any number"
    )
    login_rate_limit: Annotated[str, AfterValidator(check_rate_limit)] = Field(
        default="10/15 minutes", description="failed sign-ins per client address; off: any number"
    )
    rate_limit_storage: Annotated[SecretStr, AfterValidator(check_rate_limit_storage)] = Field(
        default=SecretStr("memory://"),
        description="where both are counted; memory:// is one count per worker process",
    )
    trusted_proxies: int = Field(
        default=0, ge=0, le=10, description="number of proxies whose X-Forwarded-* is believed"
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        description="bearer token that /metrics wants; without it only callers on this machine get them",
    )
    log_format: Literal["text", "json"] | None = Field(
        default=None, description="text or json; default: text on a terminal, else json"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="least severity that is logged"
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
        """How large a resume may be."""
        return self.max_upload_mb * 1024 * 1024

    @property
    def database(self) -> str:
        """The database URL, with its password."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir.absolute() / 'leadtracker.db'}"

    @property
    def secret_key_path(self) -> Path:
        """Where the secret key is kept that was made here."""
        return self.data_dir.absolute() / "secret_key"

    @property
    def notify_addresses(self) -> tuple[str, ...]:
        """The addresses of the staff who get mails."""
        return split_addresses(self.notify)

    @property
    def digest_time(self) -> time | None:
        """When the daily digest is due; None if there is none."""
        return None if self.digest_at == NO_DIGEST else time.fromisoformat(self.digest_at)

    @property
    def untouched_for(self) -> timedelta:
        """After how long a lead counts as untouched."""
        return timedelta(hours=self.untouched_hours)

    @property
    def resumes_folder(self) -> Path | None:
        """The folder of resumes, if they are kept in one."""
        return split_folder(self.resumes_url)

    @property
    def webhook_endpoints(self) -> tuple[str, ...]:
        """The URLs that are told what happens to leads."""
        return split_list(self.webhook_urls)

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """What webhooks are signed with."""
        return split_list(self.webhook_secret)

    @property
    def cors_sites(self) -> tuple[str, ...]:
        """The origins whose scripts may send leads."""
        return split_origins(self.cors_origins)

    @property
    def embedding_sites(self) -> tuple[str, ...]:
        """The origins whose pages may show the form within them."""
        return split_origins(self.embed_origins)

    @property
    def redirect_sites(self) -> tuple[str, ...]:
        """The origins to which their forms may have people sent back."""
        return split_origins(self.redirect_origins)

    @property
    def mail_folder(self) -> Path:
        """Where mails are kept that no server takes."""
        return self.data_dir.absolute() / "mail"

    @property
    def base_url(self) -> str:
        """Where people reach the program, without a slash in the end."""
        if self.public_url is not None:
            return self.public_url.rstrip("/")
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - is compared only
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"
