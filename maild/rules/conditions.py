"""Does a condition hold for this matter? And why, or why not, in a few words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from maild.rules.attachment_tests import is_attached
from maild.rules.seen import Answer, Seen
from maild.rules.sender_tests import is_from
from maild.rules.text_tests import listed, passes
from maild.rules.words import Searched, folded
from maild.settings import Condition
from maild.settings.conditions import Count, FieldTest, SubjectTest, TextTest
from maild.settings.duration import Duration

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def holds(condition: Condition, seen: Seen) -> Answer:
    """Whether each test of the condition holds, and why or why not."""
    reasons = []
    for name, wanted in condition.asked:
        is_true, why = _TESTS[name](wanted, seen)
        if not is_true:
            return False, why
        reasons.append(why)
    return True, " and ".join(reasons) or "no condition"


def _exactly(what: str, value: Callable[[Seen], str]) -> Callable[[Sequence[str], Seen], Answer]:
    """One of the words, to the letter."""

    def test(wanted: Sequence[str], seen: Seen) -> Answer:
        mine = value(seen)
        return (True, f"{what} is '{mine}'") if mine in wanted else (False, f"{what} is not {listed(wanted)}")

    return test


def _brand(seen: Seen) -> str:
    box = seen.settings.mailboxes.get(seen.matter.mailbox)
    return (box.brand if box else None) or ""


def _language(seen: Seen) -> str:
    """The requester's own, else that of the ticket or of the mail that opens one."""
    who, ticket = seen.matter.who, seen.matter.ticket
    return (who.language if who else "") or (ticket.language if ticket else seen.mail.language)


def _is_said(what: str) -> Callable[[Sequence[str], Seen], Answer]:
    """What the ticket is, as the rules above have said."""

    def test(wanted: Sequence[str], seen: Seen) -> Answer:
        return _known(f"the {what}", f"no {what}", seen.said.get(what, ()), wanted)

    return test


def _is_of_sender(what: str, values: Callable[[Seen], Sequence[str]]) -> Callable[[Sequence[str], Seen], Answer]:
    """What is known of the requester."""

    def test(wanted: Sequence[str], seen: Seen) -> Answer:
        return _known(f"the sender's {what}", f"the sender has no {what}", values(seen), wanted)

    return test


def _known(what: str, nothing: str, values: Sequence[str], wanted: Sequence[str]) -> Answer:
    """Names, compared without regard to case and accents."""
    mine = {folded(value) for value in values if value}
    found = next((word for word in wanted if folded(word) in mine), None)
    if found is not None:
        return True, f"{what} is '{found}'"
    known = listed([value for value in values if value])
    return False, f"{what} is {known}, not {listed(wanted)}" if known else nothing


def _account(wanted: bool, seen: Seen) -> Answer:
    has_one = seen.matter.who is not None and seen.matter.who.has_account
    return has_one == wanted, "the sender has an account" if has_one else "the sender has no account"


def _has(wanted: Iterable[str], seen: Seen) -> Answer:
    for name in wanted:
        is_there, why = holds(seen.settings.every_need[name].if_, seen)
        if not is_there:
            return False, f"{name} is missing: {why}"
    return True, f"{listed(tuple(wanted))} is there"


def _counted(test: Count, what: str, count: int) -> Answer:
    too_few = test.at_least is not None and count < test.at_least
    too_many = test.at_most is not None and count > test.at_most
    return not (too_few or too_many), f"{what}: {count}"


def _earlier(test: Count, seen: Seen) -> Answer:
    return _counted(test, "earlier tickets of the sender", seen.matter.earlier_tickets)


def _silence(least: Duration, seen: Seen) -> Answer:
    silence = seen.matter.silence
    if silence is None:
        return False, "nothing was written before"
    return silence >= least.delta, f"nothing was written for {silence.days} days and {silence.seconds // 3600} hours"


def _target(wanted: Sequence[str], seen: Seen) -> Answer:
    told = seen.matter.deadline.target if seen.matter.deadline else ""
    return told in wanted, f"it is about the {told}" if told else "it is about no promised time"


