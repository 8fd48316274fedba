"""What will a ticket be once these effects are true? For whoever decides on it before they are."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from maild.effects import (
    AddMessage,
    AddParticipant,
    ChangeParticipant,
    ChangeTicket,
    Effect,
    LinkTickets,
    MarkUndeliverable,
)
from maild.lifecycle import Reason, Status
from maild.ticket import Participant, Ticket, Visibility


def foreseen(ticket: Ticket, effects: Iterable[Effect]) -> Ticket:
    """The same ticket after them; what they do to others is left out."""
    for effect in effects:
        change = _CHANGES.get(type(effect))
        if change is not None and ticket.number in (getattr(effect, "number", 0), getattr(effect, "other", 0)):
            ticket = change(ticket, effect)
    return ticket


def _changed(ticket: Ticket, effect: ChangeTicket) -> Ticket:
    return replace(ticket, **{name: _VALUES.get(name, _as_it_is)(value) for name, value in effect.changes.items()})


def _joined(ticket: Ticket, effect: AddParticipant) -> Ticket:
    return replace(ticket, participants=(*ticket.participants, effect.participant))


def _other(ticket: Ticket, slot: int, changes: Mapping[str, Any]) -> Ticket:
    def of(who: Participant) -> Participant:
        return replace(who, **changes) if who.slot == slot else who

    return replace(ticket, participants=tuple(map(of, ticket.participants)))


def _written(ticket: Ticket, effect: AddMessage) -> Ticket:
    is_in_thread = effect.visibility is Visibility.PUBLIC and effect.message_id != ""
    return replace(ticket, thread=(*ticket.thread, effect.message_id)) if is_in_thread else ticket


def _linked(ticket: Ticket, effect: LinkTickets) -> Ticket:
    other = effect.other if effect.number == ticket.number else effect.number
    return replace(ticket, linked_to=tuple(dict.fromkeys((*ticket.linked_to, other))))


def _as_it_is(value: Any) -> Any:
    return value


_VALUES: Mapping[str, Callable[[Any], Any]] = {
    "status": Status,
    "reason": lambda value: Reason(value) if value else None,
    "tags": tuple,
    "missing": tuple,
}
_CHANGES: Mapping[type, Callable[[Ticket, Any], Ticket]] = {
    ChangeTicket: _changed,
    AddParticipant: _joined,
    ChangeParticipant: lambda ticket, effect: _other(ticket, effect.slot, effect.changes),
    MarkUndeliverable: lambda ticket, effect: _other(
        ticket, effect.slot, {"is_undeliverable": effect.is_undeliverable}
    ),
    AddMessage: _written,
    LinkTickets: _linked,
}
