"""What do the rules say about a ticket that opens: its queue, type, priority, tags, assignee, and which mails besides?

Rules are tried in the order of the file and all that match apply: a later one overrides queue, type, priority and
assign, while tags and sends add up; a rule that says `stop` and matches is the last.
"""

from collections.abc import Mapping

from maild.judgement import Decision, RuleTrial
from maild.mail import ParsedMail, address_key
from maild.rules.conditions import holds
from maild.settings import Settings
from maild.ticket import Person

LEAST_LOADED = "least_loaded"


def decide(
    settings: Settings, mail: ParsedMail, mailbox: str, load: Mapping[str, int], who: Person | None = None
) -> Decision:
    """The rules' answer for a mail that came by that mailbox.

    `load` is the number of open tickets by agent (address in compared form). Without a rule that names a queue it is
    the mailbox's, else the first of the file. `who` is the sender where more is known of them than the rules say.
    """
    who = who or (settings.who(mail.sender.address) if mail.sender else None)
    trials = []
    queue = type_ = assign = ""
    priority = "normal"
    tags: list[str] = []
    sends: list[str] = []
    for rule in settings.rules:
        fired, why = holds(rule.if_, mail, mailbox, who)
        trials.append(RuleTrial(rule.name, rule.line, fired, why))
        if not fired:
            continue
        then = rule.then
        queue = then.queue or queue
        type_ = then.type or type_
        priority = then.priority or priority
        assign = then.assign or assign
        tags += then.tags or ()
        sends += then.send or ()
        if then.stop:
            break
    queue = queue or _usual_queue(settings, mailbox)
    return Decision(
        queue=queue,
        type=type_,
        priority=priority,
        tags=tuple(dict.fromkeys(tags)),
        assignee=_assignee(settings, assign, queue, load),
        sends=tuple(dict.fromkeys(sends)),
        trials=tuple(trials),
    )


def _usual_queue(settings: Settings, mailbox: str) -> str:
    box = settings.mailboxes.get(mailbox)
    return (box.queue if box else None) or next(iter(settings.queues))


def _assignee(settings: Settings, assign: str, queue: str, load: Mapping[str, int]) -> str:
    """The address of an agent in compared form, or ''. A tie goes to the first by name, then by address."""
    if assign != LEAST_LOADED:
        chosen_one = address_key(assign)
        return chosen_one if chosen_one in settings.agents else ""  # they may have left since
    team = settings.team_of(queue)
    if not team:
        return ""
    chosen = min(team, key=lambda a: (load.get(a.address.key, 0), a.address.name.casefold(), a.address.key))
    return chosen.address.key
