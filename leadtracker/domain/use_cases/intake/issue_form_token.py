"""Issue the tokens of public forms."""

from attrs import frozen

from leadtracker.domain.model.intake.form_token import MIN_FORM_FILL_TIME, FormToken
from leadtracker.domain.ports.system import Clock, IdSource


@frozen(kw_only=True)
class IssueFormToken:
    """Issue a token for each form that is served."""

    _clock: Clock
    _ids: IdSource

    def __call__(self) -> FormToken:
        """Return the token of a new form."""
        return FormToken(self._ids.secret(), self._clock.now())

    def again(self, form_token: FormToken | None) -> FormToken:
        """Return the token of a form that is shown again with the visitor's input.

        A token that has not expired is reused. A new one is dated back, so that the visitor, whose form may
        already be complete, can submit it at once.
        """
        now = self._clock.now()
        if form_token is not None and not form_token.is_over(now):
            return form_token
        return FormToken(self._ids.secret(), now - MIN_FORM_FILL_TIME)
