"""`maild due REF`: why is an answer promised for that instant? Each interval that was counted, and their sum."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from maild.cli.options import RULES, Json, Observed, Rules
from maild.cli.output import one_line, say, show_json
from maild.cli.tickets import Ref

if TYPE_CHECKING:
    from maild.plan.clocks import Given, Tried
    from maild.settings import Promise, Settings
    from maild.sla.proof import Line, Proof
    from maild.store.database import Database
    from maild.ticket import Moment, Ticket

_ROUND = timedelta(seconds=1)
All = Annotated[bool, typer.Option("--all", help="Each time that a next response was due, not only the last.")]


def due(ref: Ref, every: All = False, rules: Rules = RULES, as_json: Json = False, observed: Observed = False) -> None:
    """Show why each promised time of a ticket ends when it does: what was counted, skipped and deducted."""
    from maild.cli.place import opened, present, settings_of, ticket_number

    settings = settings_of(rules, observed=observed)
    number = ticket_number(ref, settings)
    with opened(settings) as database:
        seen = _look(database, settings, number, present().now())
    shown = [p for proofs in seen.proofs for p in (proofs[1] if every else proofs[1][-1:])]
    if as_json:
        show_json(_json(seen, shown, settings))
    else:
        _show(seen, shown, settings)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A ticket with what is promised on it."""

    ticket: "Ticket"
    now: datetime
    proofs: "Sequence[tuple[Given, Sequence[Proof]]]"  # by target, the oldest run first
    tried: "Sequence[Tried]"
    moments: "Sequence[Moment]"

    def given(self, proof: "Proof") -> "Given":
        """By what that was promised."""
        return next(given for given, proofs in self.proofs if proof in proofs)


def _look(database: "Database", settings: "Settings", number: int, now: datetime) -> _Seen:
    from maild.errors import BadInput
    from maild.plan.clocks import promised_to, tried
    from maild.sla.proof import proof_of
    from maild.sla.targets import runs
    from maild.store.accounts import person_in
    from maild.store.database import Session
    from maild.store.moments import moments_of
    from maild.store.tickets import load_tickets

    def work(session: Session) -> _Seen:
        ticket = load_tickets(session, [number]).get(number)
        if ticket is None:
            raise BadInput(f"there is no ticket {number}; `maild tickets list` shows them")
        moments = moments_of(session, number)
        who = person_in(session, settings, ticket.requester.address)
        proofs = [
            (given, [proof_of(run, moments) for run in runs(given.promised, moments)])
            for given in promised_to(settings, ticket, who, now)
        ]
        return _Seen(ticket, now, [p for p in proofs if p[1]], tried(settings, ticket, who, now), moments)

    return database.read_now(work)


def _warned_from(settings: "Settings") -> int:
    return min(settings.asks.warns_at, default=100)


def _block(promise: "Promise") -> str:
    from maild.settings import Policy

    return "sla" if isinstance(promise, Policy) else "plans"


def _name(policy: str, promise: "Promise") -> str:
    line = f" (line {promise.line} of rules.yaml)" if promise.line else ""
    return f"{_block(promise)}: {policy}{line}"


def _json(seen: _Seen, shown: "Sequence[Proof]", settings: "Settings") -> dict[str, Any]:
    return {
        "reference": f"{settings.site.reference}-{seen.ticket.number}",
        "number": seen.ticket.number,
        "subject": seen.ticket.subject,
        "times": [_proof_json(seen, proof, settings) for proof in shown],
        "promises": [
            {
                "name": t.policy,
                "block": _block(t.promise),
                "line": t.promise.line,
                "applies": t.applies,
                "because": t.why,
            }
            for t in seen.tried
        ],
    }


def _proof_json(seen: _Seen, proof: "Proof", settings: "Settings") -> dict[str, Any]:
    from maild.sla.proof import expected, why_still

    run, given = proof.run, seen.given(proof)
    zone = run.promised.calendar.zone

    def iso(at: datetime | None) -> str | None:
        return at.astimezone(zone).isoformat() if at else None

    return {
        "target": run.promised.target,
        "number": run.number,
        "promise": {"name": given.policy, "block": _block(given.promise), "line": given.promise.line},
        "because": given.why,
        "length": str(run.promised.length),
        "zone": zone.key,
        "state": run.state(seen.now, _warned_from(settings)).value,
        "started_at": iso(run.started_at),
        "counts_from": iso(proof.counts_from),
        "due_at": iso(run.due_at),
        "paused_since": iso(run.paused_since),
        "paused_because": why_still(run.promised, seen.moments, run.paused_since) if run.paused_since else "",
        "left_seconds": proof.left.total_seconds() if proof.left is not None else None,
        "ended_at": iso(run.ended_at),
        "ended_by": proof.ended_by,
        "used_seconds": proof.used.total_seconds() if proof.used is not None else None,
        "lines": [_line_json(line, zone) for line in proof.lines],
        "days": proof.days or None,
        "sum_seconds": None if proof.days else proof.total.total_seconds(),
        "promised_seconds": None if proof.days else expected(run).total_seconds(),
    }


def _line_json(line: "Line", zone: ZoneInfo) -> dict[str, Any]:
    from maild.sla.proof import Counted, CountedDay, Paused

    begins = line.begins.astimezone(zone).isoformat()
    if isinstance(line, Counted):
        ends, total = line.ends.astimezone(zone).isoformat(), line.total.total_seconds()
        return {
            "kind": "counted",
            "from": begins,
            "to": ends,
            "seconds": line.length.total_seconds(),
            "sum_seconds": total,
        }
    if isinstance(line, CountedDay):
        return {"kind": "day", "opens": begins, "number": line.number}
    if isinstance(line, Paused):
        return {
            "kind": "pause",
            "from": begins,
            "to": line.ends.astimezone(zone).isoformat(),
            "because": line.why,
            "deducted_seconds": line.deducted.total_seconds(),
        }
    what = {"kind": "holiday", "name": line.holiday} if line.holiday else {"kind": "closure"}
    return what | {"day": line.day.isoformat()}


