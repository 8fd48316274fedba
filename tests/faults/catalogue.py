"""What does the catalogue of faults ask for, and what was reached? A table of its ids and the figures of the last runs.

`python -m faults.catalogue`, with tests/ on the path; `make faults` ends with it. A figure may be of several parts,
files NAME.PART.json: those of the last run are put together. Numbers are added up, but of `..._at_most` the largest
counts. Exit 1 where something was tried in full and misses its goal, or was not tried in a full run.
"""

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faults.figures import APART, FOLDER, SCALE

_GREATEST = "_at_most"


@dataclass(frozen=True)
class Goal:
    """A line of the catalogue. `number` of what `of` counts is asked for; each of `limits` may be that much at most.

    `name`: of the figures, the id unless told. `enough`: the share of the number that a full run has to reach, where
    it tries less than the catalogue asks for. `made_by`: the command, where it is not `make faults`. `note`: what is to
    be known of it. `why_not`: it can't be tried here.
    """

    id: str
    fault: str
    number: int | str = 1  # or the field that holds it
    of: str = ""
    limits: Mapping[str, float] = field(default_factory=dict)
    name: str = ""
    enough: float = 1.0
    made_by: str = ""
    note: str = ""
    why_not: str = ""


NONE_LOST = {"lost": 0, "tickets_doubled": 0, "of_them_unequal": 0}
GOALS = (
    Goal(
        "I01",
        "SIGKILL at each named point",
        10_000,
        "kills",
        NONE_LOST | {"doubled_outside_k17_to_k18": 0},
        "kills",
        note="that window is open while a mail is in DATA, at whatever point the process is killed",
    ),
    Goal("I02", "SIGKILL at random moments", 2000, "kills", NONE_LOST, "process-kills-at-random", enough=0.15),
    Goal("I03", "a fault at each await that suspends", "suspending", "hit", {"lost": 0}, "awaits", enough=0.95),
    Goal(
        "I04",
        "power loss",
        1000,
        "images",
        {"lost": 0, "corrupt": 0, "keys_lost": 0, "marks_ahead": 0, "marks_lost": 0, "faults_after_a_start": 0},
    ),
    Goal("I05", "half-open TCP in IDLE", 100, "black_holes", {"noticed_after_at_most_s": 300, "mailboxes_delayed": 0}),
    Goal("I06", "no EXISTS is ever sent", 1000, "mails", {"not_found": 0, "found_after_at_most_s": 300}),
    Goal("I07", "cut within a literal at any octet", 5000, "cuts", {"truncated": 0, "lost": 0}, enough=0.9),
    Goal("I08", "sizes that lie, literals of 2^40", 5, "lies", {"grown_at_most_mib": 32, "believed": 0}),
    Goal("I09", "FETCH data of others, NIL, flags between", 10_000, "mails", {"cross_assigned": 0, "of_them_kept": 0}),
    Goal(
        "I10",
        "UIDVALIDITY reset, known mails",
        10_000,
        "known_mails",
        {"tickets_for_known": 0, "mails_out_for_known": 0},
    ),
    Goal("I11", "UIDVALIDITY reset, new mails", 1000, "new_mails", {"lost": 0, "doubled": 0}),
    Goal("I12", "no Message-ID, all else equal", 1000, "pairs", {"lost": 0, "taken_for_copies": 0}),
    Goal("I13", "one Message-ID, other content", 1000, "pairs", {"lost": 0, "taken_for_copies": 0}),
    Goal("I14", "one mail in two mailboxes", 1000, "pairs", {"tickets_too_many": 0}),
    Goal("I15", "no MOVE, no UIDPLUS", 1000, "marked_by_a_person", {"expunged": 0}),
    Goal("I16", "target missing, over quota, denied", 100, "passes", {"doubled": 0}),
    Goal("I17", "a person reads, flags, moves, deletes", 500, "mails", {"unaccounted": 0, "doubled": 0}),
    Goal("I18", "\\Seen before we came", 100, "mails", {"not_taken_in": 0}),
    Goal("I19", "backlog of 50,000", 50_000, "mails", {"memory_at_most": 300}, "backlog"),
    Goal(
        "I20",
        "OAuth expiry, wrong password",
        why_not="OAuth comes later; pauses after refused logins: test_poller_faults.py",
    ),
    Goal("I21", "evil server in every state", 10_000, "sessions", {"hung": 0, "longest_session_at_most_s": 30}),
    Goal(
        "I22",
        "poison in the parser",
        30,
        "poison",
        {"not_held": 0, "neighbours_lost": 0, "neighbours_waited_s_at_most": 5},
        "r06",
        note="each is held; whoever comes behind waits while it is read",
    ),
    Goal("I23", "TLS that is not safe", 7, "ways", {"passwords_sent": 0}),
    Goal("I24", "a forged copy comes first", why_not="shown with the verdicts: test_intake.py"),
    Goal("I25", "file missing, cut short, changed", 500, "files", {"not_recovered": 0}),
    Goal(
        "O01",
        "cut between the final dot and its reply",
        1000,
        "cuts",
        {"lost": 0, "copies_of_a_mail_at_most": 2, "unequal": 0},
    ),
    Goal(
        "O02",
        "killed between reply and commit",
        100,
        "kills",
        {"lost": 0, "copies_a_kill_at_most": 3},
        note="a copy a connection",
    ),
    Goal("O03", "greylisting for six hours", 1000, "mails", {"not_delivered": 0, "tries_at_most": 20}),
    Goal("O04", "4xx for five days", 2, "mails", {"without_an_end_that_is_shown": 0}),
    Goal("O05", "5xx for one recipient", 900, "mails", {"wrongly_failed": 0}),
    Goal("O06", "535, 550, 554 for everything", 10_000, "queued", {"failed": 0}),
    Goal("O07", "no STARTTLS, bad certificate", 3000, "queued", {"words_in_clear": 0}),
    Goal(
        "O08",
        "421, 10 MB, a byte at a time, silence",
        48,
        "rude_answers",
        {"others_lost": 0, "held_for_more_than_allowed_s_at_most": 1},
    ),
    Goal("O09", "database down at the commit", why_not="PostgreSQL; on SQLite a full disk: R01"),
    Goal("O10", "stop in DATA", 1000, "stops", {"lost": 0, "doubled": 0, "ended_after_at_most_s": 45}),
    Goal("O11", "a node that sleeps beyond its lease", why_not="PostgreSQL: SQLite has one daemon and no lease"),
    Goal(
        "O12",
        "a template that fails",
        4,
        "templates",
        {"lost": 0, "neighbours_delayed": 0},
        note="the shipped template takes its place; a file that is no template is refused at the start",
    ),
    Goal("O13", "no SMTPUTF8, no 8BITMIME, SIZE", 10_000, "mails", {"kinds_that_ended_wrongly": 0}),
    Goal("O14", "answers in one ticket, races", 10_000, "mails", {"swaps": 0, "lost": 0}),
    Goal("O15", "a backlog and a dead domain", 1_000_000, "queued", {"human_p99_at_most_s": 30}, enough=0.008),
    Goal("O16", "one receiver a mail", 100_000, "mails", {"violations": 0}),
    Goal("O17", "one key queued by several at once", 10_000, "keys", {"rows_too_many": 0}),
    Goal(
        "R01", "full disk", 500, "rounds", {"lost": 0, "mails_doubled": 0, "resumed_after_at_most": 60}, "r01 full-disk"
    ),
    Goal("R02", "fsync fails", 4, "failed_fsyncs", {"lost": 0, "moved_after": 0}),
    Goal("R03", "database busy for 30 s", 30, "locked_for_s", {"lost": 0, "mails_doubled": 0}),
    Goal("R04", "flipped pages", 2000, "flips", {"missed": 0}, "flips"),
    Goal("R05", "20 mailboxes, mails of 50 MB", 20, "mailboxes", {"memory_at_most": 512}),
    Goal("R06", "reader ended by its limits", 30, "poison", {"not_held": 0, "loop_lag_ms_at_most": 50}),
    Goal("R07", "64 descriptors, 0.1 CPU, no stderr", 300, "mails", {"lost": 0, "mails_doubled": 0}),
    Goal("R08", "one tarpit mailbox, one tarpit relay", 100, "mails", {"lost": 0, "added_ms": 1000}),
    Goal("R09", "restored from a backup", 200, "drills", {"lost_or_wrong": 0}, "restore"),
    Goal(
        "R10",
        "soak",
        45,
        "minutes",
        {"lost": 0, "wrong": 0, "grows": 6},
        "soak",
        made_by="make soak",
        note="of the goal of 1 MiB/h, one of days, 45 minutes can tell no more than 6",
    ),
    Goal("T02", "72 hours without a sweep", 20, "tickets", {"wrong": 0}),
    Goal("T03", "the clock is set while maild runs", 1, "jumps", {"wrong": 0}),
    Goal("T06", "an answer and its reminder at one instant", 10_000, "races", {"reminders_after_an_answer": 0}),
    Goal("T07", "a million armed timers", why_not="a figure of speed: make bench ARGS=timers"),
    Goal("T09", "walks by chance, judged after each step", 100_000, "steps", {"wrong": 0}),
    Goal("C01", "rules spoilt by chance", 5000, "mutations", {"crashes": 0, "partial_sets": 0}),
    Goal("C02", "rules that mean harm", 17, "texts", {"ms_at_most": 100, "mib_at_most": 64}),
    Goal("C05", "100 reloads a second in mid-mail", 1000, "reloads", {"mixed": 0}),
    Goal("C07", "a broken template at a reload", 5, "templates", {"failed": 0}),
    Goal("G27", "live after it was saved", 100, "savings", {"live_after_ms_at_most": 1000}, "reload"),
)


