"""Does what was seen after a step fit what the scenario expects? Each difference has its line, expected and seen."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from maild.mail import address_key
from maild.simulate.expect_mail import LookedAt, assign, describe, describe_wanted, mismatches
from maild.simulate.language import (
    ROLES,
    Expect,
    HeldEntry,
    PromisedTime,
    TicketCheck,
    TicketField,
    Waiting,
    Wanted,
)
from maild.simulate.read_mail import parse_address
from maild.simulate.world import Outcome
from maild.ticket import Role, Ticket

_UNSETTLED = ("queued", "sending", "uncertain")


@dataclass(frozen=True, slots=True)
class Difference:
    """An expectation that does not hold."""

    line: int
    expected: str
    seen: str


@dataclass(frozen=True, slots=True)
class TicketSeen:
    """A ticket as it is now. `roles`: the addresses that `assignee` and `requester` stand for; `numbers`: the tickets
    on which the mails of the scenario are, by their names."""

    ticket: Ticket
    messages: int
    waiting: tuple[datetime, int] | None
    roles: Mapping[str, str]
    numbers: Mapping[str, int] = field(default_factory=dict)
    promised: Mapping[str, tuple[str, datetime]] = field(default_factory=dict)  # state and due instant, by the target
    topic: str = ""  # what its topic is called


@dataclass(frozen=True, slots=True)
class After:
    """What is seen after a step; only what the expectation asks for needs to be there."""

    zone: ZoneInfo
    roles: Mapping[str, str]
    sent: Sequence[LookedAt] = ()  # queued since the step before
    outcome: Outcome | None = None
    tickets: Mapping[str, TicketSeen | None] | None = None  # by the name of the mail; '' is the last mail
    ticket_count: int = 0
    held: Sequence[tuple[str, str]] = ()
    outbox: Mapping[str, int] | None = None
    output: str = ""


def role_or_address(written: str, roles: Mapping[str, str]) -> str | None:
    """The compared form of an address as a scenario writes it; None for a role that nobody has."""
    if written in ROLES:
        return address_key(roles[written]) if written in roles else None
    parsed = parse_address(written)
    return parsed.key if parsed else address_key(written)


def differences(expect: Expect, after: After) -> list[Difference]:
    """All that does not fit, in the order of the language."""
    return [d for part in (_verdict, _tickets, _sent, _counts, _output) for d in part(expect, after)]


def _verdict(expect: Expect, after: After) -> Iterator[Difference]:
    verdict = after.outcome.verdict if after.outcome else "no mail"
    reason = after.outcome.reason if after.outcome else ""
    if expect.verdict and expect.verdict[1] != verdict:
        yield Difference(expect.verdict[0], f"verdict {expect.verdict[1]}", f"verdict {verdict} ({reason})")
    if expect.reason and expect.reason[1] != reason:
        yield Difference(expect.reason[0], f"reason {expect.reason[1]}", f"reason {reason}")


def _tickets(expect: Expect, after: After) -> Iterator[Difference]:
    for check in expect.tickets:
        whose = f"the ticket of {check.mail}" if check.mail else "the ticket of the last mail"
        seen = (after.tickets or {}).get(check.mail)
        if seen is None:
            yield Difference(check.line, whose, "no ticket")
        else:
            yield from _ticket(check, seen, after.zone)


def _ticket(check: TicketCheck, seen: TicketSeen, zone: ZoneInfo) -> Iterator[Difference]:
    for wanted in check.fields:
        if isinstance(wanted, Waiting):
            yield from _waiting(wanted, seen.waiting, zone)
            continue
        if isinstance(wanted, PromisedTime):
            yield from _promised(wanted, seen.promised.get(wanted.target), zone)
            continue
        expected, found = _field(wanted, seen)
        if expected != found:
            yield Difference(wanted.line, f"{wanted.name}: {_shown(expected)}", f"{wanted.name}: {_shown(found)}")


def _field(wanted: TicketField, seen: TicketSeen) -> tuple[object, object]:
    """What is expected of a field and what stands there, in comparable forms."""
    ticket, value = seen.ticket, wanted.value
    match wanted.name:
        case "assignee":
            return role_or_address(str(value), seen.roles) or "nobody", address_key(ticket.assignee) or "nobody"
        case "requester":
            return role_or_address(str(value), seen.roles), ticket.requester.key
        case "participants":
            people = [p.key for p in ticket.participants if p.role is Role.CUSTOMER and not p.is_removed]
            written = value if isinstance(value, tuple) else ()
            return sorted(role_or_address(v, seen.roles) or v for v in written), sorted(people)
        case "tags":
            return sorted(value if isinstance(value, tuple) else ()), sorted(ticket.tags)
        case "linked_to":
            wanted_ones = value if isinstance(value, tuple) else ()
            return sorted(_number(v, seen.numbers) for v in wanted_ones), sorted(ticket.linked_to)
        case "messages":
            return value, seen.messages
        case "topic":
            return value, seen.topic
        case name:
            return value, str(getattr(ticket, name) or "")


def _number(written: str, numbers: Mapping[str, int]) -> int:
    """Of the ticket that a scenario names; 0 for a mail that is on none."""
    digits = written.rpartition("-")[2]
    return numbers.get(written, int(digits) if digits.isdigit() else 0)


def _waiting(wanted: Waiting, seen: tuple[datetime, int] | None, zone: ZoneInfo) -> Iterator[Difference]:
    if wanted.next is not None:
        expected, found = minute(wanted.next, zone), minute(seen[0], zone) if seen else "nothing waits"
        if expected != found:
            yield Difference(wanted.line, f"next waiting step at {expected}", found)
    if wanted.step is not None and (seen is None or seen[1] != wanted.step):
        yield Difference(wanted.line, f"waiting step {wanted.step}", f"step {seen[1]}" if seen else "nothing waits")


def _promised(wanted: PromisedTime, seen: tuple[str, datetime] | None, zone: ZoneInfo) -> Iterator[Difference]:
    state, due = (seen[0], minute(seen[1], zone)) if seen else ("not promised", "not promised")
    if wanted.state and wanted.state != state:
        yield Difference(wanted.line, f"{wanted.target}: {wanted.state}", f"{wanted.target}: {state}")
    if wanted.due is not None and (expected := minute(wanted.due, zone)) != due:
        yield Difference(wanted.line, f"{wanted.target} due {expected}", f"{wanted.target} due {due}")


def minute(at: datetime, zone: ZoneInfo) -> str:
    """An instant to the minute in the site's time zone; one without offset is in that zone already."""
    local = at.replace(tzinfo=zone) if at.tzinfo is None else at.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M}"


