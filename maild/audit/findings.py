"""Which differences can an audit find, in which words, and what is to be done about each? One table, and its lines."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_PROCESSED_AGAIN = "move it back into the inbox with any mail program, and it is read as new mail"
_BACKUP = "bring it back from a backup"
_A_BUG = "this is a fault of maild: please report it with `maild explain` or `maild held show` of one of them"
_RUNS = "see that `maild run` runs, and what `maild status` and its log say"


class Kind(NamedTuple):
    """A sort of difference: what its numbers count, what is so, what to do."""

    noun: str
    what: str
    do: str


KINDS: dict[str, Kind] = {
    # the database
    "database-damaged": Kind("", "the database is damaged", "stop `maild run` and restore the last good backup"),
    "value-unknown": Kind("", "the database holds a value that no maild writes", "undo what was changed by hand"),
    # received mails
    "mail-missing": Kind(
        "mail",
        "received, and the row is gone from the database",
        f"if its copy lies in a folder, {_PROCESSED_AGAIN}; else restore a backup",
    ),
    "newest-missing": Kind(
        "mail",
        "counted by an earlier audit, and the row is gone from the database",
        "look for the mails with `maild audit --folder`, or restore a backup",
    ),
    "state-unknown": Kind("mail", "in no state that has a name", _A_BUG),
    "not-settled": Kind("mail", "settled, but without verdict or time", _A_BUG),
    "kept-decided": Kind("mail", "a verdict on it is recorded, but it waits as if there were none", _A_BUG),
    "no-decision": Kind("mail", "applied, and no decision about it is recorded", _A_BUG),
    "no-ticket": Kind("mail", "its verdict needs a ticket, and it has none", _A_BUG),
    "ticket-missing": Kind("mail", "it is on a ticket that is not there", _BACKUP),
    "no-reason": Kind("mail", "held without a reason", "look at it with `maild held show`, then release or discard it"),
    "no-original": Kind(
        "mail", "a duplicate that names no received mail", f"read it; if it is none, {_PROCESSED_AGAIN}"
    ),
    "only-duplicates": Kind(
        "mail", "duplicates of one another, and none of them was worked", f"read one; to work it, {_PROCESSED_AGAIN}"
    ),
    "copy-unknown": Kind("mail", "a second copy of it would be taken for new mail", _A_BUG),
    "waits": Kind("mail", "kept for more than 15 minutes, and nobody works on it", _RUNS),
    # their bytes
    "no-bytes": Kind("mail", "its bytes are nowhere", _BACKUP),
    "bytes-short": Kind("mail", "its bytes are not as many as were received", _BACKUP),
    "bytes-changed": Kind("mail", "its bytes are not those that were received", _BACKUP),
    "file-missing": Kind(
        "mail", "its file is missing", "restart `maild run`: it fetches the mail again from the server, if it is there"
    ),
    "file-short": Kind(
        "mail",
        "its file is not as long as the mail was",
        "restart `maild run`: it fetches the mail again from the server, if it is there",
    ),
    "bytes-lost": Kind(
        "mail", "its file was lost and the mail is nowhere on the server", "put the file back from a backup"
    ),
    # tickets, mails out, timers
    "ticket-empty": Kind("ticket", "it has no message", _BACKUP),
    "out-state-unknown": Kind("mail out", "in no state that has a name", _A_BUG),
    "out-sending": Kind("mail out", "half sent, and no daemon runs", "start `maild run`, which settles them"),
    "out-untried": Kind("mail out", "due for more than a day, and never tried", _RUNS),
    "timer-of-ended": Kind("ticket", "ended, and a reminder is still armed", _A_BUG),
    "timer-of-none": Kind("ticket", "not there, and a timer waits for it", _BACKUP),
    # folders
    "not-taken": Kind("UID", "in the inbox and not taken", _RUNS),
    "too-large": Kind("UID", "too large to be taken", "read it with a mail program; maild leaves it where it is"),
    "unreadable": Kind(
        "UID", "the server does not hand it over", "open it with a mail program; if that fails too, mend the server"
    ),
    "still-in-inbox": Kind(
        "mail", "filed or taken away, and yet in the inbox", "move that copy out of the inbox with a mail program"
    ),
    "not-filed": Kind("mail", "settled, and yet in the inbox", "see in `maild status` why it can't be filed"),
    "not-in-inbox": Kind(
        "mail", "not filed yet, and no longer in the inbox: somebody took it", "nothing is lost: its bytes are kept"
    ),
    "not-in-folder": Kind(
        "mail", "filed there and there no longer: somebody took it", "nothing is lost: its bytes are kept"
    ),
    "folder-gone": Kind(
        "mail", "filed there, and the folder is gone: somebody took it", "nothing is lost: the bytes are kept"
    ),
    "without-row": Kind(
        "UID", "no received mail lies there", f"if it is a customer's, {_PROCESSED_AGAIN}; else move it elsewhere"
    ),
    "wrong-folder": Kind("mail", "in the folder of another disposition", _RUNS),
    "old-uidvalidity": Kind("mail", "from a folder that was made anew since, and not filed", _RUNS),
}


class Finding(NamedTuple):
    """One thing that does not agree. `where`: mailbox and folder, where it is about one; `more`: the particulars."""

    kind: str
    number: int = 0
    where: str = ""
    more: str = ""

    @property
    def name(self) -> tuple[str, int, str]:
        """What makes it the same finding at a second look."""
        return self.kind, self.number, self.where


class Difference(NamedTuple):
    """Findings of one sort and place, as a person reads them."""

    kind: str
    where: str
    numbers: tuple[int, ...]
    what: str
    do: str

    @property
    def line(self) -> str:
        """On one line: where, what, and what to do."""
        noun = KINDS[self.kind].noun
        which = f"{noun if len(self.numbers) == 1 else _plural(noun)} {ranges(self.numbers)}" if noun else ""
        return f"{': '.join(filter(None, (self.where, which, self.what)))}. To do: {self.do}"


def together(findings: Iterable[Finding]) -> list[Difference]:
    """One difference for all findings of one sort, place and particulars, in the order of KINDS."""
    groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for finding in findings:
        groups[finding.kind, finding.where, finding.more].append(finding.number)
    order = list(KINDS)
    made = []
    for (kind, where, more), members in sorted(groups.items(), key=lambda item: (order.index(item[0][0]), item[0])):
        words = KINDS[kind]
        what = f"{words.what} ({more})" if more else words.what
        made.append(Difference(kind, where, tuple(sorted(set(members))) if words.noun else (), what, words.do))
    return made


def confirmed(first: Iterable[Finding], again: Iterable[Finding]) -> list[Finding]:
    """What was seen at both looks, in the particulars of the second: whatever else was on its way."""
    before = {finding.name for finding in first}
    return [finding for finding in again if finding.name in before]


def ranges(numbers: Sequence[int], most: int = 12) -> str:
    """Numbers, ascending, for people: `3, 5-7`; of many the first, and how many more."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    words = [str(first) if first == last else f"{first}-{last}" for first, last in runs[:most]]
    left = sum(last - first + 1 for first, last in runs[most:])
    return ", ".join(words) + (f" and {left} more" if left else "")


def _plural(noun: str) -> str:
    return {"mail out": "mails out"}.get(noun, f"{noun}s")
