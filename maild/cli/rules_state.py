"""What of `maild status` is about the rules: which are in force, which does the file hold, and why are they others?

It answers while the file is broken, or gone: that is when it is asked.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from maild.cli.output import local
from maild.errors import BadConfig
from maild.settings import Settings

MOST_SHOWN = 5  # mistakes


@dataclass(frozen=True, slots=True)
class WrittenRules:
    """The rules as the file has them now. `settings`: as far as they can be read, where there are problems."""

    settings: Settings
    version: str
    problems: tuple[str, ...] = ()


def read_rules(path: Path) -> WrittenRules:
    """Read the file. BadConfig where it is wrong, and no desk can be found by what of it is right."""
    from maild.cli.place import given
    from maild.config.partial import part_of

    if inside := given.get():
        settings = inside.desk.settings
        return WrittenRules(settings, settings.digest)
    found, settings = part_of(path)
    errors = [p for p in found.problems if p.severity == "error"]
    if errors and not settings.store.database.is_file():
        raise BadConfig(errors)
    return WrittenRules(_as_told(settings) if errors else settings, found.version, tuple(map(str, errors)))


def _as_told(settings: Settings) -> Settings:
    """With the name and clock of the desk that runs: of a broken file they may be stand-ins."""
    from maild.cli.running import running

    said = (running(settings.store.database) or {}).get("site")
    if not isinstance(said, dict):
        return settings
    return settings.model_copy(update={"site": settings.site.model_copy(update=said)})


def rules_state(written: WrittenRules, daemon: dict[str, Any] | None) -> dict[str, Any]:
    """As --json prints it. `in_force` is None where no daemon runs or it has not said."""
    said = (daemon or {}).get("rules")
    told = said if isinstance(said, dict) else {}
    # What the daemon says of that very version counts: it may lack a secret that we have, or lack a file's leave.
    problems = told.get("problems", ()) if told.get("in_files") == written.version else written.problems
    return {
        "in_force": told.get("digest"),
        "since": told.get("since"),
        "in_files": written.version or None,
        "problems": list(problems or written.problems),
        "waiting": list(told.get("waiting", ())),
    }


def rules_lines(rules: dict[str, Any], zone: ZoneInfo) -> list[str]:
    """The same for people."""
    lines, in_force, problems = [], rules["in_force"], rules["problems"]
    in_files = f"the files hold version {rules['in_files']}" if rules["in_files"] else "the rules file can't be read"
    is_same = in_force == rules["in_files"]
    if in_force:
        also = ", as the files say" if is_same and not problems else ""
        lines.append(f"version {in_force} is in force since {_instant(rules['since'], zone)}{also}")
    if problems:
        many = f"{len(problems)} mistake{'s' if len(problems) > 1 else ''}"
        lines.append(f"{in_files}: not taken up, {many}" if in_force else f"{in_files}: {many}")
        lines += [f"  {problem}" for problem in problems[:MOST_SHOWN]]
        lines += [f"  and {len(problems) - MOST_SHOWN} more: maild check"] if len(problems) > MOST_SHOWN else []
    elif in_force and not is_same:
        lines.append(f"{in_files}: not taken up yet, which takes a second")
    if rules["waiting"]:
        lines.append(f"waits for a restart of maild: {', '.join(rules['waiting'])}")
    return [f"{'' if n else 'rules:':11}{line}" for n, line in enumerate(lines)]


def _instant(written: object, zone: ZoneInfo) -> str:
    try:
        return local(datetime.fromisoformat(str(written)), zone)
    except ValueError:
        return "its start"
