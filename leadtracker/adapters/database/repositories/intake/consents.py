"""The register of consents in the database."""

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.statement_names import param
from leadtracker.adapters.database.engine.statements import StatementExecutor
from leadtracker.adapters.database.tables import ConsentRow, ConsentTextRow
from leadtracker.domain.model.intake.consent import Consent, ConsentForm, text_digest
from leadtracker.domain.ports.intake.consents import Consents


@frozen
class PeeweeConsents(Consents):
    """See the port for its promises."""

    _executor: StatementExecutor

    def add(self, lead_id: str, consent: Consent) -> None:
        digest = text_digest(consent.text)
        self._executor.enqueue_optional_write(
            _insert_text, digest=digest, text=consent.text, first_used_at=consent.at
        )
        self._executor.enqueue_write(
            _insert,
            lead_id=lead_id,
            text_digest=digest,
            at=consent.at,
            form=consent.form,
            language=consent.language,
        )

    def of(self, lead_id: str) -> Consent | None:
        row = self._executor.row(_select, lead_id=lead_id)
        if row is None:
            return None
        return Consent(
            text=row.text,
            version=row.version,
            at=self._executor.dialect.from_db_timestamp(row.at),
            form=ConsentForm(row.form),
            language=row.language,
        )


def _insert_text() -> peewee.Node:
    row = ConsentTextRow
    values = {column: param(column.column_name) for column in row._meta.sorted_fields}
    return row.insert(values).on_conflict(action="nothing", conflict_target=[row.digest])


def _insert() -> peewee.Node:
    return ConsentRow.insert({column: param(column.column_name) for column in ConsentRow._meta.sorted_fields})


def _select() -> peewee.Node:
    row, text, earlier = ConsentRow, ConsentTextRow, ConsentTextRow.alias()
    is_earlier = peewee.Tuple(earlier.first_used_at, earlier.digest) <= peewee.Tuple(
        text.first_used_at, text.digest
    )
    version = earlier.select(peewee.fn.COUNT(peewee.SQL("*"))).where(is_earlier)
    columns = (row.at, row.form, row.language, text.text, version.alias("version"))
    query = row.select(*columns).join(text, on=row.text_digest == text.digest)
    return query.where(row.lead == param("lead_id"))