def _time(wanted: Iterable[str], seen: Seen) -> Answer:
    now = f"{seen.matter.at:%H:%M}"
    for said in wanted:
        start, _, end = said.partition("-")
        if start <= now < end if start < end else (now >= start or now < end):
            return True, f"{now} is within {said}"
    return False, f"{now} is not within {listed(tuple(wanted))}"


def _day(wanted: Sequence[str], seen: Seen) -> Answer:
    today = _DAYS[seen.matter.at.weekday()]
    return today in wanted, f"it is {today}" if today in wanted else f"it is {today}, not {listed(wanted)}"


def _all(conditions: Iterable[Condition], seen: Seen) -> Answer:
    answers = [holds(c, seen) for c in conditions]
    failed = next((a for a in answers if not a[0]), None)
    return failed or (True, " and ".join(why for _, why in answers))


def _any(conditions: Iterable[Condition], seen: Seen) -> Answer:
    answers = [holds(c, seen) for c in conditions]
    found = next((a for a in answers if a[0]), None)
    return found or (False, " and ".join(why for _, why in answers))


def _not(condition: Condition, seen: Seen) -> Answer:
    is_true, why = holds(condition, seen)
    return not is_true, f"not: {why}" if is_true else why


def _headers(tests: Mapping[str, TextTest], seen: Seen) -> Answer:
    """Each holds if it does for one header of its name."""
    reasons = []
    for name, test in tests.items():
        is_true, why = False, f"no header {name}"
        for value in seen.header(name):
            is_true, why = passes(test, f"header {name}", value, seen)
            if is_true:
                break
        if not is_true:
            return False, why
        reasons.append(why)
    return True, " and ".join(reasons)


def _field(tests: Mapping[str, FieldTest], seen: Seen) -> Answer:
    reasons = []
    for name, test in tests.items():
        stated = seen.fields.get(name)
        if test.is_there is not None:
            is_true, why = (stated is not None) == test.is_there, f"{name} is '{stated}'" if stated else f"no {name}"
        elif stated is None:
            return False, f"no {name} is stated"
        else:
            is_true, why = True, ""
        if is_true and stated is not None:
            is_true, more = passes(test, name, Searched(stated), seen)
            why = more or why
        if not is_true:
            return False, why
        reasons.append(why)
    return True, " and ".join(reasons)


def _subject(test: SubjectTest, seen: Seen) -> Answer:
    if test.is_telling is not None and seen.matter.is_telling != test.is_telling:
        return False, f"the subject says {'something' if seen.matter.is_telling else 'nothing'}"
    said = "" if test.is_telling is None else f"the subject says {'something' if test.is_telling else 'nothing'}"
    is_true, why = passes(test, "subject", seen.subject, seen)
    return is_true, " and ".join(filter(None, (said, why))) if is_true else why


# Key of a condition: what it asks.
_TESTS: Mapping[str, Callable[[Any, Seen], Answer]] = {
    "mailbox": _exactly("mailbox", lambda seen: seen.matter.mailbox),
    "brand": _exactly("brand", _brand),
    "from_": is_from,
    "subject": _subject,
    "body": lambda test, seen: passes(test, "body", seen.body, seen),
    "text": lambda test, seen: passes(test, "text", seen.text, seen),
    "header": _headers,
    "field": _field,
    "attachment": is_attached,
    "has": _has,
    "language": _exactly("language", _language),
    "organisation": _is_of_sender("organisation", lambda s: (s.matter.who.organisation,) if s.matter.who else ()),
    "plan": _is_of_sender("plan", lambda seen: seen.matter.who.plans if seen.matter.who else ()),
    "relation": _is_of_sender("relation", lambda s: (s.matter.who.relation,) if s.matter.who else ()),
    "account": _account,
    "earlier_tickets": _earlier,
    **{
        name: _is_said(name)
        for name in ("queue", "type", "product", "priority", "impact", "urgency", "tag", "status", "rating")
    },
    "silence": _silence,
    "target": _target,
    "time": _time,
    "day": _day,
    "all_": _all,
    "any_": _any,
    "not_": _not,
}
