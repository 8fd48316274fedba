"""What do the rules say of a matter: its queue, type, priority, tags, assignee, and whom is told what besides?

Rules are tried in the order of the file and all that match apply, unless one says `stop`: of most things the last word
counts, while tags, mails and needs add up. A rule sees the ticket as those above it have left it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from maild.decision import Decision, Matter, Occasion, Redirection, Refusal, Rota, RuleTrial
from maild.rules.assigning import assignee
from maild.rules.conditions import holds
from maild.rules.kinds import kind_of, types_of
from maild.rules.priority import OF_AGENTS, priority_of, why
from maild.rules.seen import Seen
from maild.settings import Condition, Rule, Settings
from maild.settings.actions import NOTHING, Actions, End, Redirect
from maild.settings.values import LEVELS, PRIORITIES
from maild.ticket import Status, Ticket


def decide(settings: Settings, matter: Matter, rota: Rota) -> Decision:
    """The rules' answer. Where no rule names a queue a new ticket goes to its mailbox's, else to the file's first."""
    seen = Seen(settings, matter)
    found: dict[str, Any] = _standing(matter.ticket) if matter.ticket else {}
    found.setdefault("queue", _usual_queue(settings, matter.mailbox))
    trials: list[RuleTrial] = []
    if matter.ticket is None and (kind := kind_of(seen)) is not None:
        found |= {"type": kind.type, "tags": kind.tags}
        trials.append(kind.trial)
    seen.said = _said(settings, found, matter.ticket)
    for rule, line, occasions in settings.asks.in_order:
        if occasions.isdisjoint(matter.occasions) or not _is_its_time(rule, matter):
            continue
        fired, reason = holds(rule.if_, seen)
        trials.append(RuleTrial(rule.name, line, fired, reason))
        if not fired:
            continue
        before = found.pop("priority", None)
        _add(found, rule.then, seen)
        if "priority" in found:
            found["why_priority"] = why(rule.then, rule.name, line)
        elif before is not None:
            found["priority"] = before
        seen.said = _said(settings, found, matter.ticket)
        if rule.then.stop:
            break
    if assign := found.pop("assign", ()):
        given = assignee(settings, assign, found["queue"], rota, matter.at.date())
        found["assignee"] = given or found.get("assignee", "")  # where nobody is there it stays with whoever has it
    found["priority"], found["why_priority"] = priority_of(settings.priorities, found, matter.ticket)
    required: Sequence[str] = found.pop("require", ())
    invited: Sequence[str] = found.pop("invite", ())
    found["missing"] = _lacking(required, seen)
    found["invited"] = _lacking([name for name in invited if name not in required], seen)
    return Decision(**found, fields=seen.stated, trials=tuple(trials))


def fitting(settings: Settings, matter: Matter) -> Callable[[Condition], tuple[bool, str]]:
    """Tells of conditions whether each holds for a ticket as it stands, and why or why not."""
    seen = Seen(settings, matter)
    seen.said = _said(settings, _standing(matter.ticket) if matter.ticket else {}, matter.ticket)
    return lambda condition: holds(condition, seen)


def _is_its_time(rule: Rule, matter: Matter) -> bool:
    """Whether the clock tells just what the rule waits for."""
    told = matter.deadline
    if told is None or matter.occasion not in (Occasion.SLA_WARNING, Occasion.UNASSIGNED):
        return True
    return told.step in ((rule.after.code,) if matter.occasion is Occasion.UNASSIGNED and rule.after else rule.at or ())


def asks_for_subject(settings: Settings, needs: Sequence[str]) -> bool:
    """Whether one of these needs looks at the subject: then an answer may name it anew."""
    known = (need for name in needs if (need := settings.every_need.get(name)) is not None)
    return any(condition.subject is not None for need in known for condition in need.if_.within())


