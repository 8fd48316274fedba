"""What is answered to an agent's #list, #show, #find and #help? One mail, of bounded size, that changes nothing.

Each request in it stands with links of its own, as in the list of the day: an answer to the mail itself reaches none.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from maild.agent_words import AgentWords, Command
from maild.effects import AddParticipant, Effect
from maild.mail import address_key
from maild.people.command_table import TABLE
from maild.people.command_word import CommandWord
from maild.people.question_words import QUESTIONS
from maild.plan import letters
from maild.plan.canned import listed
from maild.plan.case import Incoming
from maild.plan.letters import AUTOMATIC, Desk
from maild.plan.notify import with_agents
from maild.plan.wording import result_text
from maild.plan.worklists import Waiting, Work, line_for
from maild.threading.references import without_references
from maild.ticket import Entry, Found

ASKED = frozenset(row.word for row in QUESTIONS)
MOST_ROWS = 40  # requests of an answer; of the others it says that there are more
MOST_ENTRIES = 12  # of what was said on a request
LONGEST_ENTRY = 1_500  # characters of each
MOST_QUESTIONS = 5  # of one mail


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for one question. `asked`: what it was, in a sentence."""

    asked: str
    requests: tuple[Work, ...] = ()
    more: bool = False
    story: tuple["Said", ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wrote on a request. `of`: their name, or their address."""

    of: str
    at: datetime
    text: str
    is_internal: bool
    is_cut: bool


def questions_in(words: AgentWords) -> tuple[Command, ...]:
    """The questions of a mail, each once."""
    return tuple(dict.fromkeys(c for c in words.commands if c.word in ASKED))[:MOST_QUESTIONS]


def is_question_only(words: AgentWords) -> bool:
    """Whether a mail asks and does nothing else."""
    is_asking = bool(words.commands) and all(c.word in ASKED for c in words.commands)
    return is_asking and not (words.text or words.attachments or words.problems)


def shown_commands(rows: Iterable[CommandWord], language: str) -> tuple[tuple[str, str], ...]:
    """Commands as a mail lists them: the word of that language, and what it does."""
    names = ((row.aliases[0] if language == "fr" and row.aliases else row.word, row) for row in rows)
    return tuple((f"#{name}", row.help[language]) for name, row in names)


def answered(desk: Desk, case: Incoming) -> list[Effect]:
    """The mail with all the answers, to who asked; none where nothing was asked."""
    asked, facts = questions_in(case.words), case.facts
    if not asked:
        return []
    agent = desk.settings.agents[case.sender.key]
    language = letters.language_for(desk, agent.address.address, "")
    effects: list[Effect] = []
    answers: list[Answer] = []
    seen: set[int] = set()
    for command in asked:
        found = facts.found.get((command.word, command.argument), Found())
        lines: list[Work] = []
        for hit in found.hits:
            ticket, joins = with_agents(hit.ticket, (agent,))
            effects += [AddParticipant(ticket.number, p) for p in joins if ticket.number not in seen]
            seen.add(ticket.number)
            since = ticket.opened_at or facts.now
            lines.append(line_for(desk, agent, Waiting(ticket, since, hit.due_at), facts.now))
        if command.word != "help":
            sentence = result_text(_slug(command, found), language, command.argument)
            answers.append(Answer(sentence, tuple(lines), found.more > 0, tuple(_story(desk, found.story))))
    rows = [row for row in TABLE if not row.is_for_held] if any(c.word == "help" for c in asked) else []
    shown = shown_commands(rows, language)
    if rows:
        shown += tuple(listed(desk, "modele" if language == "fr" else "reply", language))
    told = letters.to_address(
        desk,
        "command_result",
        case.mailbox,
        agent.address,
        owed_for=f"asked:{case.mail.content_key}",
        now=facts.now,
        automatic=AUTOMATIC,
        language=language,
        values={"answers": tuple(answers), "commands": shown},
        in_reply_to=case.mail.message_id,
    )
    return [*effects, told]


def _slug(command: Command, found: Found) -> str:
    if not found.hits:
        return f"{command.word}-none"
    return f"list-{command.argument}" if command.word == "list" else command.word


def _story(desk: Desk, entries: Sequence[Entry]) -> Iterator[Said]:
    settings = desk.settings
    for entry in entries:
        text = without_references(entry.text, settings.site.reference)
        who = settings.agents.get(address_key(entry.author)) or settings.who(entry.author)
        name = who.address.shown if who else entry.author
        at = entry.at.astimezone(settings.site.zone)
        yield Said(name, at, text[:LONGEST_ENTRY], entry.is_note, len(text) > LONGEST_ENTRY)
