"""The container: every adapter and use case, wired by keyword."""

from dependency_injector.providers import ThreadSafeSingleton as Singleton

from leadtracker.container.deliveries import Deliveries
from leadtracker.container.leads import Leads
from leadtracker.container.ports import Ports
from leadtracker.domain.model.values.daily_time import DailyTime
from leadtracker.domain.use_cases.accounts.check_provider_session import CheckProviderSession
from leadtracker.domain.use_cases.accounts.credentials.account_links import (
    ChoosePassword,
    EnqueueAccountMails,
    InviteUser,
    MakeLink,
    RequestPasswordReset,
)
from leadtracker.domain.use_cases.accounts.credentials.change_password import ChangePassword
from leadtracker.domain.use_cases.accounts.credentials.manage_second_factor import ManageSecondFactor
from leadtracker.domain.use_cases.accounts.credentials.verify_second_factor import VerifySecondFactor
from leadtracker.domain.use_cases.accounts.external_users import ExternalUsers
from leadtracker.domain.use_cases.accounts.manage_api_keys import ManageApiKeys
from leadtracker.domain.use_cases.accounts.manage_users import EnsureAdmin, ManageUsers
from leadtracker.domain.use_cases.accounts.provider_sign_in import ProviderSignIn
from leadtracker.domain.use_cases.accounts.read_audit_log import ReadAuditLog
from leadtracker.domain.use_cases.accounts.repeat_withdrawals import RepeatWithdrawals
from leadtracker.domain.use_cases.accounts.sign_in import SignIn
from leadtracker.domain.use_cases.accounts.user_sessions import UserSessions
from leadtracker.domain.use_cases.intake.enter_lead import SuggestSources
from leadtracker.domain.use_cases.operations.check_health import CheckHealth
from leadtracker.domain.use_cases.operations.read_metrics import ReadMetrics
from leadtracker.domain.use_cases.operations.run_canary import RunCanary
from leadtracker.domain.use_cases.operations.run_diagnostics import RunDiagnostics
from leadtracker.domain.use_cases.reports.read_dashboard import ReadDashboard
from leadtracker.domain.use_cases.reports.read_statistics import CachedStatistics, ReadStatistics
from leadtracker.domain.use_cases.reports.roll_up_leads import RollUpLeads


class Container(Leads):
    """Every object that is built from the settings, on first use, once per process.

    Entrypoints take use cases from here and nothing else.
    """

    sign_in = Singleton(
        SignIn,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        hasher=Ports.hasher,
        configured_key=Ports.settings.provided.configured_api_key,
        only_password_user=Ports.settings.provided.only_password_user,
        policy=Ports.second_factor_policy,
    )
    verify_second_factor = Singleton(
        VerifySecondFactor,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        one_time_passwords=Ports.one_time_passwords,
        secret_box=Ports.secret_box,
    )
    manage_second_factor = Singleton(
        ManageSecondFactor,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        ids=Ports.ids,
        one_time_passwords=Ports.one_time_passwords,
        secret_box=Ports.secret_box,
        policy=Ports.second_factor_policy,
        notifications=Deliveries.notifications,
    )
    make_link = Singleton(MakeLink, ids=Ports.ids, secret_box=Ports.secret_box)
    request_password_reset = Singleton(
        RequestPasswordReset,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        make_link=make_link,
        only_password_user=Ports.settings.provided.only_password_user,
    )
    invite_user = Singleton(
        InviteUser, unit_of_work=Ports.unit_of_work, clock=Ports.clock, make_link=make_link
    )
    choose_password = Singleton(
        ChoosePassword,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        hasher=Ports.hasher,
        notifications=Deliveries.notifications,
    )
    enqueue_account_mails = Singleton(
        EnqueueAccountMails,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        notifications=Deliveries.notifications,
    )
    external_users = Singleton(
        ExternalUsers,
        roles=Ports.settings.provided.oidc_role_of_groups,
        emergency_admin=Ports.settings.provided.admin_username,
    )
    check_provider_session = Singleton(
        CheckProviderSession,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        provider=Ports.identity_provider,
        secret_box=Ports.secret_box,
        external_users=external_users,
    )
    user_sessions = Singleton(
        UserSessions,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        ids=Ports.ids,
        sign_in=sign_in,
        verify_second_factor=verify_second_factor,
        policy=Ports.second_factor_policy,
        check_provider_session=check_provider_session,
    )
    provider_sign_in = Singleton(
        ProviderSignIn,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        ids=Ports.ids,
        provider=Ports.identity_provider,
        secret_box=Ports.secret_box,
        external_users=external_users,
        session_age=Ports.settings.provided.oidc_session_age,
    )
    """Needs an identity provider; the settings say whether there is one."""

    manage_users = Singleton(
        ManageUsers,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        hasher=Ports.hasher,
        release_leads=Leads.release_leads,
        notifications=Deliveries.notifications,
    )
    read_audit_log = Singleton(
        ReadAuditLog,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        retention=Ports.settings.provided.audit_retention,
    )
    change_password = Singleton(
        ChangePassword,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        ids=Ports.ids,
        hasher=Ports.hasher,
        sign_in=sign_in,
        notifications=Deliveries.notifications,
    )
    manage_api_keys = Singleton(
        ManageApiKeys, unit_of_work=Ports.unit_of_work, clock=Ports.clock, ids=Ports.ids
    )
    ensure_admin = Singleton(EnsureAdmin, manage_users=manage_users, ids=Ports.ids)
    repeat_withdrawals = Singleton(
        RepeatWithdrawals,
        erase_lead=Leads.erase_lead,
        manage_api_keys=manage_api_keys,
        manage_users=manage_users,
    )
    read_statistics = Singleton(
        ReadStatistics,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        zone=Ports.settings.provided.timezone,
    )
    roll_up_leads = Singleton(
        RollUpLeads,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        zone=Ports.settings.provided.timezone,
    )
    cached_statistics = Singleton(CachedStatistics, read_statistics=read_statistics, clock=Ports.clock)
    suggest_sources = Singleton(
        SuggestSources, unit_of_work=Ports.unit_of_work, cached_statistics=cached_statistics
    )
    read_dashboard = Singleton(
        ReadDashboard,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        zone=Ports.settings.provided.timezone,
        read_digest=Deliveries.read_digest,
        cached_statistics=cached_statistics,
        disk_floor=Leads.disk_floor,
    )
    check_health = Singleton(
        CheckHealth,
        unit_of_work=Ports.unit_of_work,
        schema=Ports.schema,
        clock=Ports.clock,
        disk_floor=Leads.disk_floor,
        database_disk=Ports.database_disk,
    )
    canary_time = Singleton(
        DailyTime, zone=Ports.settings.provided.timezone, time_of_day=Ports.settings.provided.canary_time
    )
    run_canary = Singleton(
        RunCanary,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        ids=Ports.ids,
        canary_time=canary_time,
        visitor=Ports.form_visitor,
        kept_mails=Ports.kept_mails,
    )
    read_metrics = Singleton(ReadMetrics, unit_of_work=Ports.unit_of_work, clock=Ports.clock)
    run_diagnostics = Singleton(
        RunDiagnostics,
        check_health=check_health,
        unit_of_work=Ports.unit_of_work,
        consistency_checks=Ports.consistency_checks,
        load_file=Leads.load_file,
        clock=Ports.clock,
        zone=Ports.settings.provided.timezone,
        canary_time=canary_time,
        policy=Deliveries.retention_policy,
        secret_box=Ports.secret_box.provider,
    )
