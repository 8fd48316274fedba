"""Do the rules and the waiting steps make sense: does what they name exist, can they fire, are they in order?"""

from collections.abc import Iterator

from maild.decision import Occasion
from maild.mail import address_key
from maild.rules.finding import Finding, Path, Subject, hint
from maild.rules.never import implies, matches_nothing
from maild.rules.text_tests import pattern_fault
from maild.rules.words import words_of
from maild.settings import Condition, Settings, TextTest
from maild.settings.actions import NOTHING, WAYS, Actions
from maild.settings.duration import Duration

LAST_WORD_COUNTS = ("queue", "type", "product", "priority", "impact", "urgency", "assign", "acknowledge")


def queues_exist(desk: Subject) -> Iterator[Finding]:
    """Queues that mailboxes and rules name."""
    settings = desk.settings
    named: list[tuple[Path, str | None]] = [(("mailboxes", n, "queue"), b.queue) for n, b in settings.mailboxes.items()]
    named += [(("rules", i, "then", "queue"), r.then.queue) for i, r in enumerate(settings.rules)]
    for path, queue in named:
        if queue is not None and queue not in settings.queues:
            yield Finding(path, f"there is no queue '{queue}'{hint(queue, settings.queues)}")


def assignees_exist(desk: Subject) -> Iterator[Finding]:
    """Agents whom rules assign."""
    agents = desk.settings.agents
    teams = {team for agent in agents.values() for team in agent.teams}
    for i, rule in enumerate(desk.settings.rules):
        for n, to in enumerate(rule.then.assign or ()):
            if to in WAYS or to in teams or address_key(to) in agents:
                continue
            what = "agent" if "@" in to else "team or way of assigning"
            known = agents if "@" in to else [*WAYS, *teams]
            else_ = "" if "@" in to else "for one agent, write their address"
            yield Finding(("rules", i, "then", "assign", n), f"there is no {what} '{to}'{hint(to, known, else_)}")


_OF_THE_HOUSE = ("agent_new", "agent_customer", "agent_assigned", "agent_held", "agent_notice", "admin_", "held_")


def templates_exist(desk: Subject) -> Iterator[Finding]:
    """Templates that rules and waiting steps send."""
    settings = desk.settings
    named: list[tuple[Path, str]] = []
    for i, rule in enumerate(settings.rules):
        sends = rule.then.send or ()
        named += [(("rules", i, "then", "send", n), send) for n, send in enumerate(sends)]
        if rule.then.acknowledge not in (None, NOTHING):
            named.append((("rules", i, "then", "acknowledge"), str(rule.then.acknowledge)))
    named += [(("waiting", i, "send"), step.send) for i, step in enumerate(settings.waiting) if step.send]
    for path, name in named:
        if name not in desk.templates:
            yield Finding(path, f"there is no template '{name}'{hint(name, desk.templates)}")
        elif name.startswith(_OF_THE_HOUSE):
            yield Finding(path, f"'{name}' is a mail for agents, and this one goes to customers; name another template")


def mailboxes_of_conditions_exist(desk: Subject) -> Iterator[Finding]:
    """Mailboxes that conditions name."""
    boxes = desk.settings.mailboxes
    for path, condition in conditions_of(desk.settings):
        for n, name in enumerate(condition.mailbox or ()):
            if name not in boxes:
                yield Finding((*path, "mailbox", n), f"there is no mailbox '{name}'{hint(name, boxes)}")


def texts_can_match(desk: Subject) -> Iterator[Finding]:
    """Words to look for, and patterns."""
    for path, test in text_tests(desk.settings):
        for n, words in enumerate(test.contains or ()):
            if not words_of(words):
                yield Finding((*path, "contains", n), f"'{words}' has no word to look for; use `is` or `matches`")
        if test.matches is None:
            continue
        if fault := pattern_fault(test.matches):
            what = f"the pattern can't be used ({fault}); write it as RE2: no look-around, no back-references"
            yield Finding((*path, "matches"), what)
        elif matches_nothing(test.matches):
            what = "no text can match: `^` is the beginning of the whole text, and `$` its end"
            yield Finding((*path, "matches"), f"{what}; write (?m) before the pattern for those of each line")


