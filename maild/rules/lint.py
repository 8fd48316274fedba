"""Do the settings make sense as a whole? Finds what fits the schema and still can't be meant.

Each check stands with the blocks of the file that it needs as they were written; it is left out where one of them had
to be mended to be read, so that nobody is told of an agent who is missing only because their line has a slip.
"""

from collections.abc import Callable, Collection, Iterator

from maild.errors import Problem
from maild.rules import (
    lint_desk,
    lint_escalation,
    lint_kinds,
    lint_knowledge,
    lint_modes,
    lint_needs,
    lint_occasions,
    lint_people,
    lint_rules,
    lint_time,
)
from maild.rules.finding import Finding, Path, Subject
from maild.settings import Settings

Where = Callable[[Path], tuple[str, int, int]]  # file, line, column of the value at a path, or of what is around it
Check = Callable[[Subject], Iterator[Finding]]

CHECKS: tuple[tuple[Check, tuple[str, ...]], ...] = (
    (lint_rules.queues_exist, ("queues",)),
    (lint_rules.assignees_exist, ("people",)),
    (lint_rules.templates_exist, ()),
    (lint_rules.mailboxes_of_conditions_exist, ("mailboxes",)),
    (lint_rules.texts_can_match, ()),
    (lint_kinds.kinds_can_be_recognised, ("kinds",)),
    (lint_needs.needs_exist, ("needs",)),
    (lint_needs.fields_exist, ("fields",)),
    (lint_needs.needs_can_be_given, ("needs",)),
    (lint_needs.redirections_reach_somebody, ("rules", "people")),
    (lint_needs.requests_are_not_forgotten, ("rules", "waiting")),
    (lint_rules.rules_can_be_reached, ("rules",)),
    (lint_rules.rules_agree, ("rules",)),
    (lint_rules.every_mail_gets_a_queue, ("rules", "queues", "mailboxes")),
    (lint_rules.waiting_goes_forward, ("waiting",)),
    (lint_time.calendars_exist, ("calendars",)),
    (lint_time.calendars_open, ("calendars",)),
    (lint_time.business_time_is_known, ("calendars",)),
    (lint_time.promises_can_be_kept, ("calendars", "sla", "plans")),
    (lint_time.clocks_tell_of_something, ("sla", "plans")),
    (lint_time.plans_are_known, ("people", "plans")),
    (lint_time.notices_of_closures_reach_somebody, ("calendars", "people")),
    (lint_time.worklists_reach_somebody, ("worklists", "people")),
    (lint_occasions.actions_fit_their_occasion, ()),
    (lint_occasions.notices_reach_somebody, ("people",)),
    (lint_occasions.others_may_be_told, ("mailboxes",)),
    (lint_occasions.opening_tells_its_agents, ()),
    (lint_occasions.ratings_are_asked_for, ("rating",)),
    (lint_escalation.matrix_is_whole, ("priorities",)),
    (lint_escalation.steps_reach_somebody, ("escalation", "people")),
    (lint_escalation.escalations_can_happen, ("rules", "escalation")),
    (lint_occasions.lists_exist, ("lists",)),
    (lint_occasions.senders_lists_hold_addresses, ("lists",)),
    (lint_desk.teams_have_agents, ("people", "queues")),
    (lint_desk.mailboxes_are_apart, ("mailboxes",)),
    (lint_desk.brands_exist, ("mailboxes", "brands")),
    (lint_desk.nobody_has_our_address, ()),  # what coincides does so whatever else is wrong
    (lint_people.people_stand_once, ()),
    (lint_people.integrators_are_partners, ("people",)),
    (lint_people.domains_are_a_customers_own, ()),
    (lint_people.conditions_name_known_people, ("people",)),
    (lint_desk.agents_can_be_believed, ("mailboxes",)),
    (lint_desk.passwords_travel_safely, ("mailboxes", "smtp")),
    (lint_desk.mails_leave, ("smtp",)),
    (lint_modes.links_can_carry, ("site", "mailboxes")),
    (lint_modes.the_old_system_is_another, ("mailboxes", "legacy")),
    (lint_modes.old_patterns_can_be_used, ()),
    (lint_knowledge.articles_are_there, ("knowledge",)),
    (lint_knowledge.rules_of_products_stand_once, ()),
    (lint_knowledge.product_rules_are_written, ("knowledge",)),
)


def lint(
    settings: Settings, where: Where, templates: Collection[str], damaged: Collection[str] = frozenset()
) -> list[Problem]:
    """Everything that can't be meant, in the order of the file.

    `templates` are the names of the templates that exist; `damaged` the blocks (keys at the top of the file) that are
    not as the admin wrote them.
    """
    subject = Subject(settings, templates)
    found = [f for check, needs in CHECKS if not set(needs) & set(damaged) for f in check(subject)]
    return sorted(Problem(*where(f.at), f.severity, f.what) for f in found)
