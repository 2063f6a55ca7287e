"""Every campaign, in the order in which they run."""

from tests.faults.campaign import Campaign
from tests.faults.intake import (
    cut_uploads,
    enumeration,
    file_names,
    races,
    rejected_submissions,
    upload_limits,
)
from tests.faults.mails import header_injection, smtp_flaky, smtp_poison
from tests.faults.processes import (
    backup_restore,
    freeze_scheduler,
    kill_imports,
    kill_reports,
    kill_scheduler,
    kill_web,
    locked_database,
    many_schedulers,
    many_writers,
    stop_web,
    two_hosts,
)
from tests.faults.simulation import campaign as simulation

CAMPAIGNS: tuple[Campaign, ...] = (
    kill_web.CAMPAIGN,
    kill_scheduler.CAMPAIGN,
    freeze_scheduler.CAMPAIGN,
    stop_web.CAMPAIGN,
    locked_database.CAMPAIGN,
    many_writers.CAMPAIGN,
    smtp_flaky.CAMPAIGN,
    smtp_poison.CAMPAIGN,
    many_schedulers.CAMPAIGN,
    header_injection.CAMPAIGN,
    kill_reports.CAMPAIGN,
    kill_imports.CAMPAIGN,
    *races.CAMPAIGNS,
    upload_limits.CAMPAIGN,
    file_names.CAMPAIGN,
    cut_uploads.CAMPAIGN,
    enumeration.CAMPAIGN,
    rejected_submissions.CAMPAIGN,
    backup_restore.CAMPAIGN,
    two_hosts.CAMPAIGN,
    simulation.CAMPAIGN,
)
