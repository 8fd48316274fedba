"""The rules or a calendar have changed: the promised times of all open tickets are counted anew, some at a time.

How far that has come is kept with the database, so that it goes on after a stop, and so that a change that was made
while maild was not running is noticed too (reliability T05).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlmodel import Session

from maild.effects import AddMessage, ArmTimers, Effect
from maild.lifecycle import ENDED
from maild.plan.clocks import BREACH, POLICIES, timers_for
from maild.plan.letters import Desk
from maild.sla.calendar import calendar_of
from maild.store.apply import apply
from maild.store.moments import armed, begun
from maild.store.occasions import clocks_now
from maild.store.tables import TICKET
from maild.store.tickets import load_tickets
from maild.store.timer_tables import CLOCKS_STATE
from maild.ticket import Ticket, Visibility

AT_ONCE = 20  # tickets of one transaction
_DONE = 2**62
_NEVER = datetime.max.replace(tzinfo=UTC)


def version_of(desk: Desk, now: datetime) -> str:
    """Names everything that promised times are counted by: the file, and what holidays and zones make of it."""
    settings = desk.settings
    names: Sequence[str | None] = tuple(settings.calendars) or (None,)
    prints = (calendar_of(settings, name).fingerprint(now.year) for name in names)
    return ":".join((settings.digest, *prints))


def rearm(session: Session, desk: Desk, version: str, now: datetime) -> bool:
    """The next open tickets; whether any are left. The story of each says what has changed."""
    rows = session.connection()
    state = rows.execute(select(CLOCKS_STATE.c.version, CLOCKS_STATE.c.upto)).one()
    upto = state.upto if state.version == version else 0
    if upto == _DONE:
        return False
    open_ones = (TICKET.c.number > upto, TICKET.c.status.not_in([status.value for status in ENDED]))
    query = select(TICKET.c.number).where(*open_ones).order_by(TICKET.c.number).limit(AT_ONCE)
    numbers = [number for (number,) in rows.execute(query)]
    for ticket in load_tickets(session, numbers).values():
        apply(session, _anew(session, desk, ticket, now), now)
    upto = numbers[-1] if len(numbers) == AT_ONCE else _DONE
    rows.execute(update(CLOCKS_STATE).values(version=version, upto=upto))
    return upto != _DONE


def _anew(session: Session, desk: Desk, ticket: Ticket, now: datetime) -> list[Effect]:
    """What was over before it was promised is told to nobody: a file that begins to promise would write of every old
    request at once. The story says so."""
    clocks, moments = clocks_now(session, desk, ticket, now)
    timers = timers_for(desk.settings, ticket, clocks, moments)
    wanted = [replace(arm, in_force_since=now) if arm.policy in POLICIES else arm for arm in timers]
    before = armed(session, ticket.number, tuple(POLICIES))
    known = begun(session, ticket.number, tuple(POLICIES))
    told = list(_differences(before, wanted, desk.settings.site.zone))
    told += [
        f"{POLICIES[arm.policy].replace('_', ' ')} was over before it was promised, and nobody is told"
        for arm in wanted
        if arm.policy in POLICIES
        and arm.due.get(BREACH, _NEVER) <= now
        and (arm.policy, BREACH, arm.round) not in known
    ]
    story = [AddMessage(ticket.number, Visibility.EVENT, "", f"counted anew by the rules: {'; '.join(told)}")]
    return [*wanted, *(story if told else [])]


def _differences(
    before: Mapping[tuple[str, int, int], datetime], wanted: Sequence[ArmTimers], zone: ZoneInfo
) -> Iterator[str]:
    was = {policy: due for (policy, step, _), due in before.items() if step == BREACH}
    now = {arm.policy: arm.due[BREACH] for arm in wanted if BREACH in arm.due}
    for policy, target in POLICIES.items():
        old, new = was.get(policy), now.get(policy)
        if old != new:
            said = [f"{due.astimezone(zone):%Y-%m-%d %H:%M}" if due else "no time" for due in (new, old)]
            yield f"{target.replace('_', ' ')} due {said[0]} instead of {said[1]}"
