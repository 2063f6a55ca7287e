"""Settings of intake: limits, and what anonymous clients may send."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from leadtracker.settings.checks import (
    REQUIRABLE,
    check_rate_limit,
    check_rate_limit_storage,
    check_required_fields,
    check_retention,
)
from leadtracker.settings.schema.form import FormFields
from leadtracker.settings.url_checks import check_origins


class IntakeFields(FormFields):
    """Settings of limits and of what anonymous clients may send."""

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
    retention: Annotated[str | None, AfterValidator(check_retention)] = Field(
        default=None,
        description="Months after the last activity of a lead until the person is erased, by state: "
        "`PENDING`, `REACHED_OUT`, `CONVERTED` or `LOST`, separated by commas. Leads in other states are "
        "kept; without it all are.",
        examples=["LOST=24,PENDING=24,CONVERTED=120"],
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
    assignment: Literal["none", "round-robin", "least-busy"] = Field(
        default="none",
        description="Owners of new leads of anonymous clients, among the enabled users who are assignable: "
        "`round-robin` (in turns), `least-busy` (fewest open leads) or `none`.",
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