def figure(names: str, folder: Path = FOLDER) -> dict[str, Any]:
    """All parts of these figures together; empty if there are none."""
    whole: dict[str, Any] = {}
    for name in names.split():
        for part in _parts(name, folder):
            for key, value in part.items():
                whole[key] = value if key not in whole else _together(key, whole[key], value)
    return whole


def _parts(name: str, folder: Path) -> list[dict[str, Any]]:
    """Those of the last run: an earlier one may have had others."""
    paths = sorted(path for path in folder.glob("*.json") if path.name.removesuffix(".json").partition(".")[0] == name)
    found = [json.loads(path.read_text("utf-8")) for path in paths]
    if not found:
        return []
    last = max(zip(paths, found, strict=True), key=lambda pair: pair[0].stat().st_mtime_ns)[1].get("run")
    return [part for part in found if part.get("run") == last]


def _number(value: object) -> float | None:
    """1.2 of "1.2 s" too."""
    if isinstance(value, int | float):
        return value
    match = re.match(r"-?[0-9]+(\.[0-9]+)?", value) if isinstance(value, str) else None
    return float(match[0]) if match else None


def _together(key: str, one: Any, other: Any) -> Any:
    numbers = _number(one), _number(other)
    if key == "scale":
        return min(one, other)
    if key in APART:
        return one if other in one.split(", ") else f"{one}, {other}"
    if None not in numbers and (_GREATEST in key or isinstance(one, str)):
        return max(one, other, key=lambda value: _number(value) or 0)
    return one + other if isinstance(one, int | float) and isinstance(other, int | float) else one


