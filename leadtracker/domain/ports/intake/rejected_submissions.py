"""Port: stored rejected submissions."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.intake.rejected_submission import RejectedSubmission
from leadtracker.domain.model.values.paging import Cursor


class RejectedSubmissions(Protocol):
    """Stores rejected submissions until they are released, deleted, dropped or purged."""

    def is_full(self, client: str, since: datetime, digest: str) -> bool:
        """Return True if ``add`` would store nothing: the body is known, or the client has sent too many.

        Args:
            client: the client of the submission.
            since: the start of the period in which the client's submissions are counted.
            digest: of the submission.
        """
        ...

    def add(self, rejected: RejectedSubmission, since: datetime) -> bool:
        """Store a rejected submission unless ``is_full``, and drop the oldest beyond the bounds.

        Returns:
            True if it was stored.
        """
        ...

    def get(self, rejected_id: str) -> RejectedSubmission:
        """Return the rejected submission with that id; a writing unit of work locks it against removal.

        Raises:
            QuarantinedLeadNotFound: no rejected submission has that id.
        """
        ...

    def page(self, *, limit: int, after: Cursor | None = None) -> list[RejectedSubmission]:
        """Return at most ``limit`` rejected submissions after the cursor ``after``, the latest first."""
        ...

    def count(self, *, limit: int) -> int:
        """Return the number of rejected submissions, at most ``limit``."""
        ...

    def remove(self, rejected_id: str) -> None:
        """Delete a rejected submission permanently.

        Raises:
            QuarantinedLeadNotFound: no rejected submission has that id.
        """
        ...

    def remove_of_form(self, form_id: str) -> None:
        """Delete the rejected submissions with a form token, since the form was accepted later."""
        ...

    def purge(self, before: datetime) -> int:
        """Delete those received before a timestamp; return their number."""
        ...
