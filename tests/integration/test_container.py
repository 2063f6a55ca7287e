"""The composition root can build everything it promises."""

import pytest
from dependency_injector import providers
from pydantic import SecretStr

from leadtracker.adapters.log.report_sink import LogReportSink
from leadtracker.adapters.retool.report_sink import RetoolReportSink
from leadtracker.container import Container
from leadtracker.settings import Settings
from tests.support.concurrency import in_threads
from tests.support.kinds import on_sqlite


@pytest.fixture
def container(database_url: str) -> Container:
    return Container(settings=Settings(database_url=SecretStr(database_url)))


def test_everything_can_be_built_and_once_only(container: Container) -> None:
    container.check_dependencies()
    for provider in container.providers.values():
        assert provider() is provider()
    container.dialect().close()


@on_sqlite
def test_threads_share_what_they_build_at_the_same_time(container: Container) -> None:
    built = in_threads(8, lambda _: container.capture_lead())
    assert len({id(one) for one in built}) == 1


def test_without_its_settings_it_says_so() -> None:
    with pytest.raises(Exception, match="settings"):
        Container().check_dependencies()


def test_nothing_is_kept_by_other_means_than_a_thread_safe_singleton() -> None:
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
def test_without_a_url_reports_go_to_the_log(url: SecretStr | None, kind: type) -> None:
    assert type(Container(settings=Settings(retool_url=url)).report_sink()) is kind
