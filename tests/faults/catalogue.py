"""Every campaign, in the order in which they run."""

from tests.faults import (
    k2_killed_schedulers,
    o1_bad_mail_server,
    o4_poison,
    o6_many_schedulers,
    o7_header_injection,
    u1_limits,
    u3_file_names,
    u4_cut_uploads,
)
from tests.faults.campaign import Campaign

CAMPAIGNS: tuple[Campaign, ...] = (
    k2_killed_schedulers.CAMPAIGN,
    o1_bad_mail_server.CAMPAIGN,
    o4_poison.CAMPAIGN,
    o6_many_schedulers.CAMPAIGN,
    o7_header_injection.CAMPAIGN,
    u1_limits.CAMPAIGN,
    u3_file_names.CAMPAIGN,
    u4_cut_uploads.CAMPAIGN,
)
