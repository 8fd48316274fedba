"""One row of the table of commands: the word, what may follow it, and what it does."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CommandWord:
    """One row of the table."""

    word: str
    aliases: tuple[str, ...]
    takes_text: bool  # whether something may follow on the line, as words of the mail
    help: dict[str, str]  # what it does, by language
    argument: str = ""  # what else may follow, and is no word of the mail: '', optional or needed
    is_for_held: bool = False  # whether it is said in answer to a word about a held mail, and nowhere else
    values: Mapping[str, str] = field(default_factory=dict)  # what alone may follow, as agents write it: our word
    takes_day: bool = False  # whether a day may stand before the words of the mail
