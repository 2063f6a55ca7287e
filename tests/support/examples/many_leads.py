"""More leads than a request could add."""

from tests.support.database import execute

_FILL = """
    INSERT INTO leads (id, first_name, email, identity, source, state, version, created_at, updated_at,
                       follow_up_at, enquiries)
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {number})
    SELECT 'many-' || (100000 + n), 'P' || (999999 - n), n || '@many.example', n || '@many.example',
           CASE WHEN n <= 2 THEN 'rare' ELSE 'web' END, 'PENDING', 1,
           '2026-11-01T00:00:00.000000Z', '2026-11-01T00:00:00.000000Z', '9999-12-31T23:59:59.999999Z', 0
    FROM numbers
"""


def add_many_leads(database_url: str, number: int) -> None:
    """Add leads to a database, of which two have the source ``rare``, without a search document."""
    execute(database_url, _FILL.format(number=number))
