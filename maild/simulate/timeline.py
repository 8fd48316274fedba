"""How is a scenario's story shown: as a timeline for people, as one JSON line for programs?"""

from typing import Any

from rich.console import Console
from rich.text import Text

from maild.simulate.runner import EntryKind, ScenarioResult

# kind -> what stands before the text, and the style where the terminal has colours
_MARKS: dict[EntryKind, tuple[str, str]] = {
    EntryKind.STEP: ("..", "dim"),
    EntryKind.MAIL_IN: ("<-", "bold cyan"),
    EntryKind.VERDICT: ("   =", "yellow"),
    EntryKind.RULE: ("   +", "dim"),
    EntryKind.TIMER: ("   *", "magenta"),
    EntryKind.MAIL_OUT: ("   ->", "green"),
    EntryKind.FAILURE: ("   FAILED", "bold red"),
}


def print_story(result: ScenarioResult, console: Console) -> None:
    """Prints the timeline, then whether the scenario passed. Plain text where the console is no terminal."""
    _timeline(result, console)
    if result.passed:
        _line(console, f"passed ({result.steps} steps)", "bold green")
    else:
        _line(console, f"failed: {len(result.failures)} expectations in {result.steps} steps", "bold red")
        for failure in result.failures:
            _line(console, f"{failure.file}:{failure.line}: step {failure.step}", "red")
            _line(console, f"  expected: {failure.expected}", "")
            _line(console, f"  seen:     {failure.seen}", "")


def print_so_far(result: ScenarioResult, console: Console) -> None:
    """Prints the timeline up to the step that can't be taken. Why it can't is the error's to say."""
    _timeline(result, console)
    _line(console, "it stops here: the next step can't be taken", "bold red")


def _timeline(result: ScenarioResult, console: Console) -> None:
    _line(console, f"{result.file}: {result.scenario}", "bold")
    for entry in result.timeline:
        mark, style = _MARKS[entry.kind]
        _line(console, f"{entry.at:%a %Y-%m-%d %H:%M}  {mark} {entry.text}", style)


def _line(console: Console, text: str, style: str) -> None:
    # A subject is in a stranger's hands: nothing of it may steer the terminal.
    safe = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    console.print(Text(safe, style=style), soft_wrap=True)


def as_json(result: ScenarioResult) -> dict[str, Any]:
    """What `maild simulate --json` prints on the scenario's line."""
    failures = [
        {"file": f.file, "line": f.line, "step": f.step, "expected": f.expected, "seen": f.seen}
        for f in result.failures
    ]
    return {"file": result.file, "passed": result.passed, "steps": result.steps, "failures": failures}
