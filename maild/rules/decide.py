"""What do the rules say of a matter: its queue, type, priority, tags, assignee, and whom is told what besides?

Rules are tried in the order of the file and all that match apply, unless one says `stop`: of most things the last word
counts, while tags, mails and needs add up. A rule sees the ticket as those above it have left it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from maild.decision import Decision, Matter, Redirection, Refusal, Rota, RuleTrial
from maild.rules.assigning import assignee
from maild.rules.conditions import holds
from maild.rules.seen import Seen
from maild.settings import Settings
from maild.settings.actions import NOTHING, Actions, End
from maild.settings.values import LEVELS, PRIORITIES
from maild.ticket import Ticket


def decide(settings: Settings, matter: Matter, rota: Rota) -> Decision:
    """The rules' answer. Where no rule names a queue a new ticket goes to its mailbox's, else to the file's first."""
    seen = Seen(settings, matter)
    found = _standing(matter.ticket) if matter.ticket else Decision(_usual_queue(settings, matter.mailbox))
    found = replace(found, fields=seen.fields)
    assign: Sequence[str] = ()
    required: list[str] = []
    invited: list[str] = []
    trials: list[RuleTrial] = []
    for rule in settings.rules:
        if matter.occasion not in rule.on:
            continue
        seen.said = _said(found, matter.ticket)
        fired, why = holds(rule.if_, seen)
        trials.append(RuleTrial(rule.name, rule.line, fired, why))
        if not fired:
            continue
        found = _with(found, rule.then)
        assign = rule.then.assign or assign
        required += rule.then.require or ()
        invited += rule.then.invite or ()
        if rule.then.stop:
            break
    return replace(
        found,
        assignee=assignee(settings, assign, found.queue, rota, matter.at.date()) if assign else found.assignee,
        missing=_lacking(required, seen),
        invited=_lacking([name for name in invited if name not in required], seen),
        trials=tuple(trials),
    )


def lacking(settings: Settings, needs: Sequence[str], matter: Matter) -> tuple[str, ...]:
    """Which of these needs are not there; one that rules.yaml no longer has is none."""
    return _lacking([name for name in needs if name in settings.every_need], Seen(settings, matter))


def asks_for_subject(settings: Settings, needs: Sequence[str]) -> bool:
    """Whether one of these needs looks at the subject: then an answer may name it anew."""
    known = (need for name in needs if (need := settings.every_need.get(name)) is not None)
    return any(condition.subject is not None for need in known for condition in need.if_.within())


def _lacking(needs: Sequence[str], seen: Seen) -> tuple[str, ...]:
    every = seen.settings.every_need
    return tuple(name for name in dict.fromkeys(needs) if not holds(every[name].if_, seen)[0])


def _standing(ticket: Ticket) -> Decision:
    """A ticket as it is, before any rule has said anything."""
    return Decision(
        ticket.queue,
        ticket.type,
        ticket.product,
        ticket.priority,
        ticket.impact,
        ticket.urgency,
        ticket.tags,
        assignee=ticket.assignee,
    )


def _usual_queue(settings: Settings, mailbox: str) -> str:
    box = settings.mailboxes.get(mailbox)
    return (box.queue if box else None) or next(iter(settings.queues))


def _said(found: Decision, ticket: Ticket | None) -> dict[str, Sequence[str]]:
    return {
        **{name: (getattr(found, name),) for name in _LAST_WORDS},
        "tag": found.tags,
        "status": (ticket.status.value,) if ticket else ("new",),
    }


def _with(found: Decision, then: Actions) -> Decision:
    """The decision with what one more rule says."""
    changes: dict[str, Any] = {name: getattr(then, name) for name in _LAST_WORDS if getattr(then, name) is not None}
    changes |= _taken(then.take or (), found.fields)
    for ours, theirs in _ADD_UP.items():
        if more := getattr(then, theirs):
            changes[ours] = tuple(dict.fromkeys((*getattr(found, ours), *more)))
    if then.acknowledge is not None:
        changes["acknowledge"] = "" if then.acknowledge == NOTHING else then.acknowledge
    if then.redirect is not None:
        changes["redirection"] = Redirection(then.redirect.to, _texts(then.redirect.says))
    for event in ("refuse", "cancel"):
        if end := getattr(then, event):
            changes["refusal"] = _refusal(event, end)
    return replace(found, **changes) if changes else found


def _refusal(event: str, end: End) -> Refusal:
    return Refusal(event, _texts(end.because), _texts(end.article))


def _texts(said: Mapping[Any, str] | None) -> dict[str, str]:
    return {str(language): text for language, text in (said or {}).items()}


def _taken(names: Sequence[str], fields: Mapping[str, str]) -> dict[str, str]:
    """What the customer stated, where it can be what it says."""
    return {n: fields[n] for n in names if n in fields and (n not in _CLOSED or fields[n] in _CLOSED[n])}


_LAST_WORDS = ("queue", "type", "product", "priority", "impact", "urgency")
_ADD_UP = {"tags": "tags", "sends": "send", "forwards": "forward", "notifies": "notify"}
_CLOSED: Mapping[str, Sequence[str]] = {"priority": PRIORITIES, "impact": LEVELS, "urgency": LEVELS}
