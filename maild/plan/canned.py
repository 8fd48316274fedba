"""What does an answer of the rules say on a ticket, and which of them does an agent's #reply name?"""

from collections.abc import Iterator
from dataclasses import replace

from maild.agent_words import AgentWords
from maild.people.internal import plain
from maild.plan import letters
from maild.plan.letters import Desk
from maild.settings.answers import PLACE
from maild.ticket import Ticket
from maild.writing.wording import word

LONGEST_SHOWN = 80  # characters of an answer's beginning, where all are listed


def with_answers_of_rules(desk: Desk, words: AgentWords, ticket: Ticket | None) -> AgentWords:
    """The words, with each answer that they name below what was typed. One that does not exist is a problem, and
    nothing leaves."""
    named = [c for c in words.commands if c.word == "reply"]
    if not named or ticket is None:
        return words
    by_plain = {plain(name): name for name in desk.settings.answers}
    texts, problems = [words.text] if words.text else [], list(words.problems)
    for command in named:
        name = by_plain.get(plain(command.argument))
        if name is None:
            problems.append(("no-such-answer" if by_plain else "no-answers", command.argument))
        else:
            texts.append(filled_in(desk, ticket, name))
    return replace(words, text="\n\n".join(texts), problems=tuple(problems))


def filled_in(desk: Desk, ticket: Ticket, name: str) -> str:
    """That answer in the customer's language, else in the other one; what is not known of the ticket is left out."""
    said = desk.settings.answers[name]
    language = letters.language_for(desk, ticket.requester.address, ticket.language)
    text = said.get(language) or next(iter(said.values()))  # type: ignore[call-overload]
    facts = {
        "name": ticket.requester.name,
        "number": str(ticket.number),
        "subject": ticket.subject,
        "product": ticket.product,
        "type": word(ticket.type, language) if ticket.type else "",
        "priority": word(ticket.priority, language),
        "status": word(ticket.status.value, language),
        "desk": letters.desk_name(desk, desk.settings.mailboxes[ticket.mailbox]),
    }
    pieces, end = [], 0
    for match in PLACE.finditer(text):
        before = text[end : match.start()]
        value = facts[match[1]]
        pieces += [before if value else before.removesuffix(" ").removesuffix("\u00a0"), value]
        end = match.end()
    return "".join([*pieces, text[end:]]).strip()


def listed(desk: Desk, written: str, language: str) -> Iterator[tuple[str, str]]:
    """Each answer as help shows it: how it is asked for, and how it begins."""
    for name, said in desk.settings.answers.items():
        text = " ".join((said.get(language) or next(iter(said.values()))).split())  # type: ignore[call-overload]
        yield f"#{written} {name}", text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN].rstrip()}…"
