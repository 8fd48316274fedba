"""The daily list of what is held and of what was called spam, and the word on a held mail that nobody has decided on.

Pure; the sweeper asks and applies. One list a day and reader by its unique key, whatever the clock or a restart does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from maild.effects import Effect, QueueMail, StartTimer
from maild.judgement import HeldMail, VerdictName
from maild.mail import Address, address_key
from maild.plan import letters
from maild.plan.ends import End, end_links, options
from maild.plan.held_words import list_words, why_text
from maild.plan.letters import AUTOMATIC, Desk
from maild.plan.notify import agents_to_tell, team_of
from maild.settings import Settings
from maild.sla.calendar import calendar_of, later
from maild.threading.references import without_references
from maild.ticket import Ticket
from maild.writing.wording import instant

DIGEST, DUE = "digest", "held-due"  # policies of timers that belong to no ticket: their number is 0
OVERDUE = "held-overdue:"  # what such a word is owed for begins so
AT_MOST_EACH = timedelta(hours=1)  # words on overdue mails; what falls due meanwhile is told of at its end
MOST_SHOWN = 50  # mails of one kind; the others are counted
_FOR_THE_ADMIN = frozenset({VerdictName.QUARANTINED, VerdictName.UNSIGNED_AGENT})


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail on which a person may decide, and where it could go."""

    held: HeldMail
    named: tuple[Ticket, ...] = ()
    own: tuple[Ticket, ...] = ()
    proof: str = ""  # what was known of its sender when it came
    is_silent: bool = False  # its sender was to be told, and was not: a limit forbade it


@dataclass(frozen=True, slots=True)
class Day:
    """What the list tells. Mails oldest first."""

    held: Sequence[Waiting] = ()
    spam: Sequence[Waiting] = ()  # marked by the filter since the list before
    lists: Sequence[Waiting] = ()  # by a mailing list, of people in rules.yaml
    blocked: int = 0
    loops: Sequence[tuple[str, int]] = ()  # sender and how many
    redirected: Sequence[Waiting] = ()  # sent elsewhere by the rules since the list before

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.held or self.spam or self.lists or self.blocked or self.loops or self.redirected)


