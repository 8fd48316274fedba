"""Is a figure of the catalogue of faults one of a test that has passed? See faults/figures.py."""

from collections.abc import Generator

import pytest
from faults.figures import forget, spoil
from hypothesis import HealthCheck, settings

# How long an example took says how busy the machine is; time is for bench/.
settings.register_profile("maild", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("maild")


def pytest_runtest_setup(item: pytest.Item) -> None:
    forget(item.nodeid)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        spoil(item.nodeid)
    return report
