"""Captured leads with deliveries to webhook endpoints."""

from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.settings import Settings
from tests.support.builders import make_fields

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - guards nothing


def capture(database_url: str, urls: str, *addresses: str) -> None:
    """Capture a lead for each address in an installation that notifies ``urls``."""
    container = Container(
        settings=Settings(
            database_url=SecretStr(database_url),
            webhook_urls=SecretStr(urls),
            webhook_secret=SecretStr(SECRET),
        )
    )
    for address in addresses:
        container.capture_lead()(PUBLIC, make_fields(address))
    container.dialect().close()
