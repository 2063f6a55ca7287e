"""Contract suite of ``Consents``."""

from datetime import timedelta

import pytest

from leadtracker.domain.model.intake.consent import Consent, ConsentForm
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.builders import make_lead
from tests.support.clock import NOW

FIRST = Consent(text="I agree. 北京", at=NOW, form=ConsentForm.PAGE, language="en")
LATER = NOW + timedelta(days=1)
CHANGED = Consent(text="I agree to more.", at=LATER, form=ConsentForm.EMBEDDED)


def add(unit_of_work: UnitOfWorkFactory, lead_id: str, consent: Consent) -> None:
    with unit_of_work() as tx:
        tx.leads.add_or_mark_duplicate(make_lead(lead_id, f"{lead_id}@example.com"))
        tx.consents.add(lead_id, consent)
        tx.commit()


def stored(unit_of_work: UnitOfWorkFactory, lead_id: str) -> tuple[Consent, int | None] | None:
    with unit_of_work.read_only() as tx:
        consent = tx.consents.of(lead_id)
    return None if consent is None else (consent, consent.version)


class ConsentsContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store."""

    @pytest.mark.parametrize("consent", [FIRST, CHANGED])
    def test_consent_round_trips(self, unit_of_work: UnitOfWorkFactory, consent: Consent) -> None:
        add(unit_of_work, "a", consent)
        assert stored(unit_of_work, "a") == (consent, 1)

    def test_lead_without_consent_has_none(self, unit_of_work: UnitOfWorkFactory) -> None:
        assert stored(unit_of_work, "unknown") is None

    def test_texts_are_numbered_in_the_order_of_their_first_use(
        self, unit_of_work: UnitOfWorkFactory
    ) -> None:
        for lead_id, consent in (("a", FIRST), ("b", CHANGED), ("c", FIRST)):
            add(unit_of_work, lead_id, consent)
        versions = [stored(unit_of_work, lead_id) for lead_id in "abc"]
        assert versions == [(FIRST, 1), (CHANGED, 2), (FIRST, 1)]

    def test_consent_is_erased_with_lead(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, "a", FIRST)
        add(unit_of_work, "b", FIRST)
        with unit_of_work() as tx:
            tx.leads.erase("a")
            tx.commit()
        assert stored(unit_of_work, "a") is None
        assert stored(unit_of_work, "b") == (FIRST, 1)

    def test_failed_unit_of_work_stores_no_consent(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            tx.leads.add_or_mark_duplicate(make_lead())
            tx.consents.add("lead-1", FIRST)
        assert stored(unit_of_work, "lead-1") is None
