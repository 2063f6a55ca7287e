"""Hand out the public form."""

from attrs import frozen

from leadtracker.domain.model.intake.form_token import MIN_FORM_FILL_TIME, FormToken
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.id_source import IdSource


@frozen(kw_only=True)
class IssueFormToken:
    """Makes the tickets of forms."""

    _clock: Clock
    _ids: IdSource

    def __call__(self) -> FormToken:
        """The ticket of a form that nobody has seen before."""
        return FormToken(self._ids.secret(), self._clock.now())

    def again(self, form_token: FormToken | None) -> FormToken:
        """The ticket of a form that is shown once more, filled in: the same, if it is good for another try.

        Else it is one that can be sent at once, since all that is left to do may be a click.
        """
        now = self._clock.now()
        if form_token is not None and not form_token.is_over(now):
            return form_token
        return FormToken(self._ids.secret(), now - MIN_FORM_FILL_TIME)
