"""A customer is asked what they think of how their request was dealt with, and says so: what follows of either?

One request for each end, to who asked; a rating opens nothing again. The last one counts, for as long as the rules let
it be changed; a bad one is told to whom they name.
"""

from datetime import datetime, timedelta
from typing import Any

from maild.effects import (
    AddMessage,
    AddParticipant,
    CancelTimers,
    ChangeTicket,
    Effect,
    EndTimer,
    MoveTimer,
    StartTimer,
)
from maild.judgement import Proof, Purpose
from maild.lifecycle import ENDED, Status
from maild.mail import Address, address_key, is_deliverable
from maild.people.courtesy import is_courtesy
from maild.people.signature import begins_at
from maild.plan import letters
from maild.plan.case import Incoming, Plan
from maild.plan.closing import RATING
from maild.plan.letters import AUTOMATIC, REPLIED, Desk
from maild.plan.links import RATING_LINKS, links_for, signed_links
from maild.plan.notify import with_agents
from maild.plan.telling import NOTICE as AGENT_NOTICE
from maild.plan.telling import people_named, to_outsider
from maild.settings import Rating
from maild.sla.calendar import calendar_of, later
from maild.threading.limits import is_known, why_no_answer
from maild.threading.ratings import RATING_OF
from maild.ticket import Disposition, DueTimer, Participant, Ticket, Visibility
from maild.writing.links import without_prefill

POLICY = RATING
LOOKED_AT_AGAIN = timedelta(hours=1)  # at the soonest, while a held mail waits for a decision
REQUEST, THANKS = "rating_request", "rating_thanks"
NOTICE = "rated-bad"
_USUAL = Rating(tell=("admin",))  # the times where the rules ask for no rating any more
_RATEABLE = frozenset({Status.RESOLVED, Status.CLOSED})


def ask_later(desk: Desk, before: Ticket, ended: Ticket, now: datetime) -> list[Effect]:
    """The ticket ends now: when its customer is asked, if they are. Not of a request that no agent has heard of; and an
    end that is only said once more, perhaps for another reason, is no new one. `before`, `ended`: the ticket then and
    now."""
    wanted = desk.settings.rating
    if wanted is None or ended.is_untold or not _is_wanted(wanted, ended):
        return [CancelTimers(ended.number, POLICY)] if before.status in ENDED else []
    if before.status in ENDED:
        return []
    calendar = calendar_of(desk.settings)
    at = calendar.next_open(later(now, wanted.after, calendar))
    return [StartTimer(ended.number, POLICY, 1, before.ended_round + 1, at)]


def _is_wanted(wanted: Rating, ticket: Ticket) -> bool:
    return ticket.reason is not None and ticket.reason.value in wanted.reasons


def fire(
    desk: Desk, timer: DueTimer, ticket: Ticket, now: datetime, *, is_unwelcome: bool, is_suspended: bool
) -> list[Effect]:
    """The customer is asked now; not where the end holds no longer, or they can't or don't want to be asked
    (`is_unwelcome`); later where the desk is closed, or a held mail may say that nothing is over (`is_suspended`)."""
    wanted, who = desk.settings.rating, ticket.requester
    is_over = ticket.status not in _RATEABLE or ticket.merged_into != 0
    is_reachable = is_deliverable(who.address) and not who.is_undeliverable
    if wanted is None or is_over or not _is_wanted(wanted, ticket) or is_unwelcome or not is_reachable:
        return [EndTimer(timer.id, "stale")]
    calendar = calendar_of(desk.settings)
    again = max(later(now, wanted.after, calendar), now + LOOKED_AT_AGAIN)
    at = calendar.next_open(again if is_suspended else now)
    if at > now:
        return [MoveTimer(ticket.number, POLICY, timer.step, timer.round, at)]
    letter = letters.to_participant(
        desk,
        REQUEST,
        ticket,
        who,
        owed_for=f"{POLICY}:{timer.number}:{timer.round}",
        now=now,
        automatic=AUTOMATIC,
        values={"links": _links(desk, ticket, who)},
        may_be_refused=True,
    )
    return [EndTimer(timer.id, "fired"), letter]


def _links(desk: Desk, ticket: Ticket, who: Participant) -> dict[str, str]:
    language = letters.language_for(desk, who.address, ticket.language)
    return links_for(desk, ticket, who, language) | signed_links(desk, ticket, who, language, RATING_LINKS)


