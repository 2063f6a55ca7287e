"""Every setting, with its type, default and description.

``make references`` makes the reference of the settings and ``.env.example`` of this file. A description is
one or more sentences in Markdown. A setting without a default, or whose default depends on the machine, has
an example.
"""

import os
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from leadtracker.i18n.languages import SOURCE_LANGUAGE, Language
from leadtracker.settings.checks import (
    REQUIRABLE,
    check_address,
    check_addresses,
    check_admin_password,
    check_api_key,
    check_header_value,
    check_mailbox,
    check_rate_limit,
    check_rate_limit_storage,
    check_region,
    check_required_fields,
    check_time_of_day,
    check_webhook_secret,
    parse_zone,
)
from leadtracker.settings.sources import DOTENV, MAX_PORT, PREFIX, FileSource, PlatformPort
from leadtracker.settings.url_checks import (
    DATABASE,
    check_database_url,
    check_http_url,
    check_origins,
    check_public_url,
    check_resumes_url,
    check_security_contact,
    check_smtp_url,
    check_webhook_urls,
)


class SettingsFields(BaseSettings):
    """All settings, validated; what they mean together is in ``Settings``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=DOTENV, env_ignore_empty=True, extra="ignore", frozen=True
    )

    organisation: Annotated[str | None, Field(max_length=100)] = Field(
        default=None, description="Name of the business on the public form.", examples=["Lee & Partners"]
    )
    timezone: Annotated[ZoneInfo, BeforeValidator(parse_zone)] = Field(
        default=ZoneInfo("UTC"),
        description="IANA time zone of the business, such as `Europe/Berlin`. It decides when weeks and "
        "days begin, what date filters mean, and when the digest is sent.",
    )
    language: Language = Field(
        default=SOURCE_LANGUAGE,
        description="Language of pages and mails where the visitor's own (`?lang=`, `Accept-Language`) is "
        "not known. The dashboard has `en` and `de`.",
    )
    phone_region: Annotated[str | None, AfterValidator(check_region)] = Field(
        default=None,
        description="ISO country of phone numbers without a country code. Without it only numbers that "
        "begin with `+` are normalised.",
        examples=["DE"],
    )
    database_url: Annotated[SecretStr | None, AfterValidator(check_database_url)] = Field(
        default=None,
        description="The database: `sqlite:////path/to/file.db`, or `postgresql://…` or `postgres://…` with "
        "the parameters of libpq and, for poolers in transaction mode, `prepared_statements=off`. Default: "
        "`leadtracker.db` in `LEADTRACKER_DATA_DIR`.",
        examples=["postgresql://leadtracker:PASSWORD@127.0.0.1:5432/leadtracker"],
    )
    data_dir: Path = Field(
        default=Path("data"),
        description="Folder for the SQLite database, the generated secret key, and mails while there is no "
        "mail server.",
    )
    resumes_url: Annotated[str, AfterValidator(check_resumes_url)] = Field(
        default=DATABASE,
        description="Storage of resumes: `database:`, a folder (`file:///srv/leadtracker/resumes`) or a "
        "bucket (`s3://bucket/prefix`), whose endpoint, region and keys come from the usual "
        "`AWS_*` variables of the environment.",
    )
    max_upload_mb: int = Field(default=10, ge=1, le=100, description="Largest resume, in MiB.")
    host: str = Field(default="127.0.0.1", description="Address the web server listens on.")
    port: int = Field(
        default=8000,
        ge=1,
        le=MAX_PORT,
        description="Port the web server listens on. Where it is not set, a plain `PORT` counts, as hosting "
        "platforms set it.",
    )
    web_workers: int = Field(
        default_factory=lambda: min(os.cpu_count() or 1, 4),
        ge=1,
        le=64,
        description="Web worker processes. Default: one per core, at most 4.",
        examples=["2"],
    )
    pin_workers: Literal["off", "on"] = Field(
        default="off",
        description="`on` pins each web worker process to one core: faster where the server has its cores "
        "to itself, slower where containers or other programs share them.",
    )
    public_url: Annotated[str | None, AfterValidator(check_public_url)] = Field(
        default=None,
        description="Address of the application, for links in mails. Default: host and port of the web "
        "server.",
        examples=["https://leads.firm.example"],
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=10,
        description="Number of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.",
    )
    secret_key: Annotated[SecretStr, Field(min_length=16)] | None = Field(
        default=None,
        description="Signs sessions and form tokens. Without it a key is generated and kept in "
        "`LEADTRACKER_DATA_DIR`; hosts that share a database must be given the same key.",
        examples=["A-LONG-RANDOM-TEXT"],
    )
    api_key: Annotated[SecretStr | None, AfterValidator(check_api_key)] = Field(
        default=None,
        description="An API key with the role agent, of 32 characters or more, for platforms without a "
        "shell. In the history it is `api-key:LEADTRACKER_API_KEY`.",
        examples=["A-LONG-RANDOM-TEXT-OF-32-OR-MORE-CHARACTERS"],
    )
    security_contact: Annotated[str | None, AfterValidator(check_security_contact)] = Field(
        default=None,
        description=(
            "Contact for reports of vulnerabilities, in `/.well-known/security.txt`: a `mailto:` or "
            "`https://` URL. Without it there is no such file."
        ),
        examples=["mailto:security@firm.example"],
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        description="Bearer token for `/metrics`. Without it only clients on the same machine are answered.",
        examples=["TOKEN"],
    )
    admin_username: str = Field(
        default="admin",
        min_length=1,
        max_length=100,
        pattern="^[^:]+$",
        description="Name of the first admin, who is created at the first start.",
    )
    admin_password: Annotated[SecretStr, AfterValidator(check_admin_password)] | None = Field(
        default=None,
        description="Password of the first admin, of 12 characters or more. Without it one is generated and "
        "printed once.",
        examples=["A-LONG-PASSWORD"],
    )
    login_rate_limit: Annotated[str, AfterValidator(check_rate_limit)] = Field(
        default="10/15 minutes",
        description="Failed sign-ins with a password, per client address; `off` for no limit.",
    )
    upload_mb_per_day: int = Field(
        default=100,
        ge=0,
        le=1_000_000,
        description="MiB of files that anonymous clients may send, per client address, day and worker "
        "process; 0 for no limit.",
    )
    min_free_disk_mb: int = Field(
        default=200,
        ge=0,
        le=1_000_000_000,
        description="MiB of free disk space below which leads are stored without their files, so that files "
        "cannot fill the disk; 0 for no such floor.",
    )
    public_rate_limit: Annotated[str, AfterValidator(check_rate_limit)] = Field(
        default="60/minute",
        description="Leads that anonymous clients may send, per client address; `off` for no limit.",
    )
    rate_limit_storage: Annotated[SecretStr, AfterValidator(check_rate_limit_storage)] = Field(
        default=SecretStr("memory://"),
        description="Storage of both counts, as a URI of the limits library. With `memory://` each worker "
        "process counts separately; `redis://HOST:6379` is one count for all processes on all "
        "hosts.",
    )
    consent_text: Annotated[str | None, Field(max_length=2000)] = Field(
        default=None,
        description="Text of a required consent on the public form. Without it no consent is required.",
        examples=["I agree that Lee & Partners stores what I wrote here to answer me."],
    )
    required_fields: Annotated[str | None, AfterValidator(check_required_fields)] = Field(
        default=None,
        description="What anonymous clients must give besides a name, and an e-mail address or a phone "
        f"number: any of {', '.join(f'`{name}`' for name in REQUIRABLE)}, separated by commas.",
        examples=["message,consent"],
    )
    public_duplicates: Literal["link", "reject"] = Field(
        default="link",
        description="Response to anonymous clients for a known e-mail address or phone number: `link` (201, "
        "kept as a duplicate) or `reject` (409).",
    )
    cors_origins: Annotated[str | None, AfterValidator(check_origins)] = Field(
        default=None,
        description="Origins whose scripts may send leads (CORS), separated by commas.",
        examples=["https://www.firm.example, https://firm.example"],
    )
    embed_origins: Annotated[str | None, AfterValidator(check_origins)] = Field(
        default=None,
        description="Origins whose pages may embed the form in an iframe, separated by commas.",
        examples=["https://www.firm.example"],
    )
    redirect_origins: Annotated[str | None, AfterValidator(check_origins)] = Field(
        default=None,
        description="Origins to which a form may redirect after submission (`redirect_to`), separated by "
        "commas.",
        examples=["https://www.firm.example"],
    )
    smtp_url: Annotated[SecretStr | None, AfterValidator(check_smtp_url)] = Field(
        default=None,
        description="The mail server: `smtp://` (STARTTLS required), `smtps://` (TLS from the start) or "
        "`smtp+plain://` (no TLS). Escape special characters in user and password, such as @ as "
        "`%40`. Without it mails are written to the folder `mail` in `LEADTRACKER_DATA_DIR` and "
        "reach no prospect.",
        examples=["smtp://leads%40firm.example:PASSWORD@mail.firm.example:587"],
    )
    mail_from: Annotated[str, AfterValidator(check_mailbox)] = Field(
        default="leadtracker@localhost",
        description="Sender of mails, with or without a name: `Lee & Partners <leads@firm.example>`.",
    )
    notify: Annotated[str | None, AfterValidator(check_addresses)] = Field(
        default=None,
        description="Addresses that get a notification of each new lead, reminders and the daily digest, "
        "separated by commas.",
        examples=["ann@firm.example, bob@firm.example"],
    )
    acknowledgements_per_hour: int = Field(
        default=500,
        ge=0,
        le=1_000_000,
        description="Acknowledgements that are sent to prospects in one hour, of all leads together; others "
        "wait for the next hour, so that the form cannot be used to flood strangers. 0 for no limit.",
    )
    notifications_per_hour: int = Field(
        default=20,
        ge=0,
        le=1_000_000,
        description="Notifications of new leads that each address gets in one hour; above it, one mail every "
        "ten minutes lists the others. 0 for no limit.",
    )
    reply_to: Annotated[str | None, AfterValidator(check_address)] = Field(
        default=None,
        description="Address for replies of prospects. Default: the first of `LEADTRACKER_NOTIFY`.",
        examples=["office@firm.example"],
    )
    digest_at: Annotated[str, AfterValidator(check_time_of_day)] = Field(
        default="08:00",
        description="Time of the daily digest of overdue follow-ups and untouched leads, in "
        "`LEADTRACKER_TIMEZONE`; `off` for no digest.",
    )
    untouched_hours: int = Field(
        default=24, ge=1, le=8760, description="Hours after which a lead without any work is in the digest."
    )
    mail_templates: Path | None = Field(
        default=None,
        description="Folder of mail templates that override the built-in ones file by file, such as "
        "`acknowledgement/text.txt`.",
        examples=["/etc/leadtracker/mail"],
    )
    webhook_urls: Annotated[SecretStr | None, AfterValidator(check_webhook_urls)] = Field(
        default=None,
        description="URLs that receive lead events, separated by commas or spaces.",
        examples=["https://crm.firm.example/hooks/leads, https://chat.firm.example/hooks/KEY"],
    )
    webhook_secret: Annotated[SecretStr | None, AfterValidator(check_webhook_secret)] = Field(
        default=None,
        validate_default=True,
        description="Signs lead events, 24 to 64 random bytes: `echo whsec_$(openssl rand -base64 32)`. To "
        "replace a secret, give both, separated by a space, until every receiver knows the new "
        "one: both sign.",
        examples=["whsec_U0VDUkVUU0VDUkVUU0VDUkVUU0VDUkVU"],
    )
    retool_url: Annotated[SecretStr | None, AfterValidator(check_http_url)] = Field(
        default=None,
        description="URL that receives the weekly number, such as the full trigger URL of a Retool "
        "workflow, used as given. Without it the number is written to the log.",
        examples=["https://api.retool.com/v1/workflows/WORKFLOW_ID/startTrigger?workflowApiKey=KEY"],
    )
    retool_api_key: Annotated[SecretStr | None, AfterValidator(check_header_value)] = Field(
        default=None,
        description="Sent as `X-Workflow-Api-Key` instead of a key in the URL.",
        examples=["KEY"],
    )
    report_catchup_weeks: int = Field(
        default=8,
        ge=1,
        le=520,
        description="Missed weeks that are still sent; older ones are recorded as missed.",
    )
    log_format: Literal["text", "json"] | None = Field(
        default=None,
        description="Format of the log. Default: `text` on a terminal, else `json`.",
        examples=["text"],
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Lowest level that is logged."
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
        return (
            init_settings,
            env_settings,
            FileSource(settings_cls),
            dotenv_settings,
            PlatformPort(settings_cls),
        )
