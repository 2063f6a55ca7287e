"""Settings of the texts on the public form."""

from typing import Annotated

from pydantic import AfterValidator, Field

from leadtracker.settings.form_texts import check_label, check_text
from leadtracker.settings.schema.identity import IdentityFields

_Label = Annotated[str | None, AfterValidator(check_label)]
_Text = Annotated[str | None, AfterValidator(check_text)]


class FormFields(IdentityFields):
    """Texts of the public form, in one language or in several."""

    form_heading: _Label = Field(
        default=None,
        description="Heading of the public form, instead of “How can we help?”; a text, or texts by "
        "language.",
        examples=['{"en": "Ask our lawyers", "de": "Fragen Sie uns"}'],
    )
    form_introduction: _Text = Field(
        default=None,
        description="Text below the heading of the public form; a text, or texts by language. Addresses such "
        "as `https://www.firm.example` become links.",
        examples=["Call us at +44 20 7946 0018 if it is urgent."],
    )
    form_files_label: _Label = Field(
        default=None,
        description="Label of the files on the public form, instead of “Resume, documents or photos”; a "
        "text, or texts by language.",
        examples=["Photos of the damage"],
    )
    thanks_text: _Text = Field(
        default=None,
        description="Text of the thank-you page; a text, or texts by language. Addresses become links.",
        examples=["We answer within one working day. See https://www.firm.example/faq in the meantime."],
    )
    consent_text: _Text = Field(
        default=None,
        description="Text of a required consent on the public form; a text, or texts by language. Addresses "
        "become links. Without it no consent is required.",
        examples=["I agree that Lee & Partners stores what I wrote here to answer me."],
    )
