"""What an agent's words ask for: the one table of commands, and how an agent's mail is taken apart.

Commands are lines that start with # and a known word, in the first or last lines of the new text. For agents, doubt
holds: whatever looks like a command and is none, and whatever could carry quoted or internal text to a customer, stops
the mail.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from maild.judgement import AgentWords, Command
from maild.mail import Address, ParsedMail


@dataclass(frozen=True, slots=True)
class CommandWord:
    """One row of the table."""

    word: str
    aliases: tuple[str, ...]
    takes_text: bool  # whether something may follow on the line
    help: dict[str, str]  # what it does, by language


TABLE: tuple[CommandWord, ...] = (
    CommandWord(
        "note",
        (),
        True,
        {"fr": "note interne : rien ne part au client", "en": "internal note: nothing goes to the customer"},
    ),
    CommandWord(
        "pending",
        ("attente",),
        False,
        {
            "fr": "attendre la réponse du client ; les relances commencent",
            "en": "wait for the customer; reminders start",
        },
    ),
    CommandWord(
        "resolve",
        ("résolu", "resolu"),
        False,
        {"fr": "clore la demande comme résolue", "en": "end the request as solved"},
    ),
    CommandWord(
        "open",
        ("reprendre",),
        False,
        {"fr": "reprendre la demande ; l’attente prend fin", "en": "take it up again; the wait ends"},
    ),
)

_LOOKS = re.compile(r"^\s{0,3}#\s?([^\W\d_][\w-]*)[ \t]*(.*?)\s*$")
_LEAVE = re.compile(  # in plain letters, see _plain
    r"^\W*((bien|tres)\s+)?(cordialement|sincerement|amicalement|a vous|salutations|(sinceres|cordiales)\s+salutations|"
    r"bonne (journee|soiree|reception|fin de semaine)|bon week-?end|((best|kind|warm)\s+)?regards|sincerely|cheers)\W*$"
)
_SIGNATURE = re.compile(r"^--\s?$")


def _plain(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))


_BY_WORD = {_plain(name): row for row in TABLE for name in (row.word, *row.aliases)}


def nearest(word: str) -> str:
    """The known word that resembles most, or ''."""
    names = {_plain(name): name for row in TABLE for name in (row.word, *row.aliases)}
    found = difflib.get_close_matches(_plain(word), list(names), n=1, cutoff=0.6)
    return names[found[0]] if found else ""


def read_words(mail: ParsedMail, agent: Address | None, markers: Iterable[str], leaks: Iterable[str]) -> AgentWords:
    """An agent's mail as words, commands and problems.

    `markers` are lines of ours that must never reach a customer; `leaks` are the references found in the new text.
    Problems are (slug, what it is about): unknown-command, misplaced-command, unexpected-argument, cut-in-doubt,
    internal-text, own-address, empty.
    """
    text, commands, problems = _take_commands(mail.reply_text if agent is None else _unsigned(mail.reply_text, agent))
    if agent is not None and agent.key in text.casefold():
        problems.append(("own-address", agent.address))
    if not mail.cut_is_sure:
        problems.append(("cut-in-doubt", ""))
    problems.extend(("internal-text", piece) for piece in (*(m for m in markers if m in text), *leaks))
    if not text and not commands and not mail.attachments:
        problems.append(("empty", ""))
    return AgentWords(text, tuple(commands), tuple(problems))


def _take_commands(text: str) -> tuple[str, list[Command], list[tuple[str, str]]]:
    lines = text.strip().splitlines()
    first, last = 0, len(lines)
    while first < last and (not lines[first].strip() or _LOOKS.match(lines[first])):
        first += 1
    closing = _closing(lines)  # "Cordialement," below the commands: it stays with the words
    last = len(lines) - len(closing)
    while last > first and (not lines[last - 1].strip() or _LOOKS.match(lines[last - 1])):
        last -= 1
    commands: list[Command] = []
    problems: list[tuple[str, str]] = []
    extra: list[str] = []
    for line in (*lines[:first], *lines[last : len(lines) - len(closing)]):
        match = _LOOKS.match(line)
        if match is None:
            continue
        row = _BY_WORD.get(_plain(match[1]))
        if row is None:
            problems.append(("unknown-command", line.strip()))
        elif match[2] and not row.takes_text:
            problems.append(("unexpected-argument", line.strip()))
        else:
            commands.append(Command(row.word, match[2], line.strip()))
            extra.extend([match[2]] if match[2] else [])
    for line in lines[first:last]:
        match = _LOOKS.match(line)
        if match and nearest(match[1]):
            problems.append(("misplaced-command", line.strip()))
    words = "\n".join((*extra, *lines[first:last])).strip()
    return "\n\n".join(filter(None, (words, "\n".join(closing).strip() if words else ""))), commands, problems


def _closing(lines: list[str]) -> list[str]:
    """The last lines, if they only take leave and a command stands above them; else none."""
    below = len(lines)
    while below > max(0, len(lines) - 4) and (not lines[below - 1].strip() or _LEAVE.match(_plain(lines[below - 1]))):
        below -= 1
    return lines[below:] if 0 < below < len(lines) and _LOOKS.match(lines[below - 1]) else []


def _unsigned(text: str, agent: Address) -> str:
    """The text without the agent's signature block: from `-- ` on, or the last lines from the agent's own name on.

    Only a tail of at most ten lines counts as a signature, so that a name in the text costs nothing. A command below
    the block stays.
    """
    lines = text.strip().splitlines()
    names = {_plain(agent.name), _plain(agent.name.partition(" ")[0]), _plain(agent.address)} - {""}
    for position in range(1, len(lines)):
        is_name = _plain(lines[position].strip(" *_,.")) in names and position >= len(lines) - 10
        if _SIGNATURE.match(lines[position]) or (is_name and _looks_like_contacts(lines[position + 1 :])):
            below = [line for line in lines[position:] if _LOOKS.match(line)]
            return "\n".join((*lines[:position], *below)).strip()
    return text


def _looks_like_contacts(lines: list[str]) -> bool:
    """Whether what stands below a name is a signature: nothing, commands, or an address, a number, a site among it."""
    rest = "\n".join(line for line in lines if line.strip() and not _LOOKS.match(line))
    return not rest or re.search(r"@|\+?\d[\d .]{7,}|https?://|www\.", rest) is not None
