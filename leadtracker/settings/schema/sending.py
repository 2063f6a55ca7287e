"""Settings of what is sent: mails, webhooks, the weekly number, the log."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from leadtracker.settings.checks import (
    check_address,
    check_addresses,
    check_canary,
    check_header_value,
    check_mailbox,
    check_report_addresses,
    check_time_of_day,
    check_webhook_secret,
)
from leadtracker.settings.schema.intake import IntakeFields
from leadtracker.settings.url_checks import check_http_url, check_smtp_url, check_webhook_urls

_WORKFLOW = "https://api.retool.com/v1/workflows/6fda255b-a56a-4241-bd3d-10406f6f497a"


class SettingsFields(IntakeFields):
    """All settings, validated; what they mean together is in ``Settings``."""

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
    report_to: Annotated[str | None, AfterValidator(check_report_addresses)] = Field(
        default=None,
        description="Addresses that get each weekly report and silence alerts by e-mail, separated by "
        "commas; without it those of `LEADTRACKER_NOTIFY`, else those of the admins. `off` sends none.",
        examples=["owner@firm.example"],
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
    canary: Annotated[Literal["off", "on"], AfterValidator(check_canary)] = Field(
        default="off",
        description="`on` tests the public form once a day, at 06:00 in `LEADTRACKER_TIMEZONE`: a scheduler "
        "submits it through `LEADTRACKER_PUBLIC_URL`, which must be set, as a visitor would. The test lead "
        "is never counted, listed or sent to users.",
    )
    canary_email: Annotated[str | None, AfterValidator(check_address)] = Field(
        default=None,
        description="Address that gets the acknowledgement of each test of `LEADTRACKER_CANARY`. Default: "
        "the address in `LEADTRACKER_MAIL_FROM`.",
        examples=["canary@firm.example"],
    )
    reply_to: Annotated[str | None, AfterValidator(check_address)] = Field(
        default=None,
        description="Address for replies of prospects. Default: the first of `LEADTRACKER_NOTIFY`.",
        examples=["office@firm.example"],
    )
    digest_at: Annotated[str, AfterValidator(check_time_of_day)] = Field(
        default="08:00",
        description="Time of the daily digest of overdue follow-ups and leads without a first contact, in "
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
        examples=[f"{_WORKFLOW}/startTrigger?workflowApiKey=KEY"],
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