@dataclass(frozen=True, slots=True)
class Shown:
    """A mail as a line of the list, with its ends."""

    line: str
    ends: tuple[End, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Mails of one kind under a title."""

    title: str
    mails: list[Shown] = field(default_factory=list)


def next_digest(settings: Settings, now: datetime) -> datetime:
    """The next instant at which the list is due, after now; the time on the wall, also over a change of the clocks."""
    zone, today = settings.site.zone, now.astimezone(settings.site.zone).date()
    hour, minute = divmod(minutes_of(settings), 60)
    for day in (today, today + timedelta(days=1)):
        due = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(UTC)
        if due > now:
            return due
    raise AssertionError("one of two days lies ahead")


def minutes_of(settings: Settings) -> int:
    """The time of the list, in minutes from midnight."""
    hour, _, minute = settings.held.digest.partition(":")
    return int(hour) * 60 + int(minute)


def since(settings: Settings, due_at: datetime) -> datetime:
    """From when on the list of that instant tells what was called spam: the same time the day before."""
    local = due_at.astimezone(settings.site.zone).replace(tzinfo=None) - timedelta(days=1)
    return local.replace(tzinfo=settings.site.zone).astimezone(UTC)


def due_of(settings: Settings, kept_at: datetime) -> datetime:
    """By when a mail that came then should be decided on."""
    return later(kept_at, settings.held.due, calendar_of(settings))


def due_timer(desk: Desk, inbound_id: int, now: datetime) -> list[Effect]:
    """A mail is held from now on: when nobody has decided by then, somebody is told."""
    return [StartTimer(0, DUE, inbound_id, 0, due_of(desk.settings, now))]


def digests(desk: Desk, day: Day, now: datetime) -> list[QueueMail]:
    """The list for each of its readers; none where there is nothing to tell."""
    if day.is_empty:
        return []
    settings = desk.settings
    today = now.astimezone(settings.site.zone)
    mails = []
    for address in settings.held.to or (settings.admin,):
        person = settings.person(address)
        language = letters.language_for(desk, address, "")
        values = {
            "sections": sections(desk, day, address_key(address), language, now),
            "details": _counted(day, language),
        }
        mails.append(
            letters.to_address(
                desk,
                "held_digest",
                next(iter(settings.mailboxes)),
                person.address if person else Address(address),
                owed_for=f"held_digest:{today:%Y-%m-%d}:{address_key(address)}",
                now=now,
                automatic=AUTOMATIC,
                language=language,
                values=values,
            )
        )
    return mails


def sections(desk: Desk, day: Day, decider: str, language: str, now: datetime) -> list[Section]:
    """A participant's answer that the filter took for spam first, then what is held, then the other spam, then what
    came from people whom we know by a mailing list."""
    words = list_words(language)
    lost = [w for w in day.spam if w.named]
    found = [_section(desk, words["answers"], lost, decider, language, now)]
    by_why: dict[str, list[Waiting]] = {}
    for waiting in day.held:
        held = waiting.held
        by_why.setdefault(why_text(held.verdict.value, held.reason, language), []).append(waiting)
    for why, mails in by_why.items():
        found.append(_section(desk, words["held"].format(why=why), mails, decider, language, now))
    others = [w for w in day.spam if not w.named]
    found.append(_section(desk, words["spam"], others, decider, language, now))
    found.append(_section(desk, words["lists"], day.lists, decider, language, now))
    found.append(_section(desk, words["redirected"], day.redirected, decider, language, now))
    return [section for section in found if section.mails]


def _section(desk: Desk, title: str, mails: Sequence[Waiting], decider: str, language: str, now: datetime) -> Section:
    shown = []
    for waiting in mails[:MOST_SHOWN]:
        held = waiting.held
        wanted = options(held, waiting.named, waiting.own) if held.mailbox in desk.settings.mailboxes else []
        shown.append(Shown(_line(desk, waiting, language, now), end_links(desk, held, wanted, decider, language)))
    if len(mails) > MOST_SHOWN:
        shown.append(Shown(list_words(language)["more"].format(number=len(mails) - MOST_SHOWN)))
    return Section(title, shown)


def _line(desk: Desk, waiting: Waiting, language: str, now: datetime) -> str:
    held, words, zone = waiting.held, list_words(language), desk.settings.site.zone
    arrived = held.kept_at or now
    due = due_of(desk.settings, arrived)
    parts = [
        words["mail"].format(
            sender=held.sender or words["nobody"],
            subject=without_references(held.subject, desk.settings.site.reference) or words["no-subject"],
            number=held.inbound_id,
            when=instant(arrived.astimezone(zone), language),
        )
    ]
    parts.append(words.get(f"proof-{waiting.proof}", ""))
    if held.is_held:
        parts.append(words["overdue" if due <= now else "due"].format(when=instant(due.astimezone(zone), language)))
    if waiting.is_silent:
        parts.append(words["silent"])
    return "".join(parts)


def _counted(day: Day, language: str) -> tuple[str, ...]:
    words = list_words(language)
    lines = [words["loops"].format(sender=sender, number=number) for sender, number in day.loops[:MOST_SHOWN]]
    if len(day.loops) > MOST_SHOWN:
        lines.append(words["more"].format(number=len(day.loops) - MOST_SHOWN))
    if day.blocked:
        lines.append(words["blocked"].format(number=day.blocked))
    return tuple(lines)


def overdue(desk: Desk, waitings: Sequence[Waiting], now: datetime) -> list[QueueMail]:
    """Held mails are due and nobody has decided: whoever they concern is told once, of all together."""
    by_person: dict[str, tuple[Address, list[Waiting]]] = {}
    for waiting in waitings:
        for who in _concerned(desk, waiting):
            by_person.setdefault(who.key, (who, []))[1].append(waiting)
    return [_overdue_mail(desk, who, mails, now) for who, mails in by_person.values()]


def _concerned(desk: Desk, waiting: Waiting) -> list[Address]:
    held, settings = waiting.held, desk.settings
    if held.mailbox not in settings.mailboxes:
        return []
    agents = agents_to_tell(desk, waiting.named[0]) if waiting.named else team_of(desk, held.mailbox)
    is_for_admin = held.verdict in _FOR_THE_ADMIN or not agents
    return [Address(settings.admin)] if is_for_admin else [agent.address for agent in agents]


def _overdue_mail(desk: Desk, who: Address, mails: Sequence[Waiting], now: datetime) -> QueueMail:
    language = letters.language_for(desk, who.address, "")
    return letters.to_address(
        desk,
        "agent_notice",
        mails[0].held.mailbox,
        who,
        owed_for=f"{OVERDUE}{now:%Y-%m-%dT%H:%M}:{who.key}",
        now=now,
        automatic=AUTOMATIC,
        language=language,
        values={"notice": "held-overdue", "sections": sections(desk, Day(mails), who.key, language, now)},
    )
