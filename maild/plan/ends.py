"""Which ends may a held mail have, as links in a mail; which one does a click or a command ask for? Pure.

Every end is one click: the mail that it opens is addressed to the end itself, signed for the one person who was told.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from maild.errors import HeldStays
from maild.judgement import AgentWords, HeldMail, Purpose, VerdictName
from maild.plan.letters import Desk
from maild.threading.references import number_named
from maild.threading.token import end_for
from maild.ticket import Ticket
from maild.writing.links import LINKS, mailto

COMMANDS = {"release": Purpose.RELEASE, "admit": Purpose.ADMIT, "discard": Purpose.DISCARD}
_NEW_WORDS = frozenset({"new", "nouveau", "nouvelle"})
_UNREAD = frozenset({"our-fault", "poison"})  # of the quarantined, what may be let in after the mend


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants to become of a held mail. `by`: their address, or the operator's name."""

    end: Purpose  # RELEASE, RELEASE_NEW, ADMIT or DISCARD
    by: str
    into: int = 0  # the ticket; 0: as what the mail would have been


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


def options(held: HeldMail, named: Sequence[Ticket], own: Sequence[Ticket]) -> list[Option]:
    """The ends that make sense, the likeliest first. `named`: by its references; `own`: where the sender takes part."""
    discard, new = Option(Purpose.DISCARD), Option(Purpose.RELEASE_NEW)
    match held.verdict:
        case VerdictName.STRANGER if named:
            is_agents = held.reason == "no-agent-any-more"
            admit = [] if is_agents else [Option(Purpose.ADMIT, named[0])]
            return [*admit, Option(Purpose.RELEASE, named[0]), new, discard]
        case VerdictName.AMBIGUOUS | VerdictName.PLAIN_REPLY | VerdictName.BAD_REFERENCE | VerdictName.STRANGER:
            places = {ticket.number: ticket for ticket in (*named, *own)}
            return [*(Option(Purpose.RELEASE, ticket) for ticket in places.values()), new, discard]
        case VerdictName.UNKNOWN_SENDER:
            return [Option(Purpose.ADMIT), Option(Purpose.RELEASE), discard]
        case VerdictName.QUARANTINED if held.reason not in _UNREAD:
            return [discard]
        case VerdictName.REDIRECTED:
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
        number = option.ticket.number if option.ticket else 0
        token = end_for(desk.ring, held, number, option.purpose, decider)
        words = LINKS[language][_NAMES[option.purpose]]
        is_account = held.verdict is VerdictName.UNKNOWN_SENDER and option.purpose is Purpose.ADMIT
        label = _ACCOUNT[language] if is_account else words.label
        if option.ticket is not None and option.purpose is Purpose.RELEASE:
            subject = option.ticket.subject or _NO_SUBJECT[language]
            label = _INTO[language].format(subject=subject, reference=f"{brand}-{number}")
        reference = token.in_subject(brand)
        title = f"{words.subject} {reference}" if mailbox.delimiter == "none" else words.subject
        found.append(End(label, mailto(token.in_address(mailbox.address, mailbox.delimiter), title, words.body)))
    return tuple(found)


_NAMES = {
    Purpose.RELEASE: "release",
    Purpose.RELEASE_NEW: "release_new",
    Purpose.ADMIT: "admit",
    Purpose.DISCARD: "discard",
}
_INTO = {
    "fr": "Le mettre dans la demande «\u00a0{subject}\u00a0», {reference}",
    "en": "Put it into the request “{subject}”, {reference}",
}
_ACCOUNT = {"fr": "Lui ouvrir un compte", "en": "Open an account for them"}
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
    if command.word != "release" or not where:
        return Order(COMMANDS[command.word], by)
    if where.lower() in _NEW_WORDS:
        return Order(Purpose.RELEASE_NEW, by)
    number = number_named(where, desk.settings)
    return Order(Purpose.RELEASE, by, number) if number else [("no-such-ticket", where)]


def refuse_unproved_admission(order: Order, *, is_proved_by_server: bool) -> None:
    """HeldStays where the sender of a word to admit is known by their own link alone (Decisions, Sender proof)."""
    if order.end is Purpose.ADMIT and not is_proved_by_server:
        raise HeldStays("admit-needs-proof", "to admit somebody the receiving server must vouch for the agent")
