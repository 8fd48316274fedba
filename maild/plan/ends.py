"""Which ends may a held mail have, as links in a mail; which one does a click or a command ask for? Pure.

Every end is one click: the mail that it opens is addressed to the end itself, signed for the one person who was told.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from maild.agent_words import AgentWords
from maild.errors import HeldStays
from maild.judgement import (
    HeldMail,
    Purpose,
    VerdictName,
)
from maild.people.addressed import address_named
from maild.plan.letters import Desk
from maild.threading.references import number_named
from maild.threading.token import end_for
from maild.ticket import Ticket
from maild.writing.links import LINKS, mailto

COMMANDS = {"release": Purpose.RELEASE, "admit": Purpose.ADMIT, "discard": Purpose.DISCARD}
_NEW_WORDS = frozenset({"new", "nouveau", "nouvelle"})
_SAME_AS = re.compile(r"(?:same|m[eê]me)[\s-](?:as|que)[\s:]+(.+)", re.IGNORECASE)
_UNREAD = frozenset({"our-fault", "poison"})  # of the quarantined, what may be let in after the mend


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants to become of a held mail. `by`: their address, or the operator's name."""

    end: Purpose  # RELEASE, RELEASE_NEW, ADMIT or DISCARD
    by: str
    into: int = 0  # the ticket; 0: as what the mail would have been
    same_as: str = ""  # ADMIT: whose further address the sender's is; '' for somebody of their own


@dataclass(frozen=True, slots=True)
class End:
    """A link that ends a held mail."""

    label: str
    link: str


@dataclass(frozen=True, slots=True)
class Option:
    """An end that makes sense for a held mail."""

    purpose: Purpose
    ticket: Ticket | None = None
    same_as: str = ""  # ADMIT: whose further address the sender's may be


def options(held: HeldMail, named: Sequence[Ticket], own: Sequence[Ticket]) -> list[Option]:
    """The ends that make sense, the likeliest first. `named`: by its references; `own`: where the sender takes part."""
    discard, new = Option(Purpose.DISCARD), Option(Purpose.RELEASE_NEW)
    match held.verdict:
        case VerdictName.STRANGER if named:
            is_agents = held.reason == "no-agent-any-more"
            same = Option(Purpose.ADMIT, named[0], named[0].requester.address)
            admit = [] if is_agents else [Option(Purpose.ADMIT, named[0]), same]
            return [*admit, Option(Purpose.RELEASE, named[0]), new, discard]
        case VerdictName.AMBIGUOUS | VerdictName.PLAIN_REPLY | VerdictName.BAD_REFERENCE | VerdictName.STRANGER:
            places = {ticket.number: ticket for ticket in (*named, *own)}
            return [*(Option(Purpose.RELEASE, ticket) for ticket in places.values()), new, discard]
        case VerdictName.UNKNOWN_SENDER:
            return [Option(Purpose.ADMIT), Option(Purpose.RELEASE), discard]
        case VerdictName.QUARANTINED if held.reason not in _UNREAD:
            return [discard]
        case VerdictName.LIST_MAIL | VerdictName.REDIRECTED:
            return [new]
        case VerdictName.SPAM if not named:
            return [new]
        case VerdictName.SPAM:
            return [Option(Purpose.RELEASE)]
        case _:
            return [Option(Purpose.RELEASE), discard]


