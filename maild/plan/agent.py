"""An agent's mail on a ticket: the answer to the customer, the note, the commands; or all of it back in doubt."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from maild.agent_words import AgentWords
from maild.effects import AddMessage, AddParticipant, Effect
from maild.judgement import (
    Facts,
    Proof,
    Purpose,
    VerdictName,
)
from maild.lifecycle import ENDED, TRANSITIONS
from maild.mail import Attachment, ParsedMail
from maild.people.command_table import TABLE
from maild.plan import letters
from maild.plan.blocking import blocks
from maild.plan.carrying_out import CarriedOut, carried_out
from maild.plan.ending import customers
from maild.plan.escalating import by_agent, why_not_up
from maild.plan.foreseen import foreseen
from maild.plan.handing_over import TAKEN
from maild.plan.holds import day_asked
from maild.plan.letters import AUTOMATIC, Desk
from maild.plan.notify import with_agents
from maild.plan.problems import in_sentences
from maild.plan.qualifying import news_of, qualified
from maild.plan.state_commands import STATE_COMMANDS, STATE_LINKS, change_state
from maild.plan.wording import result_text
from maild.ticket import Person, Ticket, Visibility
from maild.writing.wording import day as shown_day

COMMAND_MAILS = frozenset({"command_refused", "command_result"})
MOST_COMMAND_MAILS = 5  # an agent and hour: whatever answers them still is a robot
_FOR_HELD = frozenset(row.word for row in TABLE if row.is_for_held)


def plan_agent(
    desk: Desk,
    ticket: Ticket,
    verdict: VerdictName,
    words: AgentWords,
    purpose: Purpose,
    mail: ParsedMail,
    inbound_id: int,
    facts: Facts,
    proof: Proof,
) -> list[Effect]:
    """The effects of an agent's mail. With any problem nothing is done and the whole mail goes back."""
    now, is_note = facts.now, verdict is VerdictName.AGENT_NOTE
    assert mail.sender is not None
    if purpose is Purpose.TAKE and not words.has(TAKEN.word):
        words = replace(words, commands=(*words.commands, TAKEN))
    agent = desk.settings.agents[mail.sender.key]
    full, added = with_agents(ticket, (agent,))
    joined: list[Effect] = [AddParticipant(ticket.number, p) for p in added]
    asked = [c.word for c in words.commands if c.word in STATE_COMMANDS]
    if purpose in STATE_LINKS and STATE_LINKS[purpose] not in asked:
        asked.append(STATE_LINKS[purpose])
    problems = list(words.problems)
    if len(set(asked)) > 1:
        problems.append(("conflict", " ".join(f"#{word}" for word in sorted(set(asked)))))
    wish = asked[0] if asked else ""
    if wish and (ticket.status, STATE_COMMANDS[wish]) not in TRANSITIONS:
        problems.append(("impossible", f"#{wish}"))
    elif wish == "reopen" and ticket.status not in ENDED:
        problems.append(("not-ended", "#reopen"))
    day, why_no_day = day_asked(desk.settings, words, now)
    problems += why_no_day
    if not customers(full) and verdict is VerdictName.AGENT_REPLY:
        problems.append(("unreachable", full.requester.address))
    language = letters.language_for(desk, agent.address.address, "")
    blocked, told, not_blocked = blocks(desk.settings, full, words.commands, agent.address.key, language)
    problems += not_blocked
    problems += [("only-for-held", c.written) for c in words.commands if c.word in _FOR_HELD]
    if wish == "spam" and (words.text or words.attachments) and verdict is not VerdictName.AGENT_NOTE:
        problems.append(("spam-with-words", "#spam"))
    if wish == "cancel" and (verdict is VerdictName.AGENT_NOTE or not words.text):
        problems.append(("cancel-without-reason", "#cancel"))
    if words.has("escalate"):
        problems += why_not_up(desk.settings, full, wish, language)
    who = agent.address
    worth = qualified(desk.settings, full, words.commands, by=who.address, key=who.key, language=language)
    problems += worth.problems
    moves = CarriedOut(full)
    if not problems:
        moves = carried_out(
            desk, worth.ticket, agent, words, facts, proof, inbound_id, mail.content_key, is_note=is_note
        )
    problems += moves.problems
    if problems:
        return [*joined, _refused(desk, full, agent, problems, mail, now)]
    joined += [*blocked, *worth.effects, *moves.effects]
    if words.has("split"):
        return joined
    before = full
    full, there = with_agents(moves.ticket, (agent,))  # after a merge it is another ticket
    joined += [AddParticipant(full.number, p) for p in there]
    results, told = [*worth.results, *moves.results], [*told, *moves.told]
    if words.has("escalate"):
        up, name = by_agent(desk, full, agent, words.text, words.attachments, facts.rota, mail.content_key, now)
        joined, full = [*joined, *up], foreseen(full, up)
        results.append(("escalate", name))
    if day is not None:
        results.append(("hold-until", shown_day(day, language)))
    news = news_of(worth, before, wish)
    results += [("priority-told", "")] * bool(news.template)
    if verdict is VerdictName.AGENT_NOTE:
        note = AddMessage(full.number, Visibility.INTERNAL, mail.sender.address, words.text, inbound_id)
        return [*joined, note, *change_state(desk, full, agent, wish, "", (), mail, inbound_id, now, news, day)]
    if verdict is VerdictName.AGENT_COMMAND:
        done = change_state(desk, full, agent, wish, "", (), mail, inbound_id, now, news, day)
        return [*joined, *done, _done(desk, full, agent, wish, results, told, mail, now)]
    return [
        *joined,
        *change_state(desk, full, agent, wish, words.text, words.attachments, mail, inbound_id, now, news, day),
    ]


