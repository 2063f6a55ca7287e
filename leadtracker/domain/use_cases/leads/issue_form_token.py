"""Hand out the public form."""

from attrs import frozen

from leadtracker.domain.model.intake.form_token import SHORTEST_FILLING, FormTicket
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.id_source import IdSource


@frozen
class OpenForm:
    """Makes the tickets of forms."""

    _clock: Clock
    _ids: IdSource

    def __call__(self) -> FormTicket:
        """The ticket of a form that nobody has seen before."""
        return FormTicket(self._ids.secret(), self._clock.now())

    def again(self, ticket: FormTicket | None) -> FormTicket:
        """The ticket of a form that is shown once more, filled in: the same, if it is good for another try.

        Else it is one that can be sent at once, since all that is left to do may be a click.
        """
        now = self._clock.now()
        if ticket is not None and not ticket.is_over(now):
            return ticket
        return FormTicket(self._ids.secret(), now - SHORTEST_FILLING)
