"""The desks of examples/: each file is without a warning, each scenario comes out as it says, and each can fail."""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
from faults.figures import IS_ASKED_FOR
from rules_files import ROOT
from rules_mutants import Mutant, bare, copied, loads, unchanged, with_another_number, without_a_part

from maild.cli.inside import run_inside
from maild.config.load import check
from maild.errors import BadInput
from maild.simulate.in_memory import world_factory
from maild.simulate.runner import run_scenario
from maild.simulate.scenario import find_scenarios

EXAMPLES = ROOT / "examples"
EVERY = 1 if IS_ASKED_FOR else 8  # mutants: `make policies` plays all of them, `make test` one in so many
RULES = sorted(EXAMPLES.glob("*/rules*.yaml"))
DESKS = sorted(path.parent for path in EXAMPLES.glob("*/rules.yaml"))
SCENARIOS = find_scenarios([EXAMPLES])
# Kept by what maild does without being told: no rules file without them. tests/scenarios breaks that.
NO_POLICY = frozenset({"p11"})
# Mutants that no scenario notices, and why that is no gap.
UNNOTICED: frozenset[tuple[str, str]] = frozenset({("kapisupport", "no closing")})  # the default, said for the reader


def _named(path: Path) -> str:
    return str(path.relative_to(EXAMPLES))


async def _passes(scenario: Path, rules: Path | None = None) -> bool:
    try:
        return (await run_scenario(scenario, rules, world_factory(run_inside))).passed
    except BadInput:  # a step that can't be taken: the mail is not there whose link is clicked
        return False


@pytest.mark.parametrize("rules", RULES, ids=_named)
def test_a_rules_file_has_no_mistake_and_no_warning(rules: Path) -> None:
    assert check(rules) == []


@pytest.mark.parametrize("path", SCENARIOS, ids=_named)
async def test_a_scenario_comes_out_as_it_says(path: Path) -> None:
    result = await run_scenario(path, None, world_factory(run_inside))
    seen = [f"{f.file}:{f.line}: step {f.step}: expected {f.expected}; seen: {f.seen}" for f in result.failures]
    assert result.passed, "\n".join(seen)


@pytest.mark.parametrize("path", SCENARIOS, ids=_named)
async def test_a_scenario_fails_at_a_desk_without_that_policy(path: Path, tmp_path: Path) -> None:
    folder = copied(path.parents[1], tmp_path / "desk")
    passes = await _passes(path, bare(path.parents[1] / "rules.yaml").write(folder))
    assert passes == (path.stem.partition("-")[0] in NO_POLICY)


@pytest.mark.parametrize("path", SCENARIOS[::EVERY], ids=_named)
async def test_a_scenario_passes_where_a_mutant_stands_that_changes_nothing(path: Path, tmp_path: Path) -> None:
    folder = copied(path.parents[1], tmp_path / "desk")
    assert await _passes(path, unchanged(path.parents[1] / "rules.yaml").write(folder))


def _mutants() -> Iterator[tuple[Path, Mutant]]:
    for desk in DESKS:
        for mutant in (*without_a_part(desk / "rules.yaml"), *with_another_number(desk / "rules.yaml")):
            yield desk, mutant


MUTANTS = [pytest.param(desk, mutant, id=f"{desk.name}: {mutant.words}") for desk, mutant in _mutants()]


@pytest.mark.parametrize(("desk", "mutant"), MUTANTS[::EVERY])
async def test_a_change_of_the_rules_turns_a_scenario_red(desk: Path, mutant: Mutant, tmp_path: Path) -> None:
    rules = mutant.write(copied(desk, tmp_path / "desk"))
    noticed = not loads(rules)
    for scenario in () if noticed else _of(desk):
        if not await _passes(scenario, rules):
            noticed = True
            break
    assert noticed == ((desk.name, mutant.words) not in UNNOTICED)


@cache
def _of(desk: Path) -> Sequence[Path]:
    """Its scenarios; the long story first, since most changes show there."""
    return sorted(find_scenarios([desk]), key=lambda path: not path.stem.startswith("three-weeks"))


def test_the_page_of_requirements_is_made_from_the_examples() -> None:
    script = [sys.executable, str(ROOT / "scripts" / "policies.py"), "--check"]
    made = subprocess.run(script, check=False, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr


def test_each_scenario_is_of_one_requirement_or_a_story() -> None:
    named = re.compile(r"[kimpd]\d{1,2}-[a-z0-9-]+|three-weeks-at-[a-z]+")
    assert [path for path in SCENARIOS if not named.fullmatch(path.stem)] == []