def end_links(desk: Desk, held: HeldMail, wanted: Sequence[Option], decider: str, language: str) -> tuple[End, ...]:
    """The same as links for one person; `decider` is their address in its compared form."""
    mailbox = desk.settings.mailboxes[held.mailbox]
    brand = desk.settings.site.reference
    found = []
    for option in wanted:
        number = option.ticket.number if option.ticket and not option.same_as else 0
        # Whose address it is stands in the mail that the link opens, as the command that a person could have typed.
        purpose = Purpose.HELD if option.same_as else option.purpose
        token = end_for(desk.ring, held, number, purpose, decider)
        words = LINKS[language][_NAMES[purpose]]
        is_account = held.verdict is VerdictName.UNKNOWN_SENDER and option.purpose is Purpose.ADMIT
        label = _ACCOUNT[language] if is_account else words.label
        body = words.body
        if option.same_as and option.ticket is not None:
            label = _SAME[language].format(who=option.ticket.requester.shown)
            body = f"#admit {_SAYS_SAME[language]} {option.same_as}"
        if option.ticket is not None and option.purpose is Purpose.RELEASE:
            subject = option.ticket.subject or _NO_SUBJECT[language]
            label = _INTO[language].format(subject=subject, reference=f"{brand}-{number}")
        reference = token.in_subject(brand)
        title = f"{words.subject} {reference}" if mailbox.delimiter == "none" else words.subject
        found.append(End(label, mailto(token.in_address(mailbox.address, mailbox.delimiter), title, body)))
    return tuple(found)


_NAMES = {
    Purpose.RELEASE: "release",
    Purpose.RELEASE_NEW: "release_new",
    Purpose.ADMIT: "admit",
    Purpose.DISCARD: "discard",
    Purpose.HELD: "same_person",
}
_INTO = {
    "fr": "Le mettre dans la demande «\u00a0{subject}\u00a0», {reference}",
    "en": "Put it into the request “{subject}”, {reference}",
}
_ACCOUNT = {"fr": "Lui ouvrir un compte", "en": "Open an account for them"}
_SAME = {"fr": "C’est une autre adresse de {who}", "en": "It is another address of {who}"}
_SAYS_SAME = {"fr": "même-que", "en": "same-as"}
_NO_SUBJECT = {"fr": "(sans objet)", "en": "(no subject)"}


def order_of(desk: Desk, purpose: Purpose, number: int, words: AgentWords, by: str) -> Order | list[tuple[str, str]]:
    """What a click or an answer asks for, or the problems (slug, what it is about) for which nothing is done."""
    if purpose is not Purpose.HELD:
        return Order(purpose, by, number)
    problems = list(words.problems)
    problems += [("not-for-held", c.written) for c in words.commands if c.word not in COMMANDS]
    asked = [c for c in words.commands if c.word in COMMANDS]
    if len(asked) > 1:
        problems.append(("conflict", " ".join(c.written for c in asked)))
    if problems:
        return problems
    if not asked:
        return [("no-end-said", "")]
    [command] = asked
    where = command.argument.strip()
    if command.word == "admit" and where:
        same = _SAME_AS.fullmatch(where)
        whom = address_named(same[1]) if same else None
        return Order(Purpose.ADMIT, by, same_as=whom.address) if whom else [("admit-whom", command.written)]
    if command.word != "release" or not where:
        return Order(COMMANDS[command.word], by)
    if where.lower() in _NEW_WORDS:
        return Order(Purpose.RELEASE_NEW, by)
    number = number_named(where, desk.settings)
    return Order(Purpose.RELEASE, by, number) if number else [("no-such-ticket", where)]


def refuse_unseen(order: Order, held: HeldMail) -> None:
    """HeldStays where an agent lets in, by a reply to the word on it, what came in their name without proof: they were
    not shown its text, which would leave for the customer as theirs. The admin's list has a link that does it."""
    if held.verdict is VerdictName.UNSIGNED_AGENT and order.end is not Purpose.DISCARD:
        raise HeldStays("unseen", "what came in an agent's name without proof can only be discarded by that agent")


def refuse_unproved_admission(order: Order, *, is_proved_by_server: bool) -> None:
    """HeldStays where the sender of a word to admit is known by their own link alone (Decisions, Sender proof)."""
    if order.end is Purpose.ADMIT and not is_proved_by_server:
        raise HeldStays("admit-needs-proof", "to admit somebody the receiving server must vouch for the agent")