def _sent(expect: Expect, after: After) -> Iterator[Difference]:
    why = _judge(after)
    if expect.sent is not None:
        line, entries = expect.sent
        yield from _matched(entries, after.sent, why, line)
    yield from _matched(expect.includes, after.sent, why, None)
    for entry in expect.excludes:
        for mail in after.sent:
            if not why(entry, mail):
                yield Difference(entry.line, f"no mail {describe_wanted(entry)}", describe(mail, after.zone))


def _judge(after: After) -> Callable[[Wanted, LookedAt], list[str]]:
    def why(entry: Wanted, mail: LookedAt) -> list[str]:
        found = mismatches(entry, mail)
        for written, address, what in (
            (entry.to, mail.mail.to, "goes to"),
            (entry.sender, mail.seen.sender.address, "is from"),
        ):
            if written and role_or_address(written, after.roles) != address_key(address):
                found.append(f"it {what} {address}")
        if entry.at and minute(entry.at, after.zone) != minute(mail.mail.queued_at, after.zone):
            found.append(f"it was queued at {minute(mail.mail.queued_at, after.zone)}")
        return found

    return why


def _matched(
    entries: Sequence[Wanted],
    mails: Sequence[LookedAt],
    why: Callable[[Wanted, LookedAt], list[str]],
    whole: int | None,
) -> Iterator[Difference]:
    """Entries without a mail; and, where the list is the whole one (its line given), mails without an entry."""
    pairs = assign(len(entries), len(mails), lambda e, m: not why(entries[e], mails[m]))
    left = [m for m in range(len(mails)) if m not in pairs.values()]
    for number, entry in enumerate(entries):
        if number in pairs:
            continue
        yield Difference(entry.line, f"a mail {describe_wanted(entry)}", _nearest(entry, mails, left, why))
    if whole is not None:
        for m in left:
            yield Difference(whole, "no other mail", mails[m].title)


def _nearest(
    entry: Wanted, mails: Sequence[LookedAt], left: list[int], why: Callable[[Wanted, LookedAt], list[str]]
) -> str:
    """What came instead: the mail that fits best of those that no entry has taken."""
    if not left:
        return "no such mail" if mails else "no mail at all"
    best = min(
        left,
        key=lambda m: (bool(entry.template) and entry.template != mails[m].mail.template, len(why(entry, mails[m]))),
    )
    if entry.template and mails[best].mail.template != entry.template:
        return "no such mail"
    return f"{mails[best].title}, but {'; '.join(why(entry, mails[best]))}"


def _counts(expect: Expect, after: After) -> Iterator[Difference]:
    if expect.ticket_count and expect.ticket_count[1] != after.ticket_count:
        yield Difference(expect.ticket_count[0], f"{expect.ticket_count[1]} tickets", f"{after.ticket_count} tickets")
    if expect.held is not None:
        yield from _held(*expect.held, after)
    if expect.outbox_empty:
        full = {state: n for state in _UNSETTLED if (n := (after.outbox or {}).get(state, 0))}
        if full:
            seen = ", ".join(f"{n} {state}" for state, n in full.items())
            yield Difference(expect.outbox_empty, "an empty outbox", seen)


def _held(line: int, entries: Sequence[HeldEntry], after: After) -> Iterator[Difference]:
    def fits(entry: HeldEntry, mail: tuple[str, str]) -> bool:
        verdict, sender = mail
        is_sender = not entry.sender or role_or_address(entry.sender, after.roles) == address_key(sender)
        return is_sender and entry.verdict in ("", verdict)

    pairs = assign(len(entries), len(after.held), lambda e, m: fits(entries[e], after.held[m]))
    seen = ", ".join(f"{verdict} from {sender}" for verdict, sender in after.held) or "nothing is held"
    for number, entry in enumerate(entries):
        if number not in pairs:
            what = " ".join(filter(None, (entry.verdict, entry.sender and f"from {entry.sender}")))
            yield Difference(entry.line, f"held: {what}", seen)
    if len(after.held) > len(pairs):
        yield Difference(line, f"{len(entries)} held", f"{len(after.held)} held: {seen}")


def _output(expect: Expect, after: After) -> Iterator[Difference]:
    for line, text in expect.output:
        if text not in after.output:
            yield Difference(line, f"an output with '{text}'", after.output.strip() or "no output")
    for line, text in expect.output_lacks:
        if text in after.output:
            yield Difference(line, f"an output without '{text}'", after.output.strip())


def _shown(value: object) -> str:
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value) if value != "" else "none"