def _show(seen: _Seen, shown: "Sequence[Proof]", settings: "Settings") -> None:
    say(f"{settings.site.reference}-{seen.ticket.number}  {one_line(seen.ticket.subject)}")
    for proof in shown:
        say()
        for line in _told(seen, proof, settings):
            say(line)
    if not shown:
        say("\nNo promised time has begun on this ticket.")
    others = [t for t in seen.tried if not t.applies or (not shown and seen.tried)]
    if others:
        say("\npromises that do not count here:" if shown else "\npromises:")
    for t in others:
        say(f"  {one_line(_name(t.policy, t.promise))}: {one_line(t.why)}")
    if not seen.tried:
        say("The rules promise nothing; see `sla` and `plans` in docs/rules.md.")


def _told(seen: _Seen, proof: "Proof", settings: "Settings") -> Iterator[str]:
    from maild.sla.proof import why_still

    run, given = proof.run, seen.given(proof)
    zone = run.promised.calendar.zone
    number = f" {run.number}" if run.number > 1 else ""
    yield f"{run.promised.target.replace('_', ' ')}{number}: {run.promised.length}"
    yield f"  promise  {one_line(_name(given.policy, given.promise))}"
    yield f"  because  {one_line(given.why)}"
    yield f"  state    {run.state(seen.now, _warned_from(settings)).value}"
    yield f"  started  {_instant(run.started_at, zone)}"
    yield f"  due      {_instant(run.due_at, zone)}"
    if run.paused_since is not None:
        why = why_still(run.promised, seen.moments, run.paused_since)
        yield f"  paused   since {_instant(run.paused_since, zone)} ({_reason(why)}); due is as if it had gone on"
    if run.ended_at is not None and proof.used is not None:
        yield f"  {proof.ended_by:<8} {_instant(run.ended_at, zone)}, after {_length(proof.used)}"
    calendar = f"calendar {given.promise.calendar or settings.site.calendar or next(iter(settings.calendars), '')}"
    counted = f"{calendar}, {zone.key}" if run.promised.length.is_business and settings.calendars else zone.key
    yield f"  counted, by {counted}:"
    yield from (f"    {line}" for line in _lines(proof, zone))


def _lines(proof: "Proof", zone: ZoneInfo) -> Iterator[str]:
    from maild.sla.proof import Counted, CountedDay, Paused

    before = timedelta()
    if proof.days and proof.counts_from != proof.run.started_at:
        yield f"{_day(proof.counts_from, zone)}  from {_clock(proof.counts_from, zone)}: the desk opens"
    for line in proof.lines:
        if isinstance(line, Counted):
            total = _rounded(line.total)
            span = _span(line.begins, line.ends, zone)
            yield f"{_day(line.begins, zone)}  {span}  {_length(total - before):>12}  {_length(total):>12}"
            before = total
        elif isinstance(line, CountedDay):
            over = f", over at {_clock(line.ends, zone)}" if line.ends else ""
            yield f"{_day(line.begins, zone)}  day {line.number}{over}"
        elif isinstance(line, Paused):
            put_off = f", which puts it off to {_instant(line.due, zone)}" if line.due and _is_days(proof) else ""
            span = _span(line.begins, line.ends, zone)
            paused = f"paused ({_reason(line.why)}): {_length(line.deducted)} not counted{put_off}"
            yield f"{_day(line.begins, zone)}  {span}  {paused}"
        else:
            what = f"holiday: {line.holiday}" if line.holiday else "closed"
            yield f"{line.day:%a %Y-%m-%d}  {what}"
    length = proof.run.promised.length
    if proof.left is not None:
        yield (
            f"sum  {_length(proof.total)}, and {_length(proof.left)} left: {length}"
            if not proof.days
            else (f"sum  {length}; {_length(proof.left)} of open time left when it goes on")
        )
    elif proof.days:
        yield f"sum  {proof.days} working day{'s' if proof.days > 1 else ''}, to the same time by the clock: {length}"
    elif length.is_calendar:
        yield f"sum  {_length(proof.total)}, which is {length} by the clock on the wall"
    else:
        yield f"sum  {_length(proof.total)}: {length}"


def _is_days(proof: "Proof") -> bool:
    return bool(proof.days)


def _reason(why: str) -> str:
    return {"on_hold": "on hold"}.get(why, why)


def _rounded(length: timedelta) -> timedelta:
    return timedelta(seconds=round(length / _ROUND))


def _length(length: timedelta) -> str:
    """Hours and minutes, and seconds where there are any."""
    minutes, seconds = divmod(round(length / _ROUND), 60)
    return f"{minutes // 60} h {minutes % 60:02}" + (f" min {seconds:02} s" if seconds else "")


def _day(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %Y-%m-%d}"


def _clock(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def _span(begins: datetime, ends: datetime, zone: ZoneInfo) -> str:
    """From when to when; with the day of the end where that is another one. Midnight is 24:00."""
    first, last = begins.astimezone(zone), ends.astimezone(zone)
    if first.date() == last.date():
        return f"{_clock(begins, zone)}-{_clock(ends, zone)}"
    is_midnight = (last.hour, last.minute, last.second) == (0, 0, 0)
    if is_midnight and (last.date() - first.date()).days == 1:
        return f"{_clock(begins, zone)}-24:00"
    return f"{_clock(begins, zone)} to {_instant(ends, zone)}"


def _instant(at: datetime, zone: ZoneInfo) -> str:
    return f"{_day(at, zone)} {_clock(at, zone)}"
