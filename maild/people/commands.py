"""What an agent's words ask for: the one table of commands, and how an agent's mail is taken apart.

Commands are lines that start with # and a known word, in the first or last lines of the new text. For agents, doubt
holds: whatever looks like a command and is none stops the mail; so does what could carry quoted text to a customer.
"""

import difflib
import re

from maild.agent_words import AgentWords, Command
from maild.mail import Address, ParsedMail
from maild.people.command_table import TABLE
from maild.people.dates import after_day
from maild.people.internal import INVISIBLE, MOST_FOUND, plain
from maild.people.signature import begins_at

LONGEST_WORD = 30  # letters of a mistyped command for which a resembling one is looked for
MOST_GUESSES = 20  # lines of a mail for which one is looked for
_BLANK = rf"[\s{INVISIBLE}]*+"
_HASH = "[#\uff03\ufe5f\u266f]"
# Blanks of any kind, the sign, one blank at most, a word. What no eye sees does not make another line of it.
_LOOKS = re.compile(rf"{_BLANK}{_HASH}[{INVISIBLE}]*+\s?[{INVISIBLE}]*+([^\W\d_][\w{INVISIBLE}-]*+)")
# A list's bullet, a quote mark, an escape: no command, but somebody meant one.
_BULLET = re.compile(
    rf"{_BLANK}(?:(?:[-*+>|~_`\\(\[\u2010-\u2015\u2022-\u2043\u25a0-\u25ff«»\"'“”‘’]|\d{{1,3}}[.)]){_BLANK}){{1,6}}"
)
_LEAVE = re.compile(  # in plain letters
    r"^\W*((bien|tres)\s+)?(cordialement|sincerement|amicalement|a vous|salutations|(sinceres|cordiales)\s+salutations|"
    r"bonne (journee|soiree|reception|fin de semaine)|bon week-?end|((best|kind|warm)\s+)?regards|sincerely|cheers)\W*$"
)
_VALUES = {row.word: {plain(written): ours for written, ours in row.values.items()} for row in TABLE}
_NAMES = {plain(name): name for row in TABLE for name in (row.word, *row.aliases)}
_BY_WORD = {plain(name): row for row in TABLE for name in (row.word, *row.aliases)}


def nearest(word: str) -> str:
    """The known word that resembles most, or ''."""
    if len(word) > LONGEST_WORD:
        return ""
    found = difflib.get_close_matches(plain(word), list(_NAMES), n=1, cutoff=0.6)
    return _NAMES[found[0]] if found else ""


def read_words(mail: ParsedMail, agent: Address) -> AgentWords:
    """An agent's mail as words, commands and problems.

    Problems are (slug, what it is about): unknown-command, misplaced-command, unexpected-argument,
    missing-argument, unknown-value, cut-in-doubt.
    """
    text, commands, problems = _take_commands(_unsigned(mail.reply_text, agent), ends_in_anothers=mail.is_forward)
    if not mail.cut_is_sure:
        problems.append(("cut-in-doubt", ""))
    return AgentWords(text, tuple(commands), tuple(problems), mail.attachments)


def commands_in(lines: str) -> tuple[tuple[Command, ...], tuple[tuple[str, str], ...]]:
    """The commands in lines that hold nothing else, and what is wrong with them, as above."""
    _, commands, problems = _take_commands(lines, ends_in_anothers=False)
    return tuple(commands), tuple(problems)


def _take_commands(text: str, *, ends_in_anothers: bool) -> tuple[str, list[Command], list[tuple[str, str]]]:
    """`ends_in_anothers`: another's mail is passed on below, whose last lines are no words of the agent's."""
    lines = text.strip().splitlines()
    first, last = 0, len(lines)
    while first < last and (not lines[first].strip() or _LOOKS.match(lines[first])):
        first += 1
    closing = [] if ends_in_anothers else _closing(lines)  # "Cordialement," below the commands: it stays with the words
    last = len(lines) - len(closing)
    while last > first and not ends_in_anothers and (not lines[last - 1].strip() or _LOOKS.match(lines[last - 1])):
        last -= 1
    commands: list[Command] = []
    problems: list[tuple[str, str]] = []
    extra: list[str] = []
    for line in (*lines[:first], *lines[last : len(lines) - len(closing)]):
        match = _LOOKS.match(line)
        if match is None:
            continue
        row = _BY_WORD.get(plain(match[1]))
        argument = line[match.end() :].strip(" \t\xa0\u202f:")
        if row is None:
            problems.append(("unknown-command", line.strip()))
        elif argument and not (row.takes_text or row.argument):
            problems.append(("unexpected-argument", line.strip()))
        elif row.argument == "needed" and not argument:
            problems.append(("missing-argument", line.strip()))
        elif (values := _VALUES[row.word]) and plain(argument) not in values:
            problems.append(("unknown-value", line.strip()))
        else:
            argument = values.get(plain(argument), argument)
            commands.append(Command(row.word, argument, line.strip()))
            said = after_day(argument) if row.takes_day else argument
            extra.extend([said] if said and row.takes_text else [])
    problems += [("misplaced-command", line.strip()) for line in _misplaced(lines[first:last])]
    words = "\n".join((*extra, *lines[first:last])).strip()
    whole = "\n\n".join(filter(None, (words, "\n".join(closing).strip() if words else "")))
    return whole, commands, [(slug, line[:200]) for slug, line in problems[:MOST_FOUND]]


def _misplaced(lines: list[str]) -> list[str]:
    """Lines among the words that look like a command, behind a bullet too, and name a known word or nearly so."""
    found: list[str] = []
    guesses = 0
    for line in lines:
        bullet = _BULLET.match(line)
        match = _LOOKS.match(line, bullet.end() if bullet else 0)
        if match is None:
            continue
        guesses += 1
        if plain(match[1]) in _BY_WORD or (guesses <= MOST_GUESSES and nearest(match[1])):
            found.append(line)
    return found


def _closing(lines: list[str]) -> list[str]:
    """The last lines, if they only take leave and a command stands above them; else none."""
    below = len(lines)
    while below > max(0, len(lines) - 4) and (
        not lines[below - 1].strip() or _LEAVE.match(plain(lines[below - 1][:100]))
    ):
        below -= 1
    return lines[below:] if 0 < below < len(lines) and _LOOKS.match(lines[below - 1]) else []


def _unsigned(text: str, agent: Address) -> str:
    """The text without the agent's signature block. A command below the block stays."""
    lines = text.strip().splitlines()
    words = [line for line in lines if not _LOOKS.match(line)]  # a command may stand below a name, or within the block
    begins = begins_at(words, agent)
    if begins == len(words):
        return text
    kept: list[str] = []
    for line in lines:
        if _LOOKS.match(line):
            kept.append(line)
        elif begins:
            begins -= 1
            kept.append(line)
    return "\n".join(kept).strip()
