"""Customers are mailed before the desk closes (D13): once a closure and person, at an open instant, some at a time.

Pure; the sweeper asks and applies. The timer of a closure is known by its days, so that other days are another closure;
its mails are, too, and who has one gets none again, whatever the clock or a restart does.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

from maild.effects import Effect, EndTimer, MoveTimer, QueueMail, StartTimer
from maild.plan import letters
from maild.plan.asking import in_language
from maild.plan.letters import AUTOMATIC, Desk
from maild.settings import Settings
from maild.settings.calendars import Closure
from maild.sla.calendar import BusinessCalendar, calendar_of
from maild.sla.closures import begins_at, ends_at, notice_at, with_notice
from maild.ticket import DueTimer, Person
from maild.writing.opening_hours import spans_in_words

POLICY = "closure-notice"  # timers of no ticket; step: the first day, round: the last one, as ordinals
TEMPLATE = "closure_notice"
AT_ONCE, EACH = 100, timedelta(minutes=1)  # mails, so that what people write does not wait behind thousands


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of customers (addresses in compared form)."""

    told: Collection[str] = ()  # who has a mail on this closure
    unreachable: Collection[str] = ()  # from whom mail came back
    mailboxes: Mapping[str, str] = field(default_factory=dict)  # by which mailbox somebody wrote last


@dataclass(frozen=True, slots=True)
class Foreseen:
    """So many customers will be mailed before a closure, from an instant on; None: the desk opens too late for that."""

    first: date
    last: date
    at: datetime | None
    mails: int


def next_notices(settings: Settings, now: datetime) -> Iterator[Effect]:
    """A timer for each closure that lies ahead; one that is armed is moved to where the file has it now."""
    for name, closure in with_notice(settings):
        calendar = calendar_of(settings, name)
        due = notice_at(closure, calendar)
        if due is not None and now < begins_at(closure, calendar.zone):
            timer = POLICY, closure.first.toordinal(), closure.last.toordinal()
            yield StartTimer(0, *timer, due)
            yield MoveTimer(0, *timer, due)


def foreseen(settings: Settings, now: datetime) -> Iterator[Foreseen]:
    """What will leave before the closures that lie ahead, as far as rules.yaml alone says."""
    for name, closure in with_notice(settings):
        calendar = calendar_of(settings, name)
        begins = begins_at(closure, calendar.zone)
        if now < begins:
            due = notice_at(closure, calendar)
            at = max(due, calendar.next_open(now)) if due is not None else begins
            mails = sum(1 for _ in readers(settings, Known()))
            shown = at.astimezone(settings.site.zone) if at < begins else None
            yield Foreseen(closure.first, closure.last, shown, mails)


def owed_for(timer: DueTimer) -> str:
    """How what these mails are owed for begins; the customer's address follows."""
    return f"{TEMPLATE}:{date.fromordinal(timer.step)}:{date.fromordinal(timer.round)}:"


def owed_since(settings: Settings, timer: DueTimer) -> datetime:
    """When the first of these mails was due: the timer itself moves on with each hundred."""
    found = _named(settings, timer)
    due = notice_at(*found) if found else None
    return min(due, timer.due_at) if due else timer.due_at


def readers(settings: Settings, known: Known) -> Iterator[Person]:
    """The customers who are to have the mail and have none yet, each once, by whichever of their addresses."""
    seen: set[str] = set()
    for person in settings.customers.values():
        if person.address.key in seen:
            continue
        seen.add(person.address.key)
        if not any(key in known.told for key in person.keys) and person.address.key not in known.unreachable:
            yield person


def fire(desk: Desk, timer: DueTimer, known: Known, now: datetime) -> list[Effect]:
    """The next mails, and the timer moved on until all are written. Nothing once the closure has begun; one that is no
    longer in the file may come back to it until then."""
    found = _named(desk.settings, timer)
    if found is None:
        begins = datetime.combine(date.fromordinal(timer.step), time(), desk.settings.site.zone).astimezone(UTC)
        return _moved(timer, begins) if now < begins else [EndTimer(timer.id, "stale")]
    closure, calendar = found
    opens, begins = calendar.next_open(now), begins_at(closure, calendar.zone)
    if opens >= begins:
        return [EndTimer(timer.id, "stale")]
    if opens > now:
        return _moved(timer, opens)
    left = list(islice(readers(desk.settings, known), AT_ONCE + 1))
    written: list[Effect] = [_notice(desk, timer, closure, calendar, who, known, now) for who in left[:AT_ONCE]]
    rest = _moved(timer, now + EACH) if len(left) > AT_ONCE else [EndTimer(timer.id, "fired")]
    return [*rest, *written]


def _named(settings: Settings, timer: DueTimer) -> tuple[Closure, BusinessCalendar] | None:
    for name, closure in with_notice(settings):
        if (closure.first.toordinal(), closure.last.toordinal()) == (timer.step, timer.round):
            return closure, calendar_of(settings, name)
    return None


def _moved(timer: DueTimer, at: datetime) -> list[Effect]:
    return [MoveTimer(0, POLICY, timer.step, timer.round, at)]


def _notice(
    desk: Desk,
    timer: DueTimer,
    closure: Closure,
    calendar: BusinessCalendar,
    who: Person,
    known: Known,
    now: datetime,
) -> QueueMail:
    """In the name under which they know the desk: that of the mailbox by which they wrote last."""
    boxes = desk.settings.mailboxes
    mailbox = next((box for key in who.keys if (box := known.mailboxes.get(key)) in boxes), None) or next(iter(boxes))
    language = letters.language_for(desk, who.address.address, "")
    values = {
        "closed_from": closure.first,
        "closed_to": closure.last,
        "closed_hours": spans_in_words(closure.hours or (), language),
        "opens": calendar.next_open(ends_at(closure, calendar.zone)).astimezone(calendar.zone),
        "says": in_language(closure.says, language),
        "ordinary": boxes[mailbox].address,
    }
    return letters.to_address(
        desk,
        TEMPLATE,
        mailbox,
        who.address,
        owed_for=f"{owed_for(timer)}{who.address.key}",
        now=now,
        automatic=AUTOMATIC,
        language=language,
        values=values,
    )
