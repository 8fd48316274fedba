"""What would become true? An effect in words for people, and as fields for programs."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from maild.cli.output import local
from maild.effects import (
    AddMessage,
    AddParticipant,
    ArmTimers,
    CancelTimers,
    ChangeParticipant,
    ChangeTicket,
    ChangeTopic,
    Effect,
    EndTimer,
    LinkTickets,
    MarkUndeliverable,
    MoveTimer,
    NoteArrival,
    NoteMoment,
    OpenTicket,
    OpenTopic,
    QueueMail,
    RecordDecision,
    Settle,
    StartTimer,
    StopAnswers,
)
from maild.lifecycle import Status
from maild.personal_effects import AddAccount, Block, EndAbsence, EndAgent, OptIn, OptOut, SetAbsence, Unblock
from maild.plan import clocks, closing, digest, notify, rating, waiting

# what the clock will do, by the policy of the timer
_DUE: Mapping[str, Callable[[StartTimer, str], str]] = {
    waiting.POLICY: lambda e, at: f"ticket {e.number}: step {e.step} of `waiting` is due {at}",
    closing.POLICY: lambda e, at: f"ticket {e.number}: {at} it is closed, unless it is open again by then",
    rating.POLICY: lambda e, at: f"ticket {e.number}: {at} its customer is asked for a rating, unless it is open again",
    notify.GATHER: lambda e, at: f"ticket {e.number}: what the customer adds until {at} is told in one mail",
    digest.DUE: lambda _, at: f"if the mail is still held {at}, whoever it concerns is told",
    digest.DIGEST: lambda _, at: f"the daily list leaves {at}",
}
_MOVED: Mapping[str, str] = {
    waiting.POLICY: "step {step} of `waiting`",
    rating.POLICY: "the question for a rating",
}
_ENDS: Mapping[str, str] = {
    waiting.POLICY: "no earlier step of `waiting` is due any more",
    rating.POLICY: "its customer is not asked for a rating of an earlier end",
    closing.POLICY: "no earlier end of the time for reopening counts any more",
}
# what a change of a ticket is called, where the key would not say it; and what counts for the keys of timers alone
_SAID: Mapping[str, str] = {
    "waiting_since": "waiting since",
    "last_answer": "last answer",
    "answered_at": "answered at",
    "merged_into": "merged into",
    "rating_comment": "words of the rating",
    "rated_at": "rated at",
    "qualified_by": "qualified by",
    "escalation": "steps of escalation",
    "escalated_at": "escalated at",
    "ended_at_once": "ended by a rule at once",
}
_COUNTERS = frozenset({"waiting_round", "ended_round", "rated_round"})


def _change(effect: ChangeTicket, zone: ZoneInfo) -> str:
    return f"ticket {effect.number}: {_changes(effect.changes, zone)}"


def _changes(changes: Mapping[str, Any], zone: ZoneInfo) -> str:
    said = {_SAID.get(name, name): _value(value, zone) for name, value in changes.items() if name not in _COUNTERS}
    return ", ".join(f"{name} = {value}" for name, value in said.items())


def _value(value: object, zone: ZoneInfo) -> str:
    if isinstance(value, datetime):
        return local(value, zone)
    if value is None or value == "":
        return "nothing"
    if isinstance(value, Status):
        return value.value
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else f"{text[:59]}…"


def _armed(effect: ArmTimers, zone: ZoneInfo) -> str:
    what = "being given to somebody" if effect.policy == clocks.UNASSIGNED else clocks.POLICIES[effect.policy]
    if not effect.due:
        return f"ticket {effect.number}: no clock of {what.replace('_', ' ')} runs"
    last = local(max(effect.due.values()), zone)
    return f"ticket {effect.number}: the time for {what.replace('_', ' ')} is over {last}"


def _moment(effect: NoteMoment) -> str:
    m = effect.moment
    spoke = f"the {m.spoke.value} has written, " if m.spoke else ""
    return f"{spoke}{m.status.value}{', incomplete' if m.is_incomplete else ''}"


def _moved(effect: MoveTimer) -> str:
    return _MOVED.get(effect.policy, effect.policy).format(step=effect.step)


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


def _decided(effect: RecordDecision) -> str:
    what = f"{effect.verdict} ({effect.reason})" if effect.verdict else effect.occasion
    return f"the decision is recorded: {what}"


_WORDS: dict[type, Callable[[Any, ZoneInfo], str]] = {
    OpenTicket: lambda e, _: _open(e),
    ChangeTicket: _change,
    AddParticipant: lambda e, _: f"ticket {e.number}: {e.participant.address} joins as {e.participant.role.value}",
    ChangeParticipant: lambda e, zone: f"ticket {e.number}: participant {e.slot}: {_changes(e.changes, zone)}",
    LinkTickets: lambda e, _: f"tickets {e.number} and {e.other} are linked",
    MarkUndeliverable: lambda e, _: f"ticket {e.number}: participant {e.slot} can't be reached any more",
    AddMessage: lambda e, _: _add(e),
    QueueMail: lambda e, _: f"mail {e.template} to {e.recipient}",
    StartTimer: lambda e, zone: _DUE[e.policy](e, local(e.due_at, zone)),
    CancelTimers: lambda e, _: f"ticket {e.number}: {_ENDS.get(e.policy, e.policy)}",
    ArmTimers: lambda e, zone: _armed(e, zone),
    NoteMoment: lambda e, zone: f"ticket {e.number}: its clocks see {_moment(e)} from {local(e.moment.at, zone)} on",
    MoveTimer: lambda e, zone: f"ticket {e.number}: {_moved(e)} is put off until {local(e.due_at, zone)}",
    EndTimer: lambda e, _: f"timer {e.timer_id}: {e.outcome}",
    NoteArrival: lambda e, _: f"it is noted that {e.sender} has written",
    StopAnswers: lambda _, __: "no automatic answer leaves for an hour",
    RecordDecision: lambda e, _: _decided(e),
    AddAccount: lambda e, _: f"{e.address.address} has an account" + (f", that of {e.person}" if e.person else ""),
    OptOut: lambda e, _: f"{e.key} gets no more reminders",
    OptIn: lambda e, _: f"{e.key} gets reminders again",
    EndAgent: lambda e, _: f"{e.key} is an agent no longer: no reference of theirs counts",
    SetAbsence: lambda e, _: f"{e.key} is away from {e.first} to {e.last}",
    EndAbsence: lambda e, _: f"{e.key} is back",
    Settle: lambda e, _: _settle(e),
    Block: lambda e, _: f"mail of {e.key} is blocked",
    Unblock: lambda e, _: f"mail of {e.key} is no longer blocked",
    OpenTopic: lambda e, _: f"topic {e.topic.number} opens: {e.topic.name}",
    ChangeTopic: lambda e, _: f"topic {e.number}: {e.text}",
}


def in_words(effect: Effect, zone: ZoneInfo) -> str:
    """One line that says what would become true; instants as the clock shows them in that zone."""
    return _WORDS[type(effect)](effect, zone)
