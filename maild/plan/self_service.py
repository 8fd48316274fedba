"""A customer gets the list of their own requests, by state, each with the links that make sense for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from maild.effects import Effect
from maild.judgement import Proof
from maild.lifecycle import Status
from maild.mail import Address
from maild.plan import letters
from maild.plan.answering import answer_to_sender
from maild.plan.case import Incoming, Plan
from maild.plan.desk import number_of
from maild.plan.letters import Desk
from maild.plan.links import links_for
from maild.threading.limits import is_known, why_no_answer
from maild.threading.own_requests import MOST_REQUESTS
from maild.ticket import Disposition, Participant, Ticket
from maild.writing.links import NAMES

# The states of a ticket as a customer reads them (policies.md, P11), in the order of the list.
_STATES = {
    "list-waiting": frozenset({Status.PENDING}),
    "list-in-hand": frozenset({Status.NEW, Status.OPEN, Status.ON_HOLD}),
    "list-resolved": frozenset({Status.RESOLVED}),
    "list-closed": frozenset({Status.CLOSED, Status.CANCELLED}),
}
_NO_LINKS = dict.fromkeys(NAMES, "")


@dataclass(frozen=True, slots=True)
class Line:
    """A request as the list shows it."""

    subject: str
    reference_number: str
    links: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """The requests that are in one state, newest first; `name` is a slug of writing/wording.py."""

    name: str
    requests: tuple[Line, ...]


def my_requests(desk: Desk, case: Incoming) -> Plan:
    """The list, if the limits of automatic answers allow one more, to the address on record and no other."""
    if why_no_answer("my_tickets", case.mail, case.verdict.proof, case.facts, desk.settings):
        return [], Disposition.APPLIED, None
    found, sender = case.facts.requests, case.sender
    person = desk.settings.person(sender.address)
    own = [who for ticket in found if (who := _mine(case, ticket)) is not None]
    # as we know them: a mail's own From could say any name
    to = person.address if person is not None else Address(own[0].address, own[0].name) if own else sender
    language = letters.language_for(desk, to.address, case.mail.language)
    # Where nobody judges senders, somebody else may have written those subjects in this sender's name.
    known = is_known(case.mail, case.facts, desk.settings) or case.verdict.proof is Proof.PASS
    values = {
        "states": _grouped(desk, case, found[:MOST_REQUESTS], language),
        "shown": MOST_REQUESTS if len(found) > MOST_REQUESTS else 0,
    }
    listed: Effect = answer_to_sender(
        desk, "my_tickets", case, owed_for="my-requests", language=language, values=values, is_known=known, to=to
    )
    return [listed], Disposition.APPLIED, None


def _mine(case: Incoming, ticket: Ticket) -> Participant | None:
    """As whom the sender is on it: by this address, or another one of the same person."""
    keys = case.facts.who.keys if case.facts.who else ()
    return ticket.by_address(case.sender.address) or ticket.by_any(keys)


def _grouped(desk: Desk, case: Incoming, tickets: tuple[Ticket, ...], language: str) -> tuple[Group, ...]:
    groups = []
    for name, states in _STATES.items():
        lines = tuple(
            Line(t.subject, number_of(desk, t).strip("[]"), _NO_LINKS | links_for(desk, t, who, language))
            for t in tickets
            if t.status in states and t.mailbox in desk.settings.mailboxes
            if (who := _mine(case, t)) is not None
        )
        if lines:
            groups.append(Group(name, lines))
    return tuple(groups)
