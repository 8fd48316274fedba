"""Why is a ticket as it is? Its messages, decisions, mails and timers from the rows, in the order of time."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from maild.cli.output import iso, local, one_line, say, show_json
from maild.cli.place import opened, ticket_number
from maild.errors import BadInput
from maild.rules.quoted import rule_in
from maild.settings import Settings
from maild.store import queries
from maild.store.lines import DecisionLine, MessageLine, OutboxLine, TimerLine
from maild.store.rules_versions import KeptVersion
from maild.store.tickets import load_tickets


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened: a line for people, the lines below it, and the fields for programs."""

    at: datetime
    kind: str
    line: str
    below: tuple[str, ...]
    fields: dict[str, Any]


def tell(ref: str, settings: Settings, *, as_json: bool) -> None:
    """Show the story of the ticket that `ref` names; BadInput if there is none."""
    number, zone = ticket_number(ref, settings), settings.site.zone
    with opened(settings) as database:
        ticket = database.read_now(partial(load_tickets, numbers=[number])).get(number)
        history = database.read_now(partial(queries.history, number=number))
    if ticket is None:
        raise BadInput(f"there is no ticket {number}; `maild tickets list` shows them")
    told = _in_order(history, settings)
    if as_json:
        story = [{"at": iso(t.at, zone), "kind": t.kind, **t.fields} for t in told]
        show_json({"ticket": number, "subject": ticket.subject, "status": ticket.status.value, "story": story})
        return
    reason = f" ({ticket.reason.value})" if ticket.reason else ""
    say(f"{settings.site.reference}-{number}  {ticket.status.value}{reason}  {one_line(ticket.subject)}\n")
    for entry in told:
        say(f"{local(entry.at, zone)}  {one_line(entry.line)}")
        for line in entry.below:
            say(f"{'':18}{_shown(line)}")


def _shown(line: str) -> str:
    """One line; of what is quoted the indentation stays."""
    mark, bar, quoted = line.partition("| ")
    indent = len(quoted) - len(quoted.lstrip(" ")) if bar and not mark.strip() else 0
    return f"{mark}{bar}{' ' * indent}{one_line(quoted)}" if indent else one_line(line)


def _in_order(history: queries.History, settings: Settings) -> list[Told]:
    """Everything in the order of time. Of what happened at one instant: decision, then message, mail, timer."""
    told = [_decision(d, history.versions.get(d.rules_version), settings) for d in history.decisions]
    told += [_message(m) for m in history.messages]
    told += [_mail(m) for m in history.mails]
    told += [_timer(t) for t in history.timers]
    return sorted(told, key=lambda entry: entry.at)


def _decision(d: DecisionLine, then: KeptVersion | None, settings: Settings) -> Told:
    is_of_now = d.rules_version == settings.digest
    rules = [
        {
            "rule": t.rule,
            "line": t.line,
            "fired": t.fired,
            "why": t.why,
            "written": "\n".join(rule_in(then.text, t.line)) if then else None,
        }
        for t in d.trials
    ]
    below = [] if is_of_now or not d.trials else [_of_then(d.rules_version, then, settings)]
    for t in d.trials:
        below.append(f"rule '{t.rule}' (line {t.line}) {'fired' if t.fired else 'did not fire'}: {t.why}")
        if t.fired and then and not is_of_now:
            below += [f"| {line}" for line in rule_in(then.text, t.line)]
    mail = f", received mail {d.inbound_id}" if d.inbound_id else ""
    proof = f"; sender {d.proof}" if d.proof else ""
    what = f"{d.occasion}: {d.verdict} ({d.reason}{proof})" if d.verdict else f"{d.occasion}: the rules were asked"
    return Told(
        d.at,
        "decision",
        f"{what}{mail}, rules {d.rules_version}",
        tuple(below),
        {
            "occasion": d.occasion,
            "verdict": d.verdict,
            "reason": d.reason,
            "proof": d.proof,
            "inbound_id": d.inbound_id,
            "rules_version": d.rules_version,
            "rules_are_present": is_of_now,
            "rules_used_since": iso(then.at, settings.site.zone) if then else None,
            "rules": rules,
        },
    )


def _of_then(version: str, then: KeptVersion | None, settings: Settings) -> str:
    """That the rules are others now, and since when those of then decided."""
    now = f"the rules are others now: version {settings.digest}" if settings.digest else "the rules are others now"
    if then is None:
        return f"{now}; the words of version {version} are not kept"
    return f"{now}; lines are those of version {version}, which decided since {local(then.at, settings.site.zone)}"


def _message(m: MessageLine) -> Told:
    below = tuple(f"| {line}" for line in m.text.splitlines())
    fields = {"visibility": m.visibility, "author": m.author, "text": m.text, "verified": m.is_verified}
    return Told(m.at, "message", f"{m.visibility} entry by {m.author or 'maild'}", below, fields)


def _mail(m: OutboxLine) -> Told:
    ended = f" ({m.reason})" if m.reason else ""
    fields = {"id": m.id, "template": m.template, "to": m.recipient, "subject": m.subject, "state": m.state}
    line = f"mail {m.id}, {m.template} to {m.recipient}: {m.state}{ended}"
    return Told(m.created_at, "mail", line, (m.subject,), fields | {"reason": m.reason})


def _timer(t: TimerLine) -> Told:
    fields = {"policy": t.policy, "step": t.step, "state": t.state}
    return Told(t.due_at, "timer", f"{t.policy} step {t.step}: {t.state}", (), fields)
