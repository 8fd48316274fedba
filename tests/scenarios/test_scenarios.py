"""Each scenario of this folder is told to the desk in memory, and everything that it expects must be seen."""

from pathlib import Path

import pytest

from maild.cli.inside import run_inside
from maild.simulate.in_memory import world_factory
from maild.simulate.language import Bounce, Mail
from maild.simulate.runner import run_scenario
from maild.simulate.scenario import read_scenario

SCENARIOS = sorted(Path(__file__).parent.glob("*.yaml"))


def test_every_scenario_has_a_number_of_its_own() -> None:
    numbers = [int(path.name[:2]) for path in SCENARIOS]
    assert len(numbers) == len(set(numbers)) == 30


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.name)
async def test_a_scenario_comes_out_as_it_says(path: Path) -> None:
    result = await run_scenario(path, None, world_factory(run_inside))
    seen = [f"{f.file}:{f.line}: step {f.step}: expected {f.expected}; seen: {f.seen}" for f in result.failures]
    assert result.passed, "\n".join(seen)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.name)
def test_every_mail_of_a_scenario_is_followed_by_an_expectation(path: Path) -> None:
    steps = read_scenario(path).steps
    silent = [f"{path}:{s.line}" for s in steps if isinstance(s.action, Mail | Bounce) and s.expect is None]
    assert not silent
