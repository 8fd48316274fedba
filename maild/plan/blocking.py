"""An agent blocks, unblocks, or says that a whole ticket is spam: what follows. Pure."""

from collections.abc import Sequence

from maild.agent_words import Command
from maild.effects import AddMessage, CancelTimers, ChangeTicket, Effect
from maild.lifecycle import Reason, Status
from maild.people.blocking import block_key, refusal_text, why_not_block
from maild.personal_effects import Block, Unblock
from maild.plan.closing import RATING, WAITS
from maild.settings import Settings
from maild.ticket import Person, Ticket, Visibility

_SAID = {
    "fr": {
        "block": "Les messages de {key} n’ouvrent plus rien\u00a0; la liste quotidienne en dit le nombre.",
        "unblock": "Les messages de {key} sont de nouveau traités.",
    },
    "en": {
        "block": "Messages of {key} lead to nothing from now on; the daily list says how many there were.",
        "unblock": "Messages of {key} are dealt with again.",
    },
}


def refused(settings: Settings, written: str, language: str) -> str:
    """Why that address or domain can't be blocked, as the end of a sentence; '' if it can."""
    own = tuple(settings.own_addresses)
    slug = why_not_block(written, tuple(settings.agents), own)
    if not slug and "@" in written and settings.mailbox_of(written.strip().strip("<>")):
        slug = "own"
    return refusal_text(slug, written, language) if slug else ""


def blocks(
    settings: Settings, ticket: Ticket, commands: Sequence[Command], by: str, language: str
) -> tuple[list[Effect], list[str], list[tuple[str, str]]]:
    """What `#block`, `#unblock` and `#spam` of an agent's mail make true, how that is told, and the problems.

    Without a name #block means the requester.
    """
    effects: list[Effect] = []
    said: list[str] = []
    problems: list[tuple[str, str]] = []
    for command in commands:
        if command.word == "unblock":
            key = block_key(command.argument)
            if key:
                effects.append(Unblock(key))
                said.append(_SAID[language]["unblock"].format(key=key))
            else:
                problems.append(("unblock-whom", ""))
        elif command.word in ("block", "spam"):
            whom = command.argument or ticket.requester.address
            if why := refused(settings, whom, language):
                problems.append(("block-refused", why))
            else:
                effects.append(Block(block_key(whom), by))
                said.append(_SAID[language]["block"].format(key=block_key(whom)))
    return effects, said, problems


def called_spam(ticket: Ticket, agent: Person) -> list[Effect]:
    """The ticket ends, and whoever wrote it hears nothing of it."""
    changes = {"status": Status.CANCELLED.value, "reason": Reason.CANCELLED.value, "waiting_since": None}
    return [
        ChangeTicket(ticket.number, changes),
        *(CancelTimers(ticket.number, policy) for policy in (*WAITS, RATING)),
        AddMessage(ticket.number, Visibility.EVENT, agent.address.address, f"spam: {ticket.requester.address}"),
    ]
