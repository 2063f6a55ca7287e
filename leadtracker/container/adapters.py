"""Choose adapters by the settings.

Adapters whose libraries load slowly, and which few processes need, are imported where they are built.
"""

from collections.abc import Iterator, Mapping

from leadtracker.adapters.log.report_sink import LogReportSink
from leadtracker.adapters.mail.file_email_sender import FileEmailSender
from leadtracker.adapters.mail.template_email_writer import JinjaEmailWriter, Letterhead
from leadtracker.adapters.storage.folder_object_store import FolderObjectStore
from leadtracker.domain.model.accounts.account import Assignment
from leadtracker.domain.model.accounts.second_factor import SecondFactorPolicy
from leadtracker.domain.model.deliveries.delivery import Channel
from leadtracker.domain.model.deliveries.email import Mailbox
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint, WebhookSecret
from leadtracker.domain.model.reports.sinks import Sink
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.ports.accounts.identity_provider import IdentityProvider
from leadtracker.domain.ports.accounts.second_factors import SecretBox
from leadtracker.domain.ports.deliveries.email_writer import EmailWriter
from leadtracker.domain.ports.deliveries.emails import EmailSender
from leadtracker.domain.ports.deliveries.webhooks import WebhookSender
from leadtracker.domain.ports.intake.canary import FormVisitor
from leadtracker.domain.ports.leads.object_store import ObjectStore
from leadtracker.domain.ports.reports.report_sink import ReportSink
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.use_cases.intake.capture_lead import DuplicatePolicy
from leadtracker.settings import DATABASE, PREFIX, Settings, SettingsError, secret_key


def build_report_sink(settings: Settings, clock: Clock) -> ReportSink:
    """Build the sink of weekly reports: a Retool workflow, or the log."""
    if settings.retool_url is None:
        return LogReportSink()
    from leadtracker.adapters.retool.report_sink import RetoolReportSink

    key = settings.retool_api_key
    return RetoolReportSink(
        url=settings.retool_url.get_secret_value(),
        api_key=key.get_secret_value() if key else None,
        clock=clock,
    )


def open_email_sender(settings: Settings, clock: Clock) -> Iterator[EmailSender]:
    """Yield the sender of mails, a mail server or a folder, and close it at shutdown."""
    sender: EmailSender = FileEmailSender(folder=settings.mail_folder, sender=settings.mail_from, clock=clock)
    if settings.smtp_url is not None:
        from leadtracker.adapters.mail.smtp_email_sender import SmtpEmailSender

        url = settings.smtp_url.get_secret_value()
        sender = SmtpEmailSender(url=url, sender=settings.mail_from, clock=clock)
    yield sender
    sender.close()


def build_email_writer(settings: Settings) -> EmailWriter:
    """Build the writer of mails.

    Raises:
        SettingsError: a mail template is invalid.
    """
    try:
        return JinjaEmailWriter(
            base_url=settings.base_url,
            zone=settings.timezone,
            folder=settings.mail_templates,
            letterhead=Letterhead(
                organisation=settings.organisation,
                language=settings.language,
                domain=settings.mail_domain,
                reply_to=settings.reply_address,
            ),
        )
    except ValueError as error:
        # Only the adapter knows which templates are valid.
        raise SettingsError(f"{PREFIX}MAIL_TEMPLATES: {error}") from None


def build_secret_box(settings: Settings) -> SecretBox:
    """Build the encryption of stored secrets, by the secret key of the installation."""
    from leadtracker.adapters.system.secret_box import AesSecretBox

    return AesSecretBox(secret_key=secret_key(settings))


def build_object_store(settings: Settings) -> ObjectStore | None:
    """Build the store of resumes' contents; None keeps them in the database."""
    if settings.resumes_folder is not None:
        return FolderObjectStore(folder=settings.resumes_folder)
    if settings.resumes_url == DATABASE:
        return None
    from leadtracker.adapters.storage.s3_object_store import S3ObjectStore

    return S3ObjectStore(url=settings.resumes_url)


def build_identity_provider(settings: Settings, clock: Clock) -> IdentityProvider | None:
    """Build the OpenID provider through which users sign in; None without one.

    Its libraries are slow to load, and nothing is fetched from the provider before the first sign-in.
    """
    if settings.oidc_issuer is None or settings.oidc_client_id is None or settings.oidc_client_secret is None:
        return None
    from leadtracker.adapters.http_client.json_fetcher import JsonFetcher
    from leadtracker.adapters.oidc.client_requests import Registration
    from leadtracker.adapters.oidc.provider import OpenIdProvider

    registration = Registration(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        role_claim=settings.oidc_role_claim,
        extra_scopes=tuple((settings.oidc_scopes or "").split()),
        introspects=settings.oidc_introspection == "on",
    )
    return OpenIdProvider(registration=registration, clock=clock, fetcher=JsonFetcher())


def parse_notify_addresses(settings: Settings) -> tuple[EmailAddress, ...]:
    """Parse the addresses that are notified by mail."""
    return tuple(EmailAddress.parse(address) for address in settings.notify_addresses)


def parse_report_addresses(settings: Settings) -> tuple[EmailAddress, ...] | None:
    """Parse the addresses that get the weekly report; None stands for those of the admins."""
    addresses = settings.report_addresses
    return None if addresses is None else tuple(EmailAddress.parse(address) for address in addresses)


def name_report_sink(settings: Settings) -> Sink:
    """Name the sink that ``build_report_sink`` builds."""
    return Sink.LOG if settings.retool_url is None else Sink.RETOOL


def build_form_visitor(settings: Settings) -> FormVisitor:
    """Build the visitor who tests the public form."""
    from leadtracker.adapters.http_client.form_visitor import HttpFormVisitor

    return HttpFormVisitor(base_url=settings.base_url)


def parse_canary_address(settings: Settings) -> EmailAddress:
    """Parse the address that gets the acknowledgements of tests; its domain may have a single label."""
    mailbox = Mailbox.parse(settings.canary_address)
    address = f"{mailbox.local}@{mailbox.domain}"
    return EmailAddress(text=address, key=address.lower())


def build_senders(settings: Settings, clock: Clock) -> Mapping[Channel, WebhookSender]:
    """Build the sender of each channel that posts lead events to URLs; ``list_endpoints`` lists the URLs."""
    from leadtracker.adapters.webhooks.webhook_sender import HttpWebhookSender

    secrets = [WebhookSecret.parse(text) for text in settings.webhook_secrets]
    return {Channel.WEBHOOK: HttpWebhookSender(secrets=secrets, clock=clock)}


def list_endpoints(settings: Settings) -> tuple[WebhookEndpoint, ...]:
    """List the endpoints of every channel that posts lead events to URLs."""
    return tuple(WebhookEndpoint(url=url, channel=Channel.WEBHOOK) for url in settings.webhook_endpoints)


def parse_assignment(settings: Settings) -> Assignment:
    """Parse how new leads get an owner."""
    return Assignment(settings.assignment)


def parse_second_factor_policy(settings: Settings) -> SecondFactorPolicy:
    """Parse which users must have a second factor."""
    return SecondFactorPolicy(settings.require_second_factor)


def parse_duplicate_policy(settings: Settings) -> DuplicatePolicy:
    """Parse the treatment of duplicates from anonymous clients."""
    return DuplicatePolicy(settings.public_duplicates)
