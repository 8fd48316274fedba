"""What all scenarios share: the rules and the templates are the same each time, so they are read once."""

from functools import cache

import pytest

from maild.config import desk
from maild.config.load import load
from maild.simulate import in_memory
from maild.writing.render import Renderer


@cache
def _renderer(*folders: object) -> Renderer:
    return Renderer(folders)  # type: ignore[arg-type]


_load = cache(load)


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than half of a short scenario's time would go into reading them anew."""
    monkeypatch.setattr(desk, "Renderer", lambda folders, *_: _renderer(*folders))
    monkeypatch.setattr(in_memory, "load", _load)
