"""What would become true? An effect in words for people, and as fields for programs."""

from collections.abc import Callable, Mapping
from typing import Any

from maild.effects import (
    AddAccount,
    AddMessage,
    AddParticipant,
    Block,
    CancelTimers,
    ChangeParticipant,
    ChangeTicket,
    Effect,
    EndAgent,
    EndTimer,
    LinkTickets,
    MarkUndeliverable,
    NoteArrival,
    OpenTicket,
    QueueMail,
    RecordDecision,
    Settle,
    StartTimer,
    StopAnswers,
    Unblock,
)
from maild.ticket import Status


def _change(effect: ChangeTicket) -> str:
    return f"ticket {effect.number}: {_changes(effect.changes)}"


def _changes(changes: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {_value(v)}" for name, v in changes.items())


def _value(value: object) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, Status):
        return value.value
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else f"{text[:59]}…"


def _open(effect: OpenTicket) -> str:
    t = effect.ticket
    who = t.assignee or "nobody"
    return f"ticket {t.number} opens: {t.status.value}, queue {t.queue}, priority {t.priority}, assignee {who}"


def _add(effect: AddMessage) -> str:
    author = effect.author or "maild"
    return f"ticket {effect.number}: {effect.visibility.value} entry by {author}, {len(effect.text)} characters"


def _settle(effect: Settle) -> str:
    ticket = f", ticket {effect.number}" if effect.number else ""
    return f"received mail {effect.inbound_id}: {effect.disposition.value}{ticket}"


_WORDS: dict[type, Callable[[Any], str]] = {
    OpenTicket: _open,
    ChangeTicket: _change,
    AddParticipant: lambda e: f"ticket {e.number}: {e.participant.address} joins as {e.participant.role.value}",
    ChangeParticipant: lambda e: f"ticket {e.number}: participant {e.slot}: {_changes(e.changes)}",
    LinkTickets: lambda e: f"tickets {e.number} and {e.other} are linked",
    MarkUndeliverable: lambda e: f"ticket {e.number}: participant {e.slot} can't be reached any more",
    AddMessage: _add,
    QueueMail: lambda e: f"mail {e.template} to {e.recipient}",
    StartTimer: lambda e: f"ticket {e.number}: {e.policy} step {e.step} is due {e.due_at:%Y-%m-%d %H:%M} UTC",
    CancelTimers: lambda e: f"ticket {e.number}: the timers of {e.policy} end",
    EndTimer: lambda e: f"timer {e.timer_id}: {e.outcome}",
    NoteArrival: lambda e: f"it is noted that {e.sender} has written",
    StopAnswers: lambda e: "no automatic answer leaves for an hour",
    RecordDecision: lambda e: f"the decision is recorded: {f'{e.verdict} ({e.reason})' if e.verdict else e.occasion}",
    AddAccount: lambda e: f"{e.address.address} has an account" + (f", that of {e.person}" if e.person else ""),
    EndAgent: lambda e: f"{e.key} is an agent no longer: no reference of theirs counts",
    Settle: _settle,
    Block: lambda e: f"mail of {e.key} is blocked",
    Unblock: lambda e: f"mail of {e.key} is no longer blocked",
}


def in_words(effect: Effect) -> str:
    """One line that says what would become true."""
    return _WORDS[type(effect)](effect)
