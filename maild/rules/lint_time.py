"""Do the calendars and what is counted by them make sense?"""

from collections.abc import Iterator
from datetime import timedelta

from maild.decision import Occasion
from maild.mail import address_key
from maild.rules.finding import Finding, Path, Subject, hint
from maild.settings import Condition, Promise, Settings
from maild.settings.calendars import MOST_CLOSED, Calendar
from maild.settings.duration import Duration


def calendars_exist(desk: Subject) -> Iterator[Finding]:
    """Names of calendars that are none."""
    known = desk.settings.calendars
    name = desk.settings.site.calendar
    if name is not None and name not in known:
        what = f"there is no calendar '{name}'" + hint(name, known, "add it under `calendars`")
        yield Finding(("site", "calendar"), what)


def calendars_open(desk: Subject) -> Iterator[Finding]:
    """Calendars that stay closed for a year and more by closures that follow each other."""
    for name, calendar in desk.settings.calendars.items():
        if (closed := _longest_closure(calendar)) >= MOST_CLOSED:
            what = f"no hour is open for {closed.days} days on end; a deadline would lie beyond them"
            yield Finding(("calendars", name, "closed"), what)


def _longest_closure(calendar: Calendar) -> timedelta:
    longest, first, last = timedelta(), None, None
    for closure in sorted((c for c in calendar.closed if c.hours is None), key=lambda c: c.first):
        if first is None or last is None or closure.first > last + timedelta(days=1):
            first, last = closure.first, closure.last
        last = max(last, closure.last)
        longest = max(longest, last - first + timedelta(days=1))
    return longest


def business_time_is_known(desk: Subject) -> Iterator[Finding]:
    """Business hours of a desk that has not said when it is open."""
    if desk.settings.calendars:
        return
    for path, length in durations(desk.settings):
        if length.is_business:
            what = f"'{length}' counts while the desk is open, and nothing says when that is; add `calendars`"
            yield Finding(path, what)


def promises_can_be_kept(desk: Subject) -> Iterator[Finding]:
    """Calendars of promises, and conditions that can't be asked of a ticket that stands."""
    settings = desk.settings
    for path, promise in _promises(settings):
        if promise.calendar is not None and promise.calendar not in settings.calendars:
            what = f"there is no calendar '{promise.calendar}'"
            yield Finding((*path, "calendar"), what + hint(promise.calendar, settings.calendars, "add it"))
    for name, policy in settings.sla.items():
        for condition in policy.if_.within():
            for asked, _ in condition.asked:
                if asked not in _OF_A_TICKET:
                    what = f"`{asked.rstrip('_')}` is asked of a mail, and a promise holds for the ticket as it stands"
                    known = ", ".join(sorted(word.rstrip("_") for word in _OF_A_TICKET))
                    yield Finding(("sla", name, "if", *_key(policy.if_, condition, asked)), f"{what}; ask for: {known}")


def _key(outer: Condition, condition: Condition, asked: str) -> tuple[str, ...]:
    return (asked.rstrip("_"),) if condition is outer else ()


def clocks_tell_of_something(desk: Subject) -> Iterator[Finding]:
    """Rules for promised times in a file that promises nothing."""
    settings = desk.settings
    for i, rule in enumerate(settings.rules):
        if {Occasion.SLA_WARNING, Occasion.SLA_BREACHED} & set(rule.on) and not settings.every_promise:
            what = "nothing is promised to anybody, so this rule is never tried; add `sla` or `plans`"
            yield Finding(("rules", i, "on"), what, "warning")


def plans_are_known(desk: Subject) -> Iterator[Finding]:
    """Plans that promise something, and that nobody has."""
    people = (*desk.settings.people.customers, *desk.settings.people.organisations)
    had = {plan for row in people for plan in row.plan or ()}
    for name in desk.settings.plans if people else ():
        if name.casefold() not in {plan.casefold() for plan in had}:
            what = f"nobody has the plan '{name}': what it promises is promised to nobody"
            yield Finding(("plans", name), what + hint(name, had), "warning")


def _promises(settings: Settings) -> Iterator[tuple[Path, Promise]]:
    yield from ((("sla", name), policy) for name, policy in settings.sla.items())
    yield from ((("plans", name), promise) for name, promise in settings.plans.items())


_OF_A_TICKET = frozenset(
    {"mailbox", "brand", "subject", "field", "language", "organisation", "plan", "relation", "account", "queue", "type"}
    | {"product", "priority", "impact", "urgency", "tag", "any_", "all_", "not_"}
)


def notices_of_closures_reach_somebody(desk: Subject) -> Iterator[Finding]:
    """Closures that are to be mailed to customers of whom none is known by an address."""
    if desk.settings.customers:
        return
    for name, calendar in desk.settings.calendars.items():
        for i, closure in enumerate(calendar.closed):
            if closure.notice is not None:
                what = "nobody would be told: `people` names no customer with an address; a domain is nobody's"
                yield Finding(("calendars", name, "closed", i, "notice"), what, "warning")


def worklists_reach_somebody(desk: Subject) -> Iterator[Finding]:
    """Lists for teams and agents that are none."""
    settings = desk.settings
    teams = {team for agent in settings.people.agents for team in agent.teams}
    for i, worklist in enumerate(settings.worklists):
        for reader in worklist.to:
            if "@" in reader and address_key(reader) not in settings.agents:
                what = f"'{reader}' is no agent, and only agents have tickets"
                known = [agent.address for agent in settings.people.agents]
                yield Finding(("worklists", i, "to"), what + hint(reader, known, "add them under `people: agents`"))
            elif "@" not in reader and reader not in teams:
                what = f"no agent is in the team '{reader}'"
                yield Finding(("worklists", i, "to"), what + hint(reader, teams, "or write an agent's address"))


def durations(settings: Settings) -> Iterator[tuple[Path, Duration]]:
    """Every length of time that may be counted in business time, with its path."""
    yield from ((("waiting", i, "after"), step.after) for i, step in enumerate(settings.waiting))
    for path, promise in _promises(settings):
        yield from (((*path, target), length) for target, length in promise.lengths)
    yield from ((("rules", i, "after"), rule.after) for i, rule in enumerate(settings.rules) if rule.after)
    yield ("held", "due"), settings.held.due
    if settings.rating is not None:
        yield ("rating", "after"), settings.rating.after
        yield ("rating", "change_within"), settings.rating.change_within
    if settings.closing.after is not None:
        yield ("closing", "after"), settings.closing.after
