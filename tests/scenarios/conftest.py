"""What all scenarios share: the rules and the stories are the same each time, so they are read once."""

from functools import cache

import pytest

from maild.config.load import load
from maild.simulate import in_memory, runner
from maild.simulate.scenario import read_scenario

_load = cache(load)
_read_scenario = cache(read_scenario)


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fifth of a short scenario's time would go into reading them anew."""
    monkeypatch.setattr(in_memory, "load", _load)
    monkeypatch.setattr(runner, "read_scenario", _read_scenario)
