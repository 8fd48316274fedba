"""Which values a template may name, and whether it names others.

Values are only ever values: never source, never Markdown.
"""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches

from jinja2 import Environment, nodes

from maild.writing.links import NAMES

_Shape = Mapping[str, object]  # what a name has within: {} is not looked into; a list of one shape: several of it
_PERSON: _Shape = {"address": {}, "name": {}, "shown": {}}
_TICKET: _Shape = {
    **{key: {} for key in ("number", "subject", "status", "reason", "priority", "type", "queue", "tags")},
    "product": {},
    "channel": {},  # by what it came, where that was not mail
    "rating": {},  # good or bad, or '' for none
    "rating_comment": {},
    **{key: {} for key in ("impact", "urgency", "asked_priority", "asked_impact", "asked_urgency")},
    "qualified_by": {},  # the agent who confirmed or changed the priority: an address
    "last_answer": {},
    "assignee": {},  # an address
    "linked_to": {},  # numbers
    "requester": _PERSON,
}
_CUSTOMER: _Shape = {
    **{key: {} for key in ("organisation", "plans", "relation", "integrator")},
    "contact": _PERSON,  # whom among us they usually speak to
}
_ARTICLE: _Shape = {key: {} for key in ("title", "link", "summary", "version", "product")}
_HELD: _Shape = {
    **{key: {} for key in ("number", "subject", "reason", "verdict", "doubt")},
    "sender": _PERSON,
    "why": {},  # it is held
    "ends": [{"label": {}, "link": {}}],
}
_LINKS: _Shape = {name: {} for name in NAMES}
_REQUEST: _Shape = {"subject": {}, "reference_number": {}, "links": _LINKS}

_WORK: _Shape = {
    **{key: {} for key in ("number", "subject", "customer", "organisation", "since", "due", "is_late", "status")},
    "has": {},  # whose it is, where it is not the reader's: a name, or '' for nobody's
    "is_own": {},
    "links": _LINKS,
}

_SAID: _Shape = {key: {} for key in ("of", "at", "text", "is_internal", "is_cut")}
_ANSWER: _Shape = {"asked": {}, "requests": [_WORK], "more": {}, "story": [_SAID]}
_ESCALATION: _Shape = {**{key: {} for key in ("step", "steps", "by_customer", "is_given")}, "former": _PERSON}
_NEED: _Shape = {"ask": {}, "because": {}}

# Name: (its value where nothing is given, what it has within). The one list of what templates are given.
VALUES: Mapping[str, tuple[object, object]] = {
    "site": ("", {}),  # name of the desk's house
    "desk": ("", {}),  # name shown, such as Support iSYBUY
    "signature": ("", {}),  # below a mail to a customer: the desk's name, or the lines of a brand
    "marker": ("", {}),  # the line above which one writes
    "reference": ("", {}),  # [ISY-1042-...], or '' where the mail belongs to no request
    "ticket": (None, _TICKET),
    "former": (None, _TICKET),  # the request that this one follows, was part of, or took in
    "name": ("", {}),  # the receiver's
    "links": ({}, _LINKS),  # mailto URLs; '' for one that makes no sense now
    "label": ({}, _LINKS),  # the words of each link; set by the renderer
    "requests": ((), [{"subject": {}, "reference_number": {}, "customer": {}, "link": {}}]),
    "text": ("", {}),  # a person's words
    "recorded": (None, {"by": _PERSON, "note": {}}),  # the agent who recorded it for its customer, and what they say
    "customer": (None, _CUSTOMER),  # the requester, where something is known of them
    "sender": (None, _PERSON),  # whose words
    "unproved": (False, {}),  # whether nothing vouches for whose words these are
    "look_alike": (None, {"address": {}, "of": {}}),  # whose address only looks like one of ours
    "other_address": ("", {}),  # it may be the same person
    "held": (None, _HELD),
    "sections": ((), [{"title": {}, "mails": [{"line": {}, "ends": [{"label": {}, "link": {}}]}]}]),
    "tables": ((), [{"title": {}}]),  # figures, each for the filter `table`
    "last_day": (None, {}),  # of the time that they are of, which begins at `since`
    "due": (None, {}),  # datetime
    "target": ("", {}),  # which promised time: first_response, next_response, resolution
    "step": (0, {}),  # how much of it is over, in percent
    "assignee": ("", {}),  # who has the request, by name
    "hours": ("", {}),  # of the desk, in words, while it is closed
    "opens": (None, {}),  # datetime: when it does so next, while it is closed
    "closures": ((), [{}]),  # what is said of those that are near, or that hold now
    "remarks": ((), [{}]),  # what the rules say besides in an acknowledgement
    "closed_from": (None, {}),  # first day of the closure that the mail is about
    "closed_to": (None, {}),  # and the last
    "closed_hours": ("", {}),  # of that one day, in words, where it is not closed all day
    "day": (None, {}),  # of a list
    "worklist": ((), [{"name": {}, "closed_at": {}, "more": {}, "requests": [_WORK]}]),  # what an agent has to do
    "announced": (None, {}),  # day of the automatic end
    "announced_on": (None, {}),  # day of the mail that announced it
    "missing": ((), [_NEED]),  # what a request lacks and waits for
    "unstated": ((), [{}]),  # fields that the rules take and the customer said nothing of: priority, impact, urgency
    "qualified": ("", {}),  # what an agent has done to the priority: priority_changed, priority_confirmed, or ''
    "before": ("", {}),  # the priority that it had before
    "escalation": (None, _ESCALATION),  # which step a request goes up, and by whose wish
    "going_up": (None, {"called": {}, "assign": {}}),  # the step to which the customer's click takes it
    "called": ("", {}),  # who takes it up, as customers read it
    "called_next": ("", {}),  # who would at the next step
    "invited": ((), [_NEED]),  # what would help, and holds nothing
    "is_again": (False, {}),  # it was asked for before
    "unasked": ((), [{}]),  # what is missing and is not asked for, each by language
    "additions": ((), [{}]),  # what the customer wrote besides, oldest first
    "ended_at": (None, {}),  # when what was promised came about, too late
    "is_answered": (False, {}),  # whether an agent's words were what ended it
    "ended": (None, {"how": {}, "rule": {}, "subject": {}}),  # what a rule has done with it, and which one
    "turn_to": (None, {"address": {}, "name": {}}),  # who else can help
    "says": ("", {}),  # what the rules say besides
    "because": ("", {}),  # why it ends
    "clause": ("", {}),  # of the desk's own rules, where they say so
    "wrote_to": ("", {}),  # our address that was written to
    "ordinary": ("", {}),  # our address for ordinary requests, where that one is none
    "rating": ("", {}),  # the one that was just given: good or bad
    "is_late": (False, {}),  # it came too late to change an earlier one
    "asks_more": (False, {}),  # it came without a word, and some are welcome
    "is_told": (False, {}),  # somebody hears of it
    "told": ("", {}),  # who hears of it, by name
    "handled_by": ("", {}),  # the agent whose request it is, by name
    "story": ((), [{"who": {}, "at": {}, "text": {}, "is_note": {}}]),  # the last messages, oldest first
    "results": ((), [{}]),  # what was done
    "problems": ((), [{}]),  # what was not, and why
    "answers": ((), [_ANSWER]),  # to an agent's questions
    "commands": ((), [{}]),  # (word, what it does)
    "articles": ((), [_ARTICLE]),  # those that may answer the request, best first
    "article": (None, _ARTICLE),  # the one whose text this is
    "attachments": ((), [{}]),  # names of files that were too large to go along
    "by_link": (False, {}),  # customers answer by the links alone: their Reply button leads to no request
    "states": ((), [{"name": {}, "requests": [_REQUEST]}]),  # the receiver's requests by state, for my_tickets
    "shown": (0, {}),  # how many requests are shown, where there are more
    "known": (False, {}),  # only a known receiver reads their own words again
    "notice": ("", {}),  # what it is about: a sentence, or a slug of wording.py
    "details": ((), [{}]),
    "rule": ("", {}),  # the names of the rules by which somebody is told
    "rules": ("", {}),  # behind a command for the admin: ` --rules FILE`, or ''; set by the renderer
    "since": (None, {}),  # datetime: from when on it is so
    "language": ("", {}),  # of this mail; set by the renderer
    "subject": ("", {}),  # of this mail, for the layout; set by the renderer
}

