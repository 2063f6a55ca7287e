"""Every campaign, in the order in which they run."""

from tests.faults.abuse import (
    account_enumeration,
    malformed_requests,
    many_duplicates,
    password_guessing,
    silent_connections,
)
from tests.faults.harness.campaign import Campaign
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
    kill_retention,
    kill_scheduler,
    kill_web,
    locked_database,
    many_schedulers,
    many_writers,
    stop_web,
    two_hosts,
)
from tests.faults.reports import downtimes, receiver_answers, skewed_clocks, week_arithmetic
from tests.faults.simulation import campaign as simulation
from tests.faults.storage import exit_points, failing_calls, full_disk, pooler_restarts, postgres_restarts

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
    kill_retention.CAMPAIGN,
    skewed_clocks.CAMPAIGN,
    downtimes.CAMPAIGN,
    week_arithmetic.CAMPAIGN,
    receiver_answers.CAMPAIGN,
    exit_points.CAMPAIGN,
    failing_calls.CAMPAIGN,
    full_disk.CAMPAIGN,
    postgres_restarts.CAMPAIGN,
    pooler_restarts.CAMPAIGN,
    *races.CAMPAIGNS,
    upload_limits.CAMPAIGN,
    file_names.CAMPAIGN,
    cut_uploads.CAMPAIGN,
    account_enumeration.CAMPAIGN,
    enumeration.CAMPAIGN,
    rejected_submissions.CAMPAIGN,
    silent_connections.CAMPAIGN,
    password_guessing.CAMPAIGN,
    many_duplicates.CAMPAIGN,
    malformed_requests.CAMPAIGN,
    backup_restore.CAMPAIGN,
    two_hosts.CAMPAIGN,
    simulation.CAMPAIGN,
)