def _lacking(needs: Sequence[str], seen: Seen) -> tuple[str, ...]:
    every = seen.settings.every_need
    return tuple(name for name in dict.fromkeys(needs) if not holds(every[name].if_, seen)[0])


def _standing(ticket: Ticket) -> dict[str, Any]:
    """A ticket as it is, before any rule has said anything."""
    return {name: getattr(ticket, name) for name in (*_LAST_WORDS, "tags", "assignee") if name != "priority"}


def _usual_queue(settings: Settings, mailbox: str) -> str:
    box = settings.mailboxes.get(mailbox)
    return (box.queue if box else None) or next(iter(settings.queues))


def _said(settings: Settings, found: Mapping[str, Any], ticket: Ticket | None) -> dict[str, Sequence[str]]:
    """The ticket as the rules above have left it, for those below."""
    said: dict[str, Sequence[str]] = {name: (found.get(name) or "",) for name in _LAST_WORDS}
    said["priority"] = priority_of(settings.priorities, found, ticket)[:1]
    standing = (
        {"status": (ticket.status.value,), "rating": (ticket.rating,)} if ticket else {"status": (Status.NEW.value,)}
    )
    return said | {"tag": found.get("tags", ()), **standing}


def _add(found: dict[str, Any], then: Actions, seen: Seen) -> None:
    """What one more rule says."""
    for name, value in then.said:
        if name in _LAST_WORDS or name == "assign":
            found[name] = value
        elif name in _ADD_UP:
            ours = _ADD_UP[name]
            found[ours] = tuple(dict.fromkeys((*found.get(ours, ()), *value)))
        elif name in _MORE:
            _MORE[name](found, value, seen)


def _say(found: dict[str, Any], says: Mapping[Any, str], _: Seen) -> None:
    said = found.get("remarks", ())
    found["remarks"] = said if (texts := _texts(says)) in said else (*said, texts)


def _acknowledge(found: dict[str, Any], template: str, _: Seen) -> None:
    found["acknowledge"] = "" if template == NOTHING else template


def _take(found: dict[str, Any], names: Sequence[str], seen: Seen) -> None:
    """What the customer stated, where it can be what it says, and no agent has said otherwise since."""
    ticket = seen.matter.ticket
    for name in names:
        stated = seen.stated.get(name, "")
        known = _CLOSED.get(name) or (types_of(seen.settings) if name == "type" else ()) or (stated,)
        if not stated or stated not in known:
            found["unstated"] = tuple(dict.fromkeys((*found.get("unstated", ()), name)))
        elif ticket is None or not ticket.qualified_by or name not in OF_AGENTS:
            found[name] = stated


def _redirect(found: dict[str, Any], to: Redirect, _: Seen) -> None:
    found["redirection"] = Redirection(to.to, _texts(to.says))


def _refuse(found: dict[str, Any], end: End, _: Seen) -> None:
    found["refusal"] = Refusal("refuse", _texts(end.because), _texts(end.article))


def _cancel(found: dict[str, Any], end: End, _: Seen) -> None:
    found["refusal"] = Refusal("cancel", _texts(end.because), _texts(end.article))


def _texts(said: Mapping[Any, str] | None) -> dict[str, str]:
    return {str(language): text for language, text in (said or {}).items()}


_LAST_WORDS = ("queue", "type", "product", "priority", "impact", "urgency")
_CLOSED: Mapping[str, Sequence[str]] = {"priority": PRIORITIES, "impact": LEVELS, "urgency": LEVELS}
# Action: the part of the decision to which it adds.
_ADD_UP = {
    "tags": "tags",
    "send": "sends",
    "forward": "forwards",
    "notify": "notifies",
    "require": "require",
    "invite": "invite",
}
_MORE: Mapping[str, Callable[[dict[str, Any], Any, Seen], None]] = {
    "take": _take,
    "say": _say,
    "acknowledge": _acknowledge,
    "redirect": _redirect,
    "refuse": _refuse,
    "cancel": _cancel,
}
