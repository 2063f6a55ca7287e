"""Settings from values that a test gives, without a look at the environment and at files."""

from typing import Any

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from leadtracker.settings import Settings


class GivenSettings(Settings):
    """Settings that are validated like others, in a tenth of the time: no source but the arguments.

    Nearly every test over HTTP builds an application, and the environment of tests holds no settings.
    """

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is the library's
        init_settings: PydanticBaseSettingsSource,
        *sources: Any,  # noqa: ARG003 - as above
        **named_sources: Any,  # noqa: ARG003 - as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)
