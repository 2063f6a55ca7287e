"""The database that benchmarks fill with leads is one that the program could have written."""

from pathlib import Path

from tests.bench.measurements.scaling import Office
from tests.bench.targets.seeding import search_document
from tests.support.database import execute

_TERMS = """
    SELECT search_document, first_name, last_name, email, coalesce(phone, ''), message
    FROM leads JOIN lead_search ON lead_id = id
"""


def test_filled_database_lacks_only_deliveries_and_a_scheduler(tmp_path: Path) -> None:
    with Office.opened(tmp_path, 300) as office:
        office.prepare()
        failed = {check.name for check in office.container.run_diagnostics()() if not check.passed}
    assert failed == {"scheduler", "enqueued"}


def test_leads_have_the_search_terms_that_the_program_gives_them(tmp_path: Path) -> None:
    with Office.opened(tmp_path, 200) as office:
        stored = execute(f"sqlite:///{office.path}", _TERMS)
    assert len(stored) == 200
    for document, *fields, phone, message in stored:
        row = ("", *fields, "", phone, message)
        assert set(document.split()) == set(search_document(row).split())