def rated(desk: Desk, case: Incoming) -> Plan:
    """A click on one of the two links, or an answer to the mail that asks for more: the rating is kept with its words,
    the customer is thanked, and whoever is to know of a bad one is told. Said twice it changes nothing."""
    ticket, who = case.verdict.ticket, case.verdict.participant
    assert ticket is not None and who is not None
    given, words = RATING_OF[case.purpose], _words(case, who)
    has_files = any(not a.inline for a in case.attachments)  # pictures within the text are those of signatures
    stands = ticket.rating if ticket.rated_round == ticket.ended_round else ""
    event = AddMessage(
        ticket.number,
        Visibility.EVENT,
        case.sender.address,
        "\n\n".join(filter(None, (f"rated {given}", without_prefill(case.mail.reply_text)))),
        case.inbound_id,
        is_verified=case.verdict.proof in (Proof.PASS, Proof.UNVERIFIED),
    )
    if given == stands and not words and not has_files:
        return [event], Disposition.APPLIED, ticket.number
    is_late = stands not in ("", given) and not _may_change(desk, ticket, case.now)
    kept = _kept(ticket, stands, given, words, case.now)
    effects: list[Effect] = [event, *([] if is_late else [ChangeTicket(ticket.number, kept)])]
    if given == "bad":
        effects += _told(desk, case, ticket, who, words, is_late=is_late)
    asks_more = given == "bad" and not is_late and not has_files and not kept["rating_comment"]
    effects += _thanked(desk, case, ticket, who, given, is_late=is_late, asks_more=asks_more)
    return effects, Disposition.APPLIED, ticket.number


def _words(case: Incoming, who: Participant) -> str:
    """What is said besides the rating. A signature says nothing, nor does a leave, nor thanks."""
    sender = Address(case.sender.address, case.sender.name or who.name)
    lines = case.mail.reply_text.splitlines()
    words = without_prefill("\n".join(lines[: begins_at(lines, sender)]))
    return "" if is_courtesy(words, sender.name) else words


def _kept(ticket: Ticket, stands: str, given: str, words: str, now: datetime) -> dict[str, Any]:
    """The words of a rating that is said again are added to it; another rating has its own."""
    before = ticket.rating_comment if given == stands else ""
    return {
        "rating": given,
        "rating_comment": "\n\n".join(filter(None, (before, words))),
        "rated_at": ticket.rated_at if stands else now,
        "rated_round": ticket.ended_round,
    }


def _may_change(desk: Desk, ticket: Ticket, now: datetime) -> bool:
    within = (desk.settings.rating or _USUAL).change_within
    return ticket.rated_at is None or now <= later(ticket.rated_at, within, calendar_of(desk.settings))


def _thanked(
    desk: Desk, case: Incoming, ticket: Ticket, who: Participant, given: str, *, is_late: bool, asks_more: bool
) -> list[Effect]:
    """An automatic answer. Who gave a bad one without a word is asked for some, once for each end. Any answer to the
    thanks for a bad one adds its words to it: what opens the request again is the link that says so."""
    if why_no_answer(THANKS, case.mail, case.verdict.proof, case.facts, desk.settings):
        return []
    about = f"{POLICY}-more:{ticket.number}:{ticket.ended_round}" if asks_more else f"rated:{case.mail.content_key}"
    links = _links(desk, ticket, who)
    if ticket.merged_into:  # it goes on elsewhere, perhaps still open
        links.pop("reopen", None)
    values = {
        "links": links,
        "rating": given,
        "is_late": is_late,
        "asks_more": asks_more,
        "is_told": desk.settings.rating is not None,
        "told": _lead(desk),
    }
    thanks = letters.to_participant(
        desk,
        THANKS,
        ticket,
        who,
        owed_for=about,
        now=case.now,
        automatic=REPLIED,
        values=values,
        is_answer=True,
        is_known=is_known(case.mail, case.facts, desk.settings) and case.verdict.proof is not Proof.NONE,
        answer_to=case.purpose if given == "bad" and not is_late else Purpose.REPLY,
    )
    return [thanks]


def _lead(desk: Desk) -> str:
    """Who hears of a bad rating, as the customer may read it: the one agent whom the rules name by address."""
    tell = desk.settings.rating.tell if desk.settings.rating else ()
    agent = desk.settings.agents.get(address_key(tell[0])) if len(tell) == 1 else None
    return agent.address.name if agent else ""


def _told(desk: Desk, case: Incoming, ticket: Ticket, who: Participant, words: str, *, is_late: bool) -> list[Effect]:
    """A notice to each whom the rules name; the customer's words to agents alone."""
    wanted, settings = desk.settings.rating, desk.settings
    today = case.now.astimezone(settings.site.zone).date()
    agents, others = people_named(desk, ticket, wanted.tell, today) if wanted else ([], [])
    full, added = with_agents(ticket, tuple(settings.agents[key] for key in agents if key != case.sender.key))
    handled_by = settings.agents.get(ticket.assignee)
    values = {
        "notice": NOTICE,
        "sender": Address(who.address, who.name),
        "handled_by": handled_by.address.shown if handled_by else "",
        "is_late": is_late,
    }
    owed_for, now = f"rated:{case.mail.content_key}", case.now
    effects: list[Effect] = [AddParticipant(ticket.number, p) for p in added]
    for agent in (full.agent(key) for key in agents if key != case.sender.key):
        assert agent is not None
        notice = letters.to_participant(
            desk,
            AGENT_NOTICE,
            full,
            agent,
            owed_for=f"{owed_for}:{NOTICE}",
            now=now,
            automatic=AUTOMATIC,
            values={**values, "text": words, "unproved": case.verdict.proof is Proof.NONE},
            attachments=case.attachments,
        )
        effects.append(notice)
    effects += [to_outsider(desk, full, AGENT_NOTICE, address, owed_for, now, values) for address in others]
    return effects
