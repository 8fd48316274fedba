"""An agent's mail on a ticket: the answer to the customer, the note, the commands; or all of it back in doubt."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from maild.agent_words import AgentWords
from maild.effects import AddMessage, AddParticipant, CancelTimers, ChangeTicket, Effect
from maild.judgement import (
    Facts,
    Proof,
    Purpose,
    VerdictName,
)
from maild.lifecycle import TRANSITIONS, Event, Reason, Status
from maild.mail import Address, Attachment, ParsedMail
from maild.people.command_table import TABLE
from maild.plan import letters
from maild.plan.blocking import blocks, called_spam
from maild.plan.closing import SINCE_THE_END
from maild.plan.ending import customers, resolve
from maild.plan.escalating import by_agent, why_not_up
from maild.plan.foreseen import foreseen
from maild.plan.letters import AUTOMATIC, PERSONAL, Desk
from maild.plan.moves import Moved, moved
from maild.plan.notify import with_agents
from maild.plan.problems import in_sentences
from maild.plan.qualifying import News, news_of, qualified, told_of_priority
from maild.plan.waiting import start_wait
from maild.plan.wording import result_text
from maild.ticket import Person, Ticket, Visibility

COMMAND_MAILS = frozenset({"command_refused", "command_result"})
MOST_COMMAND_MAILS = 5  # an agent and hour: whatever answers them still is a robot
_STATE_COMMANDS = {
    "pending": Event.WAIT,
    "resolve": Event.RESOLVE,
    "decline": Event.DECLINE,
    "cancel": Event.CANCEL,
    "open": Event.OPEN,
    "spam": Event.SPAM,
}
_ENDS = {  # command: state, reason, template of the closing mail
    "resolve": (Status.RESOLVED, Reason.SOLVED, "resolved"),
    "decline": (Status.RESOLVED, Reason.DECLINED, "declined"),
    "cancel": (Status.CANCELLED, Reason.CANCELLED, "cancelled"),
}
_FOR_HELD = frozenset(row.word for row in TABLE if row.is_for_held)
_STATE_LINKS = {Purpose.WAIT: "pending", Purpose.RESOLVE: "resolve"}


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
    now = facts.now
    assert mail.sender is not None
    agent = desk.settings.agents[mail.sender.key]
    full, added = with_agents(ticket, (agent,))
    joined: list[Effect] = [AddParticipant(ticket.number, p) for p in added]
    asked = [c.word for c in words.commands if c.word in _STATE_COMMANDS]
    if purpose in _STATE_LINKS and _STATE_LINKS[purpose] not in asked:
        asked.append(_STATE_LINKS[purpose])
    problems = list(words.problems)
    if len(set(asked)) > 1:
        problems.append(("conflict", " ".join(f"#{word}" for word in sorted(set(asked)))))
    wish = asked[0] if asked else ""
    if wish and (ticket.status, _STATE_COMMANDS[wish]) not in TRANSITIONS:
        problems.append(("impossible", f"#{wish}"))
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
    key, by = agent.address.key, agent.address.address
    worth = qualified(desk.settings, full, words.commands, by=by, key=key, language=language)
    problems += worth.problems
    moves = Moved(full) if problems else moved(desk, worth.ticket, agent, words, facts, proof, inbound_id)
    problems += moves.problems
    if problems:
        return [*joined, _refused(desk, full, agent, problems, mail, now)]
    joined += [*blocked, *worth.effects, *moves.effects]
    if words.has("split"):
        return joined
    before = full
    full, there = with_agents(moves.ticket, (agent,))  # after a merge it is another ticket
    joined += [AddParticipant(full.number, p) for p in there]
    results = [*worth.results, *moves.results]
    if words.has("escalate"):
        up, name = by_agent(desk, full, agent, words.text, words.attachments, facts.rota, mail.content_key, now)
        joined, full = [*joined, *up], foreseen(full, up)
        results.append(("escalate", name))
    news = news_of(worth, before, wish)
    results += [("priority-told", "")] * bool(news.template)
    if verdict is VerdictName.AGENT_NOTE:
        note = AddMessage(full.number, Visibility.INTERNAL, mail.sender.address, words.text, inbound_id)
        return [*joined, note, *_change_state(desk, full, agent, wish, "", (), mail, inbound_id, now, news)]
    if verdict is VerdictName.AGENT_COMMAND:
        done = _change_state(desk, full, agent, wish, "", (), mail, inbound_id, now, news)
        return [*joined, *done, _done(desk, full, agent, wish, results, told, mail, now)]
    return [
        *joined,
        *_change_state(desk, full, agent, wish, words.text, words.attachments, mail, inbound_id, now, news),
    ]


def _change_state(
    desk: Desk,
    ticket: Ticket,
    agent: Person,
    wish: str,
    text: str,
    attachments: Sequence[Attachment],
    mail: ParsedMail,
    inbound_id: int,
    now: datetime,
    news: News,
) -> list[Effect]:
    """What the words, the files and the commands do together: one mail to the customer, not two."""
    has_words = bool(text or attachments)
    effects: list[Effect] = []
    if has_words and ticket.status is Status.CLOSED and not wish:
        wish = "open"  # the customer gets an answer, and may answer it
    if (has_words or wish) and not ticket.assignee:  # whoever answers or decides first has taken it
        status = TRANSITIONS[ticket.status, Event.ASSIGNED]
        ticket = replace(ticket, assignee=agent.address.key, status=status)
        effects.append(ChangeTicket(ticket.number, {"assignee": ticket.assignee, "status": status.value}))
    if ticket.missing and (has_words or wish not in ("", "pending")):  # an agent deals with it as it is
        ticket = replace(ticket, missing=())
        effects.append(ChangeTicket(ticket.number, {"missing": ()}))
    if wish in _ENDS:
        ended, reason, template = _ENDS[wish]
        return [
            *effects,
            *resolve(
                desk,
                ticket,
                reason,
                template,
                f"{template}:{mail.content_key}",
                now,
                status=ended,
                automatic=PERSONAL if has_words else AUTOMATIC,
                text=text,
                author=agent.address.address,
                signed_by=_first_name(agent) if has_words else "",
                attachments=attachments,
                inbound_id=inbound_id,
            ),
        ]
    if wish == "spam":
        return [*effects, *called_spam(ticket, agent)]
    if wish == "open":
        status = TRANSITIONS[ticket.status, Event.OPEN]
        ticket = replace(ticket, status=status, reason=None, waiting_since=None)
    if has_words:
        effects += _answer(desk, ticket, agent, text, attachments, mail, inbound_id, now, news)
    else:
        effects += told_of_priority(desk, ticket, news, mail.content_key, now)
    if wish == "open":
        changes = {"status": ticket.status.value, "reason": "", "waiting_since": None}
        timers = [CancelTimers(ticket.number, policy) for policy in ("waiting", *SINCE_THE_END)]
        effects += [ChangeTicket(ticket.number, changes), *timers]
    elif wish == "pending" or (has_words and ticket.status is Status.PENDING):
        effects += start_wait(desk, ticket, now)
    return effects


def _answer(
    desk: Desk,
    ticket: Ticket,
    agent: Person,
    text: str,
    attachments: Sequence[Attachment],
    mail: ParsedMail,
    inbound_id: int,
    now: datetime,
    news: News,
) -> list[Effect]:
    address = desk.settings.mailboxes[ticket.mailbox].address  # a customer's mail never holds the agent's own
    mails = [
        letters.to_participant(
            desk,
            "agent_reply",
            ticket,
            customer,
            owed_for=f"answer:{mail.content_key}",
            now=now,
            automatic=PERSONAL,
            values={"text": text, "sender": Address(address, _first_name(agent)), **news.values},
            signed_by=_first_name(agent),
            attachments=attachments,
        )
        for customer in customers(ticket)
    ]
    message_id = mails[0].message_id if mails else ""
    said = AddMessage(ticket.number, Visibility.PUBLIC, agent.address.address, text, inbound_id, message_id)
    asked: list[Effect] = [ChangeTicket(ticket.number, {"last_answer": text, "answered_at": now})] if text else []
    return [said, *asked, *mails]


def _first_name(agent: Person) -> str:
    return agent.address.name.split()[0] if agent.address.name else ""


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
    shown = replace(ticket, status=TRANSITIONS[ticket.status, _STATE_COMMANDS[wish]]) if wish else ticket
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
