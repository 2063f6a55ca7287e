"""The composition root can build everything it promises."""

import pytest
from dependency_injector import providers
from pydantic import SecretStr

from leadtracker.adapters.log.report_sink import LogReportSink
from leadtracker.adapters.retool.report_sink import RetoolReportSink
from leadtracker.container import Container
from leadtracker.settings import Settings
from tests.support.database import on_sqlite
from tests.support.instruments.concurrency import run_in_threads


@pytest.fixture
def container(database_url: str) -> Container:
    return Container(settings=Settings(database_url=SecretStr(database_url)))


def test_every_provider_is_a_singleton(container: Container) -> None:
    container.check_dependencies()
    for provider in container.providers.values():
        assert provider() is provider()
    container.dialect().close()


@on_sqlite
def test_concurrent_threads_share_singletons(container: Container) -> None:
    built = run_in_threads(8, lambda _: container.capture_lead())
    assert len({id(one) for one in built}) == 1


def test_missing_settings_are_reported() -> None:
    with pytest.raises(Exception, match="settings"):
        Container().check_dependencies()


def test_only_thread_safe_singletons_hold_state() -> None:
    kinds = {
        type(provider)
        for name, provider in Container.providers.items()
        if name not in {"settings", "email_sender"}
    }
    assert kinds == {providers.ThreadSafeSingleton}
    assert type(Container.email_sender) is providers.Resource


@pytest.mark.parametrize(
    ("url", "kind"), [(None, LogReportSink), (SecretStr("http://127.0.0.1/"), RetoolReportSink)]
)
def test_reports_are_logged_without_url(url: SecretStr | None, kind: type) -> None:
    assert type(Container(settings=Settings(retool_url=url)).report_sink()) is kind
