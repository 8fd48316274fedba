"""What an agent says by mail, taken apart. Frozen values."""

from dataclasses import dataclass

from maild.mail import Attachment


@dataclass(frozen=True, slots=True)
class Command:
    """An agent's command: its canonical word, what stood after it, and the line as written."""

    word: str
    argument: str
    written: str


@dataclass(frozen=True, slots=True)
class AgentWords:
    """An agent's mail taken apart: the words and files for others, the commands, and whatever stops the whole mail:
    `problems` are (slug, what it is about); with any of them nothing is done and nothing leaves."""

    text: str
    commands: tuple[Command, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()
    attachments: tuple[Attachment, ...] = ()

    def has(self, word: str) -> bool:
        """Whether that command was given."""
        return any(c.word == word for c in self.commands)
