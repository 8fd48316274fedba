"""Reads the `expect:` of a step: what may be asked after which kind of step, and in which words."""

import re
from collections.abc import Collection

from maild.judgement import VerdictName
from maild.lifecycle import Reason, Status
from maild.settings.promises import TARGETS
from maild.simulate.language import (
    LEVELS,
    PRIORITIES,
    TICKET_FIELDS,
    TICKET_FIELDS_LATER,
    Action,
    Bounce,
    CommandLine,
    Expect,
    HeldEntry,
    Mail,
    PromisedTime,
    TicketCheck,
    TicketField,
    Waiting,
    Wanted,
)
from maild.simulate.nodes import Place
from maild.simulate.read_mail import read_address, read_name
from maild.sla.targets import State

_KEYS = (
    *("verdict", "reason", "ticket", "sent", "sent_includes", "sent_lacks", "tickets", "held", "outbox"),
    *("output_contains", "output_lacks"),
)
_VERDICTS = tuple(v.value for v in VerdictName)
_NUMBER = re.compile(r"(?:[A-Z]{1,8}-)?[0-9]{1,12}")
_OF_A_MAIL = ("verdict", "reason")
_OF_A_COMMAND = ("output_contains", "output_lacks")


def read_expect(place: Place, action: Action, names: Collection[str]) -> Expect:
    """What must be seen. `names` are those of the mails up to this step. Raises BadInput with file and line."""
    found = place.mapping()
    tickets = []
    for key, value in found.items():
        word, _, mail = key.partition(" ")
        if word == "ticket" and mail:
            tickets.append(TicketCheck(value.line, read_name(value, mail.strip(), names), _ticket_fields(value, names)))
        else:
            value.check(key, _KEYS, (), "expect has no key")
    get = found.get
    for name in _OF_A_MAIL:
        if (misplaced := get(name)) and not isinstance(action, Mail | Bounce):
            raise misplaced.wrong(f"'{name}' is what becomes of a mail; expect it after mail: or bounce:")
    for name in _OF_A_COMMAND:
        if (misplaced := get(name)) and not isinstance(action, CommandLine):
            raise misplaced.wrong(f"'{name}' speaks of a command; expect it after command:")
    if ticket := get("ticket"):
        tickets.insert(0, TicketCheck(ticket.line, "", _ticket_fields(ticket, names)))
    verdict, reason, sent, count, held = get("verdict"), get("reason"), get("sent"), get("tickets"), get("held")
    outbox = get("outbox")
    if outbox:
        outbox.choice(("empty",))
    return Expect(
        line=place.line,
        verdict=(verdict.line, verdict.choice(_VERDICTS)) if verdict else None,
        reason=(reason.line, reason.text()) if reason else None,
        tickets=tuple(tickets),
        sent=(sent.line, _wanted(sent)) if sent else None,
        includes=_wanted(get("sent_includes")),
        excludes=_wanted(get("sent_lacks")),
        ticket_count=(count.line, count.number()) if count else None,
        held=(held.line, tuple(_held(p) for p in held.items())) if held else None,
        outbox_empty=outbox.line if outbox else 0,
        output=_texts(get("output_contains")),
        output_lacks=_texts(get("output_lacks")),
    )


def _texts(place: Place | None) -> tuple[tuple[int, str], ...]:
    """One text or several, each with its line."""
    return tuple((p.line, p.text()) for p in (place.items() if place.is_list else [place])) if place else ()


def _wanted(place: Place | None) -> tuple[Wanted, ...]:
    return tuple(_wanted_mail(p) for p in place.items()) if place else ()


def _wanted_mail(place: Place) -> Wanted:
    keys = place.keys(("template", "to", "from", "contains", "lacks", "contains_in_order", "at"))
    if not keys:
        raise place.wrong("an empty entry fits any mail; say at least to: or template:")

    def texts(name: str) -> tuple[str, ...]:
        return keys[name].texts() if name in keys else ()

    return Wanted(
        line=place.line,
        template=keys["template"].text() if "template" in keys else "",
        to=read_address(keys["to"]) if "to" in keys else "",
        sender=read_address(keys["from"]) if "from" in keys else "",
        contains=texts("contains"),
        lacks=texts("lacks"),
        in_order=texts("contains_in_order"),
        at=keys["at"].instant() if "at" in keys else None,
    )


def _held(place: Place) -> HeldEntry:
    keys = place.keys(("verdict", "from"))
    return HeldEntry(
        place.line,
        keys["verdict"].choice(_VERDICTS) if "verdict" in keys else "",
        read_address(keys["from"]) if "from" in keys else "",
    )


def _ticket_fields(place: Place, names: Collection[str]) -> tuple[TicketField | Waiting | PromisedTime, ...]:
    keys = place.keys(TICKET_FIELDS, TICKET_FIELDS_LATER)
    promised = keys.pop("sla").keys(TARGETS) if "sla" in keys else {}
    fields = (_ticket_field(name, value, names) for name, value in keys.items())
    return (*fields, *(_promised_time(target, value) for target, value in promised.items()))


def _promised_time(target: str, place: Place) -> PromisedTime:
    keys = place.keys(("state", "due"))
    if not keys:
        raise place.wrong(f"{target} takes state: WORD, due: INSTANT, or both")
    return PromisedTime(
        place.line,
        target,
        keys["state"].choice([state.value for state in State]) if "state" in keys else "",
        keys["due"].instant() if "due" in keys else None,
    )


def _linked(place: Place, names: Collection[str]) -> str:
    """A ticket: by its number or reference, or by the name of a mail that is on it."""
    written = place.text().strip()
    return written if _NUMBER.fullmatch(written) else read_name(place, written, names)


def _ticket_field(name: str, place: Place, names: Collection[str]) -> TicketField | Waiting:
    if name == "waiting":
        keys = place.keys(("next", "step"))
        if not keys:
            raise place.wrong("waiting takes next: INSTANT, step: NUMBER, or both")
        return Waiting(
            place.line,
            keys["next"].instant() if "next" in keys else None,
            keys["step"].number(1) if "step" in keys else None,
        )
    value: str | int | tuple[str, ...]
    match name:
        case "status":
            value = place.choice([s.value for s in Status])
        case "reason":
            value = place.choice([r.value for r in Reason])
        case "priority":
            value = place.choice(PRIORITIES)
        case "impact" | "urgency":
            value = place.choice(LEVELS)
        case "assignee" | "requester":
            value = read_address(place)
        case "participants":
            value = tuple(read_address(p) for p in place.items())
        case "linked_to":
            value = tuple(_linked(p, names) for p in (place.items() if place.is_list else [place]))
        case "tags":
            value = place.texts()
        case "messages":
            value = place.number()
        case _:
            value = place.text()
    return TicketField(place.line, name, value)
