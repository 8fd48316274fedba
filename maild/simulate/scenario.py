"""Reads scenario files: which files are scenarios, and the story that each tells, step by step, with line numbers."""

import re
import shlex
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from maild.errors import BadInput
from maild.simulate.language import (
    TEMPLATES,
    Action,
    Bounce,
    CommandLine,
    Mail,
    RulesChange,
    Scenario,
    SmtpFault,
    Step,
    Until,
    Wait,
)
from maild.simulate.nodes import Place, read_file
from maild.simulate.read_expect import read_expect
from maild.simulate.read_mail import read_address, read_mail, read_selector

_ACTIONS = ("mail", "wait", "until", "command", "rules_change", "smtp", "bounce")
_OF_BOUNCE = ("status", "from", "to")
_STEP_KEYS = (*_ACTIONS, *_OF_BOUNCE, "expect")
_IS_SCENARIO = re.compile(rb"^(?:scenario|steps)\s*:", re.MULTILINE)
_DURATION = re.compile(r"(\d{1,6})\s?([mhdw])")
_STATUS = re.compile(r"[45]\.\d{1,3}\.\d{1,3}")


def find_scenarios(paths: Iterable[Path]) -> list[Path]:
    """The scenario files that files and folders stand for, in order. In a folder, other YAML files are passed over.

    Raises BadInput for a path that is not there and for a folder without a scenario.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            files = sorted(p for ending in ("yaml", "yml") for p in path.rglob(f"*.{ending}") if p.is_file())
            inside = [p for p in files if _IS_SCENARIO.search(p.read_bytes())]
            if not inside:
                raise BadInput(f"{path}: there is no scenario in this folder (a YAML file with scenario: and steps:)")
            found.extend(inside)
        elif path.is_file():
            found.append(path)
        else:
            raise BadInput(f"{path}: there is no such file or folder")
    return found


def rules_for(scenario: Scenario, chosen: Path | None) -> Path:
    """The rules file to use: the one chosen (`--rules`), else what `rules:` names, else rules.yaml here or above."""
    if chosen is not None:
        return chosen
    if scenario.rules is not None:
        if not scenario.rules.is_file():
            raise BadInput(f"{scenario.file}:{scenario.rules_line}: there is no file {scenario.rules}; mend rules:")
        return scenario.rules
    folder = scenario.file.resolve().parent
    for place in (folder, folder.parent):
        if (place / "rules.yaml").is_file():
            return place / "rules.yaml"
    raise BadInput(f"{scenario.file}:1: no rules.yaml in its folder or the one above; say rules: FILE, or give --rules")


def read_scenario(file: Path) -> Scenario:
    """The story in a file. Raises BadInput: FILE:LINE: what is wrong, and what to do."""
    top = read_file(file)
    keys = top.keys(("scenario", "rules", "start", "steps"))
    for key in ("scenario", "start", "steps"):
        if key not in keys:
            raise top.wrong(f"'{key}:' is missing; a scenario has scenario:, start: and steps:")
    steps: list[Step] = []
    names: list[str] = []
    for number, place in enumerate(keys["steps"].items(), start=1):
        steps.append(_step(place, names, number))
    if not steps:
        raise keys["steps"].wrong("there are no steps; a story needs at least one")
    return Scenario(
        file=file,
        title=keys["scenario"].text(),
        start=keys["start"].instant(),
        steps=tuple(steps),
        rules=file.parent / keys["rules"].text() if "rules" in keys else None,
        rules_line=keys["rules"].line if "rules" in keys else 0,
        own_templates=tuple(t for step in steps for t in _templates(step) if t[1] not in TEMPLATES),
    )


def _step(place: Place, names: list[str], number: int) -> Step:
    """One step; the name that its mail bears is added to `names`."""
    place = Place(place.file, "a step", place.node)
    keys = place.keys(_STEP_KEYS)
    found = [a for a in _ACTIONS if a in keys]
    if len(found) != 1:
        raise place.wrong(f"a step does one thing: one of {', '.join(_ACTIONS)}; here are {len(found)}")
    if "status" in keys and found[0] != "bounce":
        raise keys["status"].wrong("'status' belongs to bounce:; a ticket's stands in expect: {ticket: {status: ..}}")
    for name in ("from", "to"):
        if name in keys and found[0] != "bounce":
            raise keys[name].wrong(f"'{name}' stands within mail: or beside bounce:, not here")
    action = _action(found[0], keys, names, number)
    if isinstance(action, Mail) and "as" in action.lines:
        names.append(action.name)
    expect = read_expect(keys["expect"], action, names) if "expect" in keys else None
    return Step(place.line, action, expect)


def _action(name: str, keys: dict[str, Place], names: list[str], number: int) -> Action:
    place = keys[name]
    match name:
        case "mail":
            return read_mail(place, names, f"step.{number}")
        case "wait":
            return _wait(place)
        case "until":
            return Until(place.instant())
        case "command":
            return _command(place)
        case "rules_change":
            return RulesChange(place.path())
        case "smtp":
            fault = place.keys(("fail", "times"))
            if "fail" not in fault:
                raise place.wrong("smtp takes {fail: CODE, times: NUMBER}, such as {fail: 451, times: 3}")
            times = fault["times"].number(1, 10_000) if "times" in fault else 1
            return SmtpFault(fault["fail"].number(400, 599), times)
        case _:
            status = keys["status"].text() if "status" in keys else "5.1.1"
            if not _STATUS.fullmatch(status):
                raise keys["status"].wrong(f"'{status}' is no code of a failure; write it like 5.1.1 or 4.2.2")
            sender, to = (read_address(keys[name]) if name in keys else "" for name in ("from", "to"))
            return Bounce(read_selector(place), status, sender, to)


def _wait(place: Place) -> Wait:
    match = _DURATION.fullmatch(place.text().strip())
    if not match:
        raise place.wrong(f"'{place.text()}' is no length of time; write 30m, 4h, 2d or 1w")
    count = int(match[1])
    match match[2]:
        case "m":
            return Wait(0, timedelta(minutes=count))
        case "h":
            return Wait(0, timedelta(hours=count))
        case "d":
            return Wait(count, timedelta())
        case _:
            return Wait(7 * count, timedelta())


def _command(place: Place) -> CommandLine:
    try:
        words = shlex.split(place.text())
    except ValueError as error:
        raise place.wrong(f"this is no command line: {error}") from None
    if len(words) < 2 or words[0] != "maild":
        raise place.wrong("command takes a command line of maild, such as: maild tickets list")
    return CommandLine(tuple(words[1:]))


def _templates(step: Step) -> Iterator[tuple[int, str]]:
    """Every template that a step names, with its line."""
    match step.action:
        case Mail(selector=selector, way=way, lines=lines) if selector is not None and selector.template:
            yield lines[way.value], selector.template
        case Bounce(selector=selector) if selector.template:
            yield step.line, selector.template
    if step.expect is not None:
        sent = step.expect.sent[1] if step.expect.sent else ()
        for wanted in (*sent, *step.expect.includes, *step.expect.excludes):
            if wanted.template:
                yield wanted.line, wanted.template