_FORBIDDEN = (nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)


def unknown_values(tree: nodes.Template, allowed: Collection[str] = ()) -> Iterator[tuple[int, str]]:
    """Values and fields that nobody gives, as (line, what). `allowed` are further names that have a value."""
    scope = {name: shape for name, (_, shape) in VALUES.items()} | dict.fromkeys(_set_within(tree) | set(allowed))
    for loop in tree.find_all(nodes.For):
        _loop(loop, scope)
    for node in tree.find_all((nodes.Name, nodes.Getattr)):
        if isinstance(node, nodes.Name):
            if node.name not in scope:
                yield node.lineno, f"there is no value named '{node.name}'{_instead(node.name, scope)}"
        elif isinstance(node, nodes.Getattr):
            shape = _shape(node.node, scope)
            if isinstance(shape, Mapping) and shape and node.attr not in shape:
                yield node.lineno, f"'{_written(node.node)}' has no '{node.attr}'{_instead(node.attr, shape)}"


def unknown_words(env: Environment, tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Filters and tests that do not exist, and other files that it asks for, as (line, what)."""
    for node in tree.find_all((nodes.Filter, nodes.Test, *_FORBIDDEN)):
        if isinstance(node, nodes.Filter):
            if node.name not in env.filters:
                yield node.lineno, f"there is no filter named '{node.name}'{_instead(node.name, env.filters)}"
        elif isinstance(node, nodes.Test):
            if node.name not in env.tests:
                yield node.lineno, f"there is no test named '{node.name}'{_instead(node.name, env.tests)}"
        else:
            yield node.lineno, "a template stands alone: include, import and extends are not for mails"


def _set_within(tree: nodes.Template) -> set[str]:
    """Names that the template itself gives a value to, by set, for or macro."""
    named = {n.name for n in tree.find_all(nodes.Name) if n.ctx in ("store", "param") and n.name not in VALUES}
    return named | {n.name for n in tree.find_all(nodes.Macro)} | {"loop"}


def _loop(node: nodes.For, scope: dict[str, object]) -> None:
    """`{% for r in requests %}`: r is one of the requests. Of anything else nothing is known."""
    if isinstance(node.target, nodes.Name) and node.target.name not in VALUES:
        shape = _shape(node.iter, scope)
        scope[node.target.name] = shape[0] if isinstance(shape, list) and shape[0] else None


def _shape(node: nodes.Node, scope: Mapping[str, object]) -> object:
    if isinstance(node, nodes.Name):
        return scope.get(node.name)
    if isinstance(node, nodes.Getattr):
        outer = _shape(node.node, scope)
        return outer.get(node.attr) if isinstance(outer, Mapping) else None
    return None


def _written(node: nodes.Node) -> str:
    return f"{_written(node.node)}.{node.attr}" if isinstance(node, nodes.Getattr) else getattr(node, "name", "it")


def _instead(wrong: str, right: Collection[str]) -> str:
    near = get_close_matches(wrong, right, n=1)
    return f"; did you mean '{near[0]}'?" if near else ""