def rules_can_be_reached(desk: Subject) -> Iterator[Finding]:
    """Rules that never get their turn, and rules that can't be told apart or do nothing."""
    rules = desk.settings.rules
    names: set[str] = set()
    for i, rule in enumerate(rules):
        for earlier in rules[:i]:
            if earlier.then.stop and set(rule.on) <= set(earlier.on) and implies(rule.if_, earlier.if_):
                what = f"the rule '{rule.name}' is never reached: '{earlier.name}' above it stops"
                yield Finding(("rules", i), f"{what}; move it up, or remove `stop` there")
                break
        if rule.name in names:
            what = f"two rules are called '{rule.name}'; explanations name rules, so give it another name"
            yield Finding(("rules", i, "name"), what, "warning")
        names.add(rule.name)
        if not rule.then.model_fields_set:
            yield Finding(
                ("rules", i, "then"), f"the rule '{rule.name}' does nothing; say what, or remove it", "warning"
            )


def rules_agree(desk: Subject) -> Iterator[Finding]:
    """What a rule says and a later one always says otherwise, since it fits all of its mails."""
    rules = desk.settings.rules
    for i, rule in enumerate(rules):
        for key in LAST_WORD_COUNTS if not rule.then.stop else ():
            said = getattr(rule.then, key)
            later = (r for r in rules[i + 1 :] if getattr(r.then, key) not in (None, said))
            over = next((r for r in later if set(rule.on) <= set(r.on) and implies(rule.if_, r.if_)), None)
            if said is not None and over is not None:
                what = f"this never counts: '{over.name}' below fits the same mails and says {_said(over.then, key)}"
                remedy = f"let '{over.name}' say it only where it is meant, or end this rule with `stop: true`"
                yield Finding(("rules", i, "then", key), f"{what}; {remedy}", "warning")


def _said(then: Actions, key: str) -> str:
    value = getattr(then, key)
    return f"{key}: {', '.join(value) if isinstance(value, tuple) else value}"


def every_mail_gets_a_queue(desk: Subject) -> Iterator[Finding]:
    """Mails that fit no rule."""
    settings = desk.settings
    opening = [rule for rule in settings.rules if Occasion.OPENED in rule.on]
    if any(rule.if_ == Condition() and rule.then.queue for rule in opening):
        return
    without = [name for name, box in settings.mailboxes.items() if box.queue is None]
    if without and len(settings.queues) > 1:
        what = (
            f"mails to '{without[0]}' that no rule fits go to the first queue, '{next(iter(settings.queues))}'; end "
            "with a rule without `if` that names a queue, or give the mailbox one"
        )
        yield Finding(("rules", len(settings.rules) - 1) if settings.rules else ("queues",), what, "warning")


def waiting_goes_forward(desk: Subject) -> Iterator[Finding]:
    """The order of the waiting steps."""
    steps = desk.settings.waiting
    for i, step in enumerate(steps[1:], 1):
        if any(earlier.resolve for earlier in steps[:i]):
            what = "this step comes after the ticket has been resolved; put the step with `resolve` last"
            yield Finding(("waiting", i), what)
        elif _is_not_later(step.after, steps[i - 1].after):
            what = "this step is not later than the one before it; each `after` counts from when the wait began"
            yield Finding(("waiting", i, "after"), what)


def _is_not_later(after: Duration, before: Duration) -> bool:
    """Whether it surely is not: so much business time lasts as long as so much time, or longer."""
    if after.is_business and (not before.is_business or (after.unit == "day") != (before.unit == "day")):
        return False
    return after.delta <= before.delta


def conditions_of(settings: Settings) -> Iterator[tuple[Path, Condition]]:
    """Every condition of every rule and need, inner ones too, with its path."""
    todo: list[tuple[Path, Condition]] = [(("rules", i, "if"), rule.if_) for i, rule in enumerate(settings.rules)]
    todo += [(("needs", name, "if"), need.if_) for name, need in settings.needs.items()]
    while todo:
        path, condition = todo.pop()
        yield path, condition
        todo += [((*path, "any", i), inner) for i, inner in enumerate(condition.any_ or ())]
        todo += [((*path, "all", i), inner) for i, inner in enumerate(condition.all_ or ())]
        if condition.not_ is not None:
            todo.append(((*path, "not"), condition.not_))


def text_tests(settings: Settings) -> Iterator[tuple[Path, TextTest]]:
    """Every test of a text in these conditions, with its path."""
    for path, condition in conditions_of(settings):
        single: list[tuple[Path, TextTest | None]] = [
            (("subject",), condition.subject),
            (("body",), condition.body),
            (("text",), condition.text),
            (("from", "name"), condition.from_.name if condition.from_ else None),
            (("attachment", "name"), condition.attachment.name if condition.attachment else None),
        ]
        single += [(("header", name), test) for name, test in (condition.header or {}).items()]
        single += [(("field", name), test) for name, test in (condition.field or {}).items()]
        yield from (((*path, *at), test) for at, test in single if test is not None)