def judged(goal: Goal, found: Mapping[str, Any]) -> str:
    """Whether it is met: yes, so far (fewer than asked for), or no and why."""
    if goal.why_not:
        return f"not here: {goal.why_not}"
    if not found:
        return f"not run: {goal.made_by}" if goal.made_by else "not run"
    if found.get("failed"):
        return "NO: its test has failed"
    measured = {key: _number(found.get(key)) for key in goal.limits}
    broken = [k for k, limit in goal.limits.items() if (value := measured[k]) is None or value > limit]
    if broken:
        return "NO: " + ", ".join(f"{key} {found.get(key, 'not measured')}" for key in broken)
    done, wanted = _done(goal, found)
    return "yes" if done >= wanted else f"so far: {done:,} of {wanted:,}"


def _done(goal: Goal, found: Mapping[str, Any]) -> tuple[float, float]:
    wanted = found.get(goal.number, 0) if isinstance(goal.number, str) else goal.number
    return (found.get(goal.of, 0) if goal.of else wanted), wanted


def misses(goal: Goal, found: Mapping[str, Any], scale: float) -> bool:
    """Whether a run at that scale should have reached more."""
    if goal.why_not or (not found and goal.made_by):
        return False
    if not found:
        return scale >= 1
    done, wanted = _done(goal, found)
    return bool(found["scale"] >= 1 and (judged(goal, found).startswith("NO") or done < wanted * goal.enough))


def table(folder: Path = FOLDER) -> str:
    """The whole table, for people: two lines an id."""
    lines = []
    for goal in GOALS:
        found = figure(goal.name or goal.id.lower(), folder)
        lines.append(f"{goal.id}  {goal.fault:<42} {judged(goal, found)}")
        if found:
            said = [_said(k, v) for k, v in found.items() if not isinstance(v, list | dict) and k not in APART]
            of = f"scale {found['scale']:g}, commit {found.get('commit') or 'unknown'}"
            lines.append("     " + ", ".join([f"({of})", *said, *filter(None, [goal.note])]))
    return "\n".join(lines)


def missed(folder: Path = FOLDER, scale: float = SCALE) -> list[str]:
    """The ids of what was tried in full and misses its goal."""
    return [goal.id for goal in GOALS if misses(goal, figure(goal.name or goal.id.lower(), folder), scale)]


def _said(key: str, value: object) -> str:
    return f"{key.replace('_', ' ')} " + (f"{value:,}" if isinstance(value, int) else str(value))


def main() -> int:
    """The exit code."""
    sys.stdout.write(table() + "\n")
    found = missed()
    if found:
        sys.stdout.write(f"goals that a full run has missed: {', '.join(found)}\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
