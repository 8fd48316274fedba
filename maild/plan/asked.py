"""One command of an agent's mail with all that it may need, and how what obeys it is written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from maild.agent_words import AgentWords, Command
from maild.judgement import (
    Facts,
    Proof,
)
from maild.plan.letters import Desk
from maild.plan.move import Move
from maild.ticket import Person, Ticket


@dataclass(frozen=True, slots=True)
class Asked:
    """One command with all that it may need."""

    desk: Desk
    agent: Person
    argument: str
    text: str
    facts: Facts
    inbound_id: int  # of the mail that asks
    command: Command  # as it was written
    words: AgentWords  # all that the mail says
    proof: Proof
    key: str  # of the mail's content: what is owed for it is owed once
    language: str  # the agent's
    is_note: bool = False  # its text is for agents alone

    @property
    def by(self) -> str:
        return self.agent.address.address

    @property
    def now(self) -> datetime:
        return self.facts.now


Obeys = Callable[[Ticket, Asked], Move]  # `ticket` as the commands before it have left it


@dataclass(frozen=True, slots=True)
class Row:
    """How a command is obeyed. Its word is in people/command_table.py, its sentences are in plan/wording.py."""

    obeys: Obeys
    needs_proof: bool = False  # of who writes: the reference of an agent is not enough
    stands_alone: bool = False  # beside it no other command is obeyed
