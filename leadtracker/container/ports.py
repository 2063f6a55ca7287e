"""The implementation of every port, chosen by the settings."""

from dependency_injector.containers import DeclarativeContainer
from dependency_injector.providers import Dependency, Resource
from dependency_injector.providers import ThreadSafeSingleton as Singleton

from leadtracker.adapters.database.backup.backup_store import PeeweeBackupStore
from leadtracker.adapters.database.engine.dialects import dialect_for
from leadtracker.adapters.database.repositories.consistency_checks import PeeweeConsistencyChecks
from leadtracker.adapters.database.schema import PeeweeSchema
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.adapters.mail.file_email_sender import MailFolder
from leadtracker.adapters.system.disk_space import FolderDiskSpace
from leadtracker.adapters.system.file_modes import LocalFileModes
from leadtracker.adapters.system.one_time_passwords import PyotpOneTimePasswords
from leadtracker.adapters.system.operating_system import SystemClock, SystemIdSource
from leadtracker.adapters.system.password_hasher import Argon2PasswordHasher, CachingPasswordHasher
from leadtracker.adapters.system.phone_parser import LibPhoneParser
from leadtracker.container.adapters import (
    build_email_writer,
    build_form_visitor,
    build_identity_provider,
    build_object_store,
    build_report_sink,
    build_secret_box,
    build_senders,
    list_endpoints,
    name_report_sink,
    open_email_sender,
    parse_assignment,
    parse_canary_address,
    parse_duplicate_policy,
    parse_notify_addresses,
    parse_report_addresses,
    parse_second_factor_policy,
)
from leadtracker.settings import Settings


class Ports(DeclarativeContainer):
    """The implementation of every port.

    All providers are ``ThreadSafeSingleton``, because the plain singleton may build several objects when
    threads call it concurrently. Objects that hold a connection are a ``Resource``, which
    ``shutdown_resources()`` closes.
    """

    settings = Dependency(instance_of=Settings)
    assignment = Singleton(parse_assignment, settings=settings)
    duplicate_policy = Singleton(parse_duplicate_policy, settings=settings)
    notify_addresses = Singleton(parse_notify_addresses, settings=settings)
    report_addresses = Singleton(parse_report_addresses, settings=settings)
    canary_address = Singleton(parse_canary_address, settings=settings)
    report_sink_name = Singleton(name_report_sink, settings=settings)
    endpoints = Singleton(list_endpoints, settings=settings)
    clock = Singleton(SystemClock)
    ids = Singleton(SystemIdSource)
    phones = Singleton(LibPhoneParser, region=settings.provided.phone_region)
    disk_space = Singleton(FolderDiskSpace, folders=settings.provided.data_folders)
    database_disk = Singleton(FolderDiskSpace, folders=settings.provided.database_folders)
    file_modes = Singleton(LocalFileModes, paths=settings.provided.private_paths)
    hasher = Singleton(CachingPasswordHasher, hasher=Singleton(Argon2PasswordHasher))
    one_time_passwords = Singleton(PyotpOneTimePasswords, issuer=settings.provided.one_time_password_issuer)
    secret_box = Singleton(build_secret_box, settings=settings)
    second_factor_policy = Singleton(parse_second_factor_policy, settings=settings)
    dialect = Singleton(dialect_for, url=settings.provided.database)
    unit_of_work = Singleton(PeeweeUnitOfWorkFactory, dialect=dialect)
    schema = Singleton(PeeweeSchema, dialect=dialect)
    consistency_checks = Singleton(PeeweeConsistencyChecks, dialect=dialect)
    objects = Singleton(build_object_store, settings=settings)
    backup_store = Singleton(
        PeeweeBackupStore, dialect=dialect, objects=objects, key=settings.provided.backup_key
    )
    identity_provider = Singleton(build_identity_provider, settings=settings, clock=clock)
    report_sink = Singleton(build_report_sink, settings=settings, clock=clock)
    email_sender = Resource(open_email_sender, settings=settings, clock=clock)
    kept_mails = Singleton(MailFolder, folder=settings.provided.mail_folder)
    email_writer = Singleton(build_email_writer, settings=settings)
    senders = Singleton(build_senders, settings=settings, clock=clock)
    form_visitor = Singleton(build_form_visitor, settings=settings)