def _refused(
    desk: Desk,
    ticket: Ticket,
    agent: Person,
    problems: Sequence[tuple[str, str]],
    mail: ParsedMail,
    now: datetime,
) -> Effect:
    """Everything that was written goes back, with each problem named: nothing was done, nothing is lost."""
    language = letters.language_for(desk, agent.address.address, "")
    said = in_sentences(desk.settings, problems, language)
    names = tuple(a.filename for a in mail.attachments if a.filename)
    values = {"problems": said, "text": mail.reply_text, "attachments": names}
    owed_for = f"refused:{mail.content_key}"
    return _to_agent(desk, "command_refused", ticket, agent, owed_for, now, values, mail.attachments)


def _done(
    desk: Desk,
    ticket: Ticket,
    agent: Person,
    wish: str,
    moves: Sequence[tuple[str, str]],
    told: Sequence[str],
    mail: ParsedMail,
    now: datetime,
) -> Effect:
    language = letters.language_for(desk, agent.address.address, "")
    done = [*moves, *([(wish, "")] if wish else [])]
    shown = replace(ticket, status=TRANSITIONS[ticket.status, STATE_COMMANDS[wish]]) if wish else ticket
    return _to_agent(
        desk,
        "command_result",
        shown,
        agent,
        f"done:{mail.content_key}",
        now,
        {"results": (*(result_text(word, language, what) for word, what in done), *told)},
    )


def _to_agent(
    desk: Desk,
    template: str,
    ticket: Ticket,
    agent: Person,
    owed_for: str,
    now: datetime,
    values: Mapping[str, object],
    attachments: Sequence[Attachment] = (),
) -> Effect:
    who = ticket.agent(agent.address.key)
    assert who is not None
    language = letters.language_for(desk, agent.address.address, "")
    rows = [row for row in TABLE if not row.is_for_held]
    known = tuple((f"#{named_word(row.word, row.aliases, language)}", row.help[language]) for row in rows)
    return letters.to_participant(
        desk,
        template,
        ticket,
        who,
        owed_for=owed_for,
        now=now,
        automatic=AUTOMATIC,
        values={"commands": known, **values},
        attachments=attachments,
    )


def named_word(word: str, aliases: Sequence[str], language: str) -> str:
    """The command as it is written in that language."""
    return aliases[0] if language == "fr" and aliases else word
