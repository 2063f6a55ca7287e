"""U4: uploads that are cut off anywhere leave nothing behind."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.faults.campaign import Campaign, Ground
from tests.faults.served import served
from tests.support.files import PDF
from tests.support.forms import file_part, lead_form, upload
from tests.support.wire import responses_to, statuses

_CUTS = 200
_EDGE = 40
_IMPATIENCE = 0.2
_CLIENTS = 8


def run(ground: Ground) -> None:
    """Announce a whole form and send a part of it: every edge, and places in between."""
    form = lead_form(file_part(PDF + bytes(1024 * 1024)))
    edges = [*range(_EDGE), *range(len(form) - _EDGE, len(form))]
    offsets = [*edges, *(ground.dice.randrange(len(form)) for _ in range(_CUTS - len(edges)))]
    with served(ground) as web:

        def cut(offset: int) -> list[int]:
            request = upload(form[:offset], announced=len(form))
            return statuses(responses_to(web.site.port, request, patience=_IMPATIENCE))

        with ThreadPoolExecutor(_CLIENTS) as pool:
            responses = Counter(status for found in pool.map(cut, offsets) for status in found)
        ground.tally.tell(cuts=len(offsets))
        ground.tally.exactly(0, other_responses=responses.total() - responses[400])
        ground.tally.exactly(
            0, leads=ground.back_door.count("leads"), resumes=ground.back_door.count("resumes")
        )
        whole = statuses(responses_to(web.site.port, upload(form, announced=len(form))))
        ground.tally.exactly([201], whole_one=whole)


CAMPAIGN = Campaign("U4", "uploads cut off anywhere", run)
