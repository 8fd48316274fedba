"""Whose fault it is decides what happens (docs/decisions/0003-errors.md). A message's is a value, no exception."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


class Temporary(Exception):
    """The world's fault: a server is away, a disk is full. Back off with jitter; the loop lives."""


STORE_PAUSE = 15.0  # seconds


class StoreAway(Temporary):
    """The disk is full, or the database on it out of reach. Everything waits for it, and to look again troubles nobody
    else: each loop does so within STORE_PAUSE, so that work goes on within a minute (reliability R01)."""


def pause_after(error: Exception, seconds: float) -> float:
    """How long to wait after that error where any other would call for so many seconds."""
    return min(seconds, STORE_PAUSE) if isinstance(error, StoreAway) else seconds


class MailsWanted(Temporary):
    """Received mails have to be read again before this can be done. Whoever can read them does, and tries again."""

    def __init__(self, numbers: Iterable[int]) -> None:
        self.numbers = tuple(sorted(numbers))
        super().__init__(f"received mails have to be read again: {', '.join(map(str, self.numbers))}")


class DiskFailed(BaseException):
    """The disk took what was written, and then said that it is not there. Nobody knows what is: stop at once, exit 74.

    No Exception, since every loop lives through those.
    """


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in a file that the operator wrote, with what to do. Lines and columns count from 1."""

    file: str
    line: int
    column: int
    severity: str  # error, warning
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.severity}: {self.what}"


class BadConfig(Exception):
    """The operator's fault: at the start exit 78, at a reload the old rules stay."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems)
        # Where that is known: all that was looked at, right or wrong, as in Settings, and the version that it is.
        self.files: tuple[Path, ...] = ()
        self.folders: tuple[tuple[Path, str], ...] = ()
        self.version = ""
        super().__init__("\n".join(map(str, self.problems)))

    @classmethod
    def at(cls, file: Path | str, what: str, line: int = 1, column: int = 1) -> "BadConfig":
        """A single problem."""
        return cls([Problem(str(file), line, column, "error", what)])


class BadInput(Exception):
    """Data given on the command line that can't be used: exit 65, with file and line where there is one."""


class HeldStays(BadInput):
    """A held mail can't end as somebody wished. `slug` names why, for the words of the mail that tells them."""

    def __init__(self, slug: str, what: str) -> None:
        self.slug = slug
        super().__init__(what)


class Unreachable(Exception):
    """A service that a command needs does not answer: exit 69."""
