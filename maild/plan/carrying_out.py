"""Which code obeys which command, and what comes of several in one mail, one after the other? One table."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from maild.agent_words import AgentWords, Command
from maild.effects import Effect
from maild.judgement import Facts, Proof
from maild.plan import absence, handing_over, letters, moves, recording, spending, topics
from maild.plan.asked import Asked, Row
from maild.plan.letters import Desk
from maild.ticket import Person, Ticket

# A family of commands is a module of its own with such rows; that of states is plan/state_commands.py, since it goes
# with the words of the mail, and those that are weighed together are in plan/qualifying.py and plan/blocking.py.
ROWS: Mapping[str, Row] = {
    **moves.ROWS,
    **handing_over.ROWS,
    **recording.ROWS,
    **spending.ROWS,
    **absence.ROWS,
    **topics.ROWS,
}


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """What the commands did together: the ticket on which the work goes on, (word, what) of each, or the problems.

    `told`: lines that the agent reads below.
    """

    ticket: Ticket
    effects: list[Effect] = field(default_factory=list)
    results: tuple[tuple[str, str], ...] = ()
    problems: tuple[tuple[str, str], ...] = ()
    told: tuple[str, ...] = ()


def carried_out(
    desk: Desk,
    ticket: Ticket,
    agent: Person,
    words: AgentWords,
    facts: Facts,
    proof: Proof,
    inbound_id: int,
    key: str,
    *,
    is_note: bool = False,
) -> CarriedOut:
    """All of these commands of a mail, in their order. With any problem nothing is done. `key`: of its content."""
    asked = [c for c in words.commands if c.word in ROWS]
    if not asked:
        return CarriedOut(ticket)
    language = letters.language_for(desk, agent.address.address, "")
    problems = _refused(words, asked, proof)
    after = CarriedOut(ticket)
    for command in asked if not problems else ():
        about = Asked(
            desk, agent, command.argument, words.text, facts, inbound_id, command, words, proof, key, language, is_note
        )
        move = ROWS[command.word].obeys(after.ticket, about)
        if move.problem:
            problems.append((move.problem, move.what or command.written))
            continue
        results = (*after.results, (command.word, move.what))
        effects, told = [*after.effects, *move.effects], (*after.told, *move.told)
        after = replace(after, ticket=move.ticket, effects=effects, results=results, told=told)
    return CarriedOut(ticket, problems=tuple(problems)) if problems else after


def _refused(words: AgentWords, asked: list[Command], proof: Proof) -> list[tuple[str, str]]:
    """What forbids all of them: no proof of who writes (Decisions: a token is not enough), or what stands beside."""
    proved = [c for c in asked if ROWS[c.word].needs_proof]
    if proved and proof is not Proof.PASS:
        return [("needs-proof", c.written) for c in proved]
    alone = [c for c in asked if ROWS[c.word].stands_alone]
    if alone and (len(words.commands) > 1 or (alone[0].word == "merge" and (words.text or words.attachments))):
        return [("stands-alone", alone[0].written)]
    return []
