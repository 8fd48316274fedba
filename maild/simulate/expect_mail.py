"""Does a mail say what an entry of `sent` asks for, and which entry stands for which mail? Both in words for people."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from zoneinfo import ZoneInfo

from maild.simulate.language import Wanted
from maild.simulate.look import Seen, look
from maild.simulate.world import SentMail


@dataclass(frozen=True)
class LookedAt:
    """A mail of ours together with what a person sees in it."""

    mail: SentMail

    @cached_property
    def seen(self) -> Seen:
        """The mail decoded."""
        return look(self.mail.raw)

    @cached_property
    def says(self) -> tuple[str, ...]:
        """Where words are looked for: the subject, both bodies, the markup; every run of blanks as one."""
        seen = self.seen
        return tuple(_plain(part) for part in (seen.subject, seen.text, seen.html_text, unescape(seen.html)))

    @property
    def title(self) -> str:
        """Template, receiver and subject."""
        return f"{self.mail.template} to {self.mail.to} « {self.seen.subject} »"


def _plain(text: str) -> str:
    """Blanks and apostrophes as one types them: our mails have those of good typography."""
    return re.sub(r"\s+", " ", text).strip().replace("’", "'")


def mismatches(wanted: Wanted, looked: LookedAt) -> list[str]:
    """Why a mail is not the one that is wanted, as far as template and words go; empty where it is."""
    found = []
    if wanted.template and wanted.template != looked.mail.template:
        found.append(f"it is {looked.mail.template}")
    found += [f"it lacks '{t}'" for t in wanted.contains if not any(_plain(t) in part for part in looked.says)]
    found += [f"it has '{t}' in it" for t in wanted.lacks if any(_plain(t) in part for part in looked.says)]
    if wanted.in_order and not any(_in_order(wanted.in_order, part) for part in looked.says):
        found.append(f"it lacks, in this order, {', '.join(repr(t) for t in wanted.in_order)}")
    return found


def _in_order(texts: tuple[str, ...], part: str) -> bool:
    position = 0
    for text in map(_plain, texts):
        found = part.find(text, position)
        if found < 0:
            return False
        position = found + len(text)
    return True


def assign(entries: int, things: int, fits: Callable[[int, int], bool]) -> dict[int, int]:
    """As many pairs of entry and thing that fit as can be, each used once (augmenting paths): entry -> thing."""
    possible = [[t for t in range(things) if fits(e, t)] for e in range(entries)]
    owner: dict[int, int] = {}

    def place(entry: int, tried: set[int]) -> bool:
        for thing in possible[entry]:
            if thing not in tried:
                tried.add(thing)
                if thing not in owner or place(owner[thing], tried):
                    owner[thing] = entry
                    return True
        return False

    for entry in range(entries):
        place(entry, set())
    return {entry: thing for thing, entry in owner.items()}


def describe_wanted(wanted: Wanted) -> str:
    """The entry as the scenario writes it, on one line."""
    fields: list[tuple[str, object]] = [
        ("template", wanted.template),
        ("to", wanted.to),
        ("from", wanted.sender),
        ("contains", list(wanted.contains)),
        ("contains_in_order", list(wanted.in_order)),
        ("lacks", list(wanted.lacks)),
        ("at", f"{wanted.at:%Y-%m-%d %H:%M}" if wanted.at else ""),
    ]
    shown = (f"{k}: [{', '.join(v)}]" if isinstance(v, list) else f"{k}: {v}" for k, v in fields if v)
    return "{" + ", ".join(shown) + "}"


def describe(looked: LookedAt, zone: ZoneInfo) -> str:
    """A mail with the instant at which it was queued."""
    return f"{looked.title} at {looked.mail.queued_at.astimezone(zone):%Y-%m-%d %H:%M}"
