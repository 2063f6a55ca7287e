"""Settings of the installation: its name and place, its stores, the web server, accounts."""

import os
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from leadtracker.i18n.languages import SOURCE_LANGUAGE, Language
from leadtracker.settings.checks import (
    check_admin_name,
    check_admin_password,
    check_api_key,
    check_region,
    clean_name,
    parse_zone,
)
from leadtracker.settings.sources import DOTENV, MAX_PORT, PREFIX, FileSource, PlatformPort
from leadtracker.settings.url_checks import (
    DATABASE,
    check_database_url,
    check_public_url,
    check_resumes_url,
    check_security_contact,
)


class InstallationFields(BaseSettings):
    """Settings of the installation, and where all settings come from."""

    model_config = SettingsConfigDict(
        defer_build=True,  # only the last of these classes is used
        env_prefix=PREFIX,
        env_file=DOTENV,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    organisation: Annotated[str | None, AfterValidator(clean_name)] = Field(
        default=None,
        description="Name of the business, on the public form and in e-mails.",
        examples=["Lee & Partners"],
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
        description="Signs sessions, form tokens and backups. Without it a key is generated and kept in "
        "`LEADTRACKER_DATA_DIR`, and backups are not signed; hosts that share a database must be given "
        "the same key.",
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
    audit_retention_days: int = Field(
        default=730,
        ge=0,
        le=36_500,
        description="For how many days entries of the audit log are kept; 0 keeps them forever.",
    )
    require_second_factor: Literal["off", "admins", "all"] = Field(
        default="off",
        description="Which users must have a second factor: none, those with the role admin, or all. From "
        "the first sign-in on, a user has 7 days to set it up.",
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        description="Bearer token for `/metrics`. Without it only clients on the same machine are answered.",
        examples=["TOKEN"],
    )
    admin_username: Annotated[str, AfterValidator(check_admin_name)] = Field(
        default="admin",
        description="Name of the first admin, who is created at the first start.",
    )
    admin_password: Annotated[SecretStr, AfterValidator(check_admin_password)] | None = Field(
        default=None,
        description="Password of the first admin, of 12 characters or more. Without it one is generated and "
        "printed once.",
        examples=["A-LONG-PASSWORD"],
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
