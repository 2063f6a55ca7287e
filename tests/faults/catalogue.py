"""Every campaign, in the order in which they run."""

from tests.faults import (
    a5_known_addresses,
    b1_backups,
    d1_locked_database,
    d2_many_writers,
    k1_killed_servers,
    k2_killed_schedulers,
    k4_frozen_schedulers,
    k5_stopped_servers,
    o1_bad_mail_server,
    o4_poison,
    o6_many_schedulers,
    o7_header_injection,
    r_races,
    u1_limits,
    u3_file_names,
    u4_cut_uploads,
    w1_killed_reporters,
)
from tests.faults.campaign import Campaign

CAMPAIGNS: tuple[Campaign, ...] = (
    k1_killed_servers.CAMPAIGN,
    k2_killed_schedulers.CAMPAIGN,
    k4_frozen_schedulers.CAMPAIGN,
    k5_stopped_servers.CAMPAIGN,
    d1_locked_database.CAMPAIGN,
    d2_many_writers.CAMPAIGN,
    o1_bad_mail_server.CAMPAIGN,
    o4_poison.CAMPAIGN,
    o6_many_schedulers.CAMPAIGN,
    o7_header_injection.CAMPAIGN,
    w1_killed_reporters.CAMPAIGN,
    *r_races.CAMPAIGNS,
    u1_limits.CAMPAIGN,
    u3_file_names.CAMPAIGN,
    u4_cut_uploads.CAMPAIGN,
    a5_known_addresses.CAMPAIGN,
    b1_backups.CAMPAIGN,
)
