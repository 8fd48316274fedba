"""Do the matrix of priorities and the path of escalation lead somewhere?"""

from collections.abc import Iterator

from maild.decision import Occasion
from maild.mail import address_key
from maild.rules.finding import Finding, Subject, hint
from maild.rules.lint_occasions import may_be_told
from maild.settings.values import LEVELS, an_address


def matrix_is_whole(desk: Subject) -> Iterator[Finding]:
    """Impacts and urgencies of which the matrix says nothing."""
    matrix = desk.settings.priorities.matrix
    if matrix is None:
        return
    gaps = [f"{one} and {other}" for one in LEVELS for other in LEVELS if (one, other) not in matrix.said]
    if gaps:
        what = f"no priority is named for an impact and urgency of {', '.join(gaps)}; it is `normal` there"
        yield Finding(("priorities", "matrix"), what, "warning")


def steps_reach_somebody(desk: Subject) -> Iterator[Finding]:
    """Steps that lead to nobody, or give a request to whoever can't have it."""
    settings = desk.settings
    teams = {team for agent in settings.people.agents for team in agent.teams}
    for n, step in enumerate(settings.escalation.path if settings.escalation else ()):
        path = ("escalation", "path", n, "to")
        if "@" not in step.to:
            if step.to not in teams:
                what = f"'{step.to}' is nobody: no team, and no address"
                yield Finding(path, what + hint(step.to, teams))
            continue
        try:
            an_address(step.to)
        except ValueError as error:
            yield Finding(path, str(error))
            continue
        yield from may_be_told(settings, path, step.to)
        if step.assign and address_key(step.to) not in settings.agents:
            what = f"'{step.to}' is no agent, so a request can't be theirs; remove `assign`, or list them as an agent"
            yield Finding(("escalation", "path", n, "assign"), what)


def escalations_can_happen(desk: Subject) -> Iterator[Finding]:
    """Rules for an escalation, where the file has no path for one."""
    if desk.settings.escalation is not None:
        return
    for i, rule in enumerate(desk.settings.rules):
        if set(rule.on) == {Occasion.ESCALATION_ASKED}:
            what = f"the rule '{rule.name}' is never tried: without `escalation` no request goes up"
            yield Finding(("rules", i, "on"), f"{what}; say the path, or remove the rule", "warning")
