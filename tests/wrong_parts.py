"""Which wrong parts stand in for right ones? Each does nearly what the true one does, and one thing differently.

The table of test_each_scenario_can_fail.py puts them in; breakages.py says how.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from breakages import Breakage, replaced, together

from maild import considering, deciding, evidence, intake, lifecycle
from maild.agent_words import AgentWords
from maild.config import desk
from maild.effects import AddMessage, AddParticipant, CancelTimers, ChangeTicket, Effect, OpenTicket, QueueMail
from maild.judgement import (
    AnswerCounts,
    Candidate,
    Carrier,
    HeldMail,
    Proof,
    Purpose,
    Reference,
    VerdictName,
)
from maild.knowledge import shelf
from maild.knowledge.asked import Asked
from maild.knowledge.shelf import Shelf
from maild.lifecycle import Event, Reason, Status
from maild.mail import Address, ParsedMail
from maild.people import commands
from maild.plan import (
    agent,
    clocks,
    closing,
    continuing,
    handing_over,
    letters,
    notify,
    rating,
    reporting,
    state_commands,
    waiting,
    whole,
)
from maild.plan.agents_words import agents_words
from maild.plan.asked import Asked as AskedCommand
from maild.plan.case import Incoming
from maild.plan.desk import Desk
from maild.plan.ending import resolve
from maild.plan.occasions import Known
from maild.plan.suggesting import values_beside
from maild.plan.telling import people_named, to_outsider
from maild.plan.waiting import start_wait
from maild.reading import parse
from maild.rules import assigning
from maild.rules.decide import _said, decide
from maild.settings import Article, Mailbox, Report, Settings
from maild.settings.directory import Directory
from maild.sla import calendar, relances
from maild.store import arrivals, facts, twin
from maild.store.inbound_tables import Inbound
from maild.store.tickets import load_tickets
from maild.threading import machines, proof, verdict
from maild.threading.case import Case
from maild.threading.identity import Identified, identify
from maild.threading.references import find_references
from maild.threading.returned import proved_delivery
from maild.threading.token import verify
from maild.threading.turning import feasible
from maild.ticket import DueTimer, Participant, Person, Role, Ticket, Visibility
from maild.writing.compose import Letter, compose
from maild.writing.environment import environment
from maild.writing.render import Rendered, Renderer

_NEXT_OPEN = calendar.BusinessCalendar.next_open


def believed(ring: object, candidate: Candidate, tickets: dict[int, Ticket], *_: object) -> Reference:
    known = tickets.get(candidate.ticket)
    return Reference(candidate, "", known.by_slot(candidate.slot) if known else None)


def agent_of_old(self: Ticket, key: str) -> Participant | None:
    return next((p for p in self.participants if p.key == key and p.role is Role.AGENT), None)


def believed_by(carrier: Carrier) -> Breakage:
    """Whatever comes by that carrier is believed; the others are checked."""
    true = verify

    def believe(ring: Any, candidate: Candidate, tickets: dict[int, Ticket], *more: Any) -> Reference:
        check = believed if candidate.carrier is carrier and candidate.ticket else true
        return check(ring, candidate, tickets, *more)

    return replaced(evidence, "verify", believe)


def number_is_enough() -> Breakage:
    """A ticket's number leads into it, wherever it stands: its requester is meant."""
    true = find_references

    def find(mail: ParsedMail, settings: Any) -> tuple[Candidate, ...]:
        written = " ".join((mail.subject, *(a.address for a in mail.recipients)))
        numbers = re.findall(r"(?:ISY-|[+](?:id)?)(\d{4})(?=[]@-])", written)
        bare = tuple(Candidate(Carrier.ADDRESS, Purpose.REPLY, int(n), 1, "", "") for n in numbers)
        return true(mail, settings) or bare

    def believe(ring: Any, candidate: Candidate, tickets: dict[int, Ticket], *more: Any) -> Reference:
        return verify(ring, candidate, tickets, *more) if candidate.signature else believed(ring, candidate, tickets)

    return together(replaced(evidence, "find_references", find), replaced(evidence, "verify", believe))


def domains_cut_short() -> Breakage:
    """The end of a domain that was judged is not looked at."""
    true = proof._domain
    return replaced(proof, "_domain", lambda value: true(value).removesuffix(".evil.example"))


def later(by: timedelta) -> Breakage:
    true = calendar.later
    return replaced(relances, "later", lambda since, after, kind: true(since, after, kind) + by)


def fired_for(change: Any) -> Breakage:
    """A step of the wait sees another ticket than the one there is."""
    true = waiting.fire

    def fire(desk: Any, timer: DueTimer, seen: Ticket, now: Any, wait: Any) -> Any:
        return true(desk, timer, change(timer, seen), now, wait)

    return replaced(waiting, "fire", fire)


def still_waiting(timer: DueTimer, seen: Ticket) -> Ticket:
    """The ticket as if nothing had ended its wait."""
    people = tuple(replace(p, is_undeliverable=False) for p in seen.participants)
    since = seen.waiting_since or timer.due_at
    return replace(seen, status=Status.PENDING, waiting_round=timer.round, waiting_since=since, participants=people)


def without_question(timer: DueTimer, seen: Ticket) -> Ticket:
    return replace(seen, last_answer="")


def without_problem(slug: str) -> Breakage:
    """Something that ought to stop an agent's mail does not."""

    def words_of(*arguments: Any) -> AgentWords:
        words = agents_words(*arguments)
        return replace(words, problems=tuple(p for p in words.problems if p[0] != slug))

    return replaced(evidence, "agents_words", words_of)


def commands_stay_in_the_text() -> Breakage:
    true = commands._take_commands
    return replaced(commands, "_take_commands", lambda text, **said: (text.strip(), *true(text, **said)[1:]))


def passed_on_words_command() -> Breakage:
    true = commands._take_commands
    return replaced(commands, "_take_commands", lambda text, **_: true(text, ends_in_anothers=False))


def only_the_first_sender(fields: list[bytes], from_count: int, _: str = "") -> Address | None:
    return parse.read_sender([fields[0].partition(b",")[0]], 1) if fields else None


def by_message_id(fields: Any, body: memoryview) -> str:
    return sha256(b"".join(value for name, value in fields if name.lower() == "message-id")).hexdigest()


def held_for_ever(session: Any, inbound_id: int) -> HeldMail | None:
    row = session.get(Inbound, inbound_id)
    return HeldMail(row.id, row.mailbox, row.sender, VerdictName(row.verdict), row.content_key) if row else None


def counted_from_the_start() -> Breakage:
    """The days of the limits never end."""
    true = facts._answers
    start: list[datetime] = []

    def answers(session: Any, sender: str, mine: Sequence[str], now: datetime) -> AnswerCounts:
        start.append(now)
        return true(session, sender, mine, start[0])

    return replaced(facts, "_answers", answers)


def legacy_last() -> Breakage:
    """The old system comes after all that is asked of a sender."""
    rows = [row for row in verdict._ROWS if row is not machines.legacy]
    rows.insert(rows.index(verdict._spoof_suspect) + 1, machines.legacy)
    return replaced(verdict, "_ROWS", tuple(rows))


def everybodys_tickets(session: Any, keys: Any, limit: int) -> tuple[Ticket, ...]:
    """The list shows the first thousand tickets there are, each as if the sender were on it."""
    found = load_tickets(session, range(1001, 1100)).values()
    return tuple(replace(t, participants=(*t.participants, Participant(9, keys[0], "", Role.CUSTOMER))) for t in found)


def words_anywhere(mail: Any) -> bool:
    return "mes demandes" in f"{mail.subject} {mail.text}".lower()


def customer_commands(case: Any) -> Any:
    """`#résolu` in a customer's words is obeyed."""
    if "#résolu" not in case.mail.reply_text or case.verdict.reference is None:
        return case
    candidate = replace(case.verdict.reference.candidate, purpose=Purpose.SOLVED)
    return replace(case, verdict=replace(case.verdict, reference=replace(case.verdict.reference, candidate=candidate)))


def plain_purpose(case: Any) -> Any:
    """What a link was for is forgotten."""
    candidate = replace(case.verdict.reference.candidate, purpose=Purpose.REPLY)
    return replace(case, verdict=replace(case.verdict, reference=replace(case.verdict.reference, candidate=candidate)))


def as_agents_answer(case: Any) -> Any:
    return replace(case, verdict=replace(case.verdict, name=VerdictName.AGENT_REPLY))


def watchers_from_cc(desk: Any, case: Any, effects: list[Any]) -> list[Any]:
    number = case.facts.next_number
    people = [Participant(8 + n, a.address, a.name, Role.CUSTOMER) for n, a in enumerate(case.mail.cc)]
    return [*effects, *(AddParticipant(number, who) for who in people)]


def joined_from_cc(desk: Any, case: Any, effects: list[Any]) -> list[Any]:
    """Whoever stands in Cc of an answer follows the ticket from now on."""
    joined = [case.verdict.ticket.joining(a.address, a.name, case.now) for a in case.mail.cc]
    return [*effects, *(AddParticipant(case.verdict.ticket.number, who) for who in joined)]


def copied_to_cc(desk: Any, case: Any, effects: list[Any]) -> list[Any]:
    """Whoever stands in Cc gets the requester's mail too, reference and all."""
    acks = [e for e in effects if isinstance(e, QueueMail) and e.template == "acknowledgement"]
    copies = [replace(e, key=f"{e.key}:{a.key}", recipient=a.address) for e in acks for a in case.mail.cc]
    return [*effects, *copies]


def resolved_at_once(desk: Any, case: Any, effects: list[Any]) -> list[Any]:
    obeyed = [ChangeTicket(case.facts.next_number, {"status": "resolved"})] if "#résolu" in case.mail.text else []
    return [*effects, *obeyed]


def agent_told(desk: Any, case: Any, effects: list[Any]) -> list[Any]:
    told = notify.tell_agents(desk, "agent_customer_reply", case.verdict.ticket, case.mail, "", "robot", case.facts)
    return [*effects, *told] if case.verdict.ticket else effects


def wait_begun_anew(desk: Any, case: Any, effects: list[Any]) -> list[Any]:
    return [*effects, *start_wait(desk, case.verdict.ticket, case.now)] if case.verdict.ticket else effects


def told_to_everybody(desk: Any, case: Any, effects: list[Any]) -> list[Any]:
    return [replace(e, visibility=Visibility.PUBLIC) if isinstance(e, AddMessage) else e for e in effects]


def without_rules(session: Any, desk: Any, tickets: Any, effects: Any, cause: Any) -> list[Any]:
    return list(effects)


def known_without_first_words(*values: Any) -> Known:
    return Known(*values[:4])


def seen_as_before(settings: Settings, found: Any, seen: Ticket | None) -> dict[str, Any]:
    """The rules see the tags that a ticket had before any of them was tried."""
    return _said(settings, found, seen) | {"tag": seen.tags if seen else ()}


def ends_like_one_of(address: str, entries: Sequence[str]) -> bool:
    return any(address.endswith(entry.lstrip(".").casefold()) for entry in entries)


def is_one_of(address: str, entries: Sequence[str]) -> bool:
    return address.casefold() in {entry.casefold() for entry in entries}


def seen_without_tags(settings: Settings, found: Any, seen: Ticket | None) -> dict[str, Any]:
    return _said(settings, found, seen) | {"tag": ()}


def written_to_others_with(template: str, **values: Any) -> Breakage:
    """Letters of that template to whoever is on no ticket say something else."""
    true = letters.to_address

    def written(desk: Any, name: str, *arguments: Any, **named: Any) -> QueueMail:
        more = {"values": named["values"] | values} if name == template else {}
        return true(desk, name, *arguments, **(named | more))

    return replaced(letters, "to_address", written)


def way_of(name: str, give: Any) -> Breakage:
    """A way of assigning gives the ticket to another agent."""
    return lambda patch: patch.setitem(assigning._WAYS, name, give)


def unassigned(desk: Any, case: Any, effects: list[Any]) -> list[Any]:
    return [*effects, ChangeTicket(case.verdict.ticket.number, {"assignee": ""})]


def same_round(desk: Any, ticket: Ticket, now: datetime) -> Any:
    return start_wait(desk, replace(ticket, waiting_round=0), now)


def always_lea(*arguments: Any) -> Any:
    return replace(decide(*arguments), assignee="lea@isybuy.example")


def as_solved(desk: Any, ticket: Ticket, reason: Reason, *arguments: Any, **named: Any) -> Any:
    return resolve(desk, ticket, Reason.SOLVED, *arguments, **named)


def kept_if_resolved(desk: Any, case: Any, effects: list[Any]) -> list[Any]:
    return effects[:1] if case.verdict.ticket.status is Status.RESOLVED else effects


def from_the_agent(letter: Letter) -> bytes:
    return compose(replace(letter, from_=Address("lea@isybuy.example", "Léa Martin")))


_VALID: Any = Case.__dict__["valid"].fget


def spoiled_by_a_fault(case: Case) -> Reference | None:
    return None if any(r.fault for r in case.references) else _VALID(case)


_BY_ADDRESS = Ticket.by_address


def anybody(seen: Ticket, address: str) -> Participant:
    return _BY_ADDRESS(seen, address) or seen.requester


def never_reopened(patch: pytest.MonkeyPatch) -> None:
    patch.delitem(lifecycle.TRANSITIONS, (Status.RESOLVED, Event.CUSTOMER_WROTE))


def reply_to_is_the_sender(mail: ParsedMail, mailbox: Mailbox, proof: Proof) -> Identified:
    """Who wrote is whoever the answer shall go to."""
    return Identified(replace(mail, sender=mail.reply_to[0]) if mail.reply_to else mail, proof)


def as_from_says(mail: ParsedMail, mailbox: Mailbox, proof: Proof) -> Identified:
    """Neither forms nor lists are known."""
    return Identified(mail, proof)


def typed_in_is_proof(mail: ParsedMail, mailbox: Mailbox, proof: Proof) -> Identified:
    """What a form or a list says of the writer is believed."""
    return replace(identify(mail, mailbox, proof), proof=proof)


def as_no_form(mail: ParsedMail, mailbox: Mailbox, proof: Proof) -> Identified:
    """The one who filled it in may do whatever a mail of theirs may."""
    return replace(identify(mail, mailbox, proof), is_form=False)


def opened_now() -> Breakage:
    """A ticket is as old as the decision to let it in."""
    true: Any = considering.consider
    return replaced(intake, "consider", lambda *arguments: true(*arguments[:8], None, *arguments[9:]))


def this_address_alone(case: Any) -> Any:
    """The sender's address, as if nobody had two."""
    return (case.mail.sender.key,)


def keys_of_the_held_mail(case: Any) -> Any:
    """Whoever has the link counts as who wrote the held mail."""
    return (case.mail.sender.key, *([case.facts.held.sender] if case.facts.held else []))


def keys_of_reply_to(case: Any) -> Any:
    return (case.mail.sender.key, *(a.key for a in case.mail.reply_to))


_PROVED_DELIVERY = proved_delivery


def proved_by_message_id(*arguments: Any) -> Any:
    """Whoever knows the Message-ID is believed like the recipient's server."""
    found = _PROVED_DELIVERY(*arguments)
    return found and replace(found, is_by_return_path=True)


def wait_ended(desk: Any, case: Any, effects: list[Any]) -> list[Any]:
    return [*effects, CancelTimers(case.verdict.ticket.number, "waiting")]


def stopped_for_ever(session: Any, now: datetime) -> datetime | None:
    """That automatic answers were stopped is never over."""
    return session.connection().scalar(arrivals._STOPPED_AT)  # type: ignore[no-any-return]


def known_by_name(true: Any) -> Any:
    """Whoever is called Alice Durand is Alice."""

    def person(session: Any, settings: Any, sender: str) -> Any:
        return true(session, settings, "alice@client-a.example" if "durand" in sender else sender)

    return person


def row_of_a_like_domain(directory: Any, domain: str) -> Any:
    """The first row whose domain stands somewhere in this one."""
    return next((row for known, row in directory._domains.items() if known.strip(".") in domain), None)


def nameless_domains() -> Breakage:
    """What stands in the row of a domain is not taken for its people."""
    true = Directory._row_of_domain

    def row(directory: Any, domain: str) -> Any:
        found = true(directory, domain)
        return found and found.model_copy(update={"organisation": "", "plan": None})

    return replaced(Directory, "_row_of_domain", row)


def anything_fits() -> Breakage:
    """An article that shares a word with the request is suggested."""
    return together(replaced(shelf, "LEAST_FIT", 0.0), replaced(shelf, "LEAST_WORDS", 1))


def told_to_anybody(desk: Desk, template: str, request: Asked, *, is_known: bool) -> Any:
    """The articles that fit are shown whoever asked."""
    return values_beside(desk, template, request, is_known=True)


def values_are_source(render: Callable[..., Rendered]) -> Callable[..., Rendered]:
    """What a mail says is read as a template once more."""

    def twice(renderer: Renderer, template: str, language: str, values: Mapping[str, object]) -> Rendered:
        written = render(renderer, template, language, values)
        return replace(written, text=environment(language, False).from_string(written.text).render())

    return twice


def first_shelf_stays() -> Breakage:
    """The articles of the first rules file are those of every later one."""
    kept: list[Shelf] = []

    def first(articles: tuple[Article, ...], language: str) -> Shelf:
        kept.append(Shelf(articles, language))
        return kept[0]

    return replaced(desk, "_shelf", first)


def _feasible_without(name: str) -> Any:
    nothing: Any = () if name == "missing" else None
    return lambda *arguments: replace(feasible(*arguments), **{name: nothing})


def decided_without(name: str) -> Breakage:
    """What the rules say of one thing counts for nothing when a ticket opens."""
    return replaced(deciding, "feasible", _feasible_without(name))


def decided_later_without(name: str) -> Breakage:
    """The same when more is known of an incomplete one."""
    return replaced(whole, "feasible", _feasible_without(name))


def told_of_new_ticket(desk: Any, case: Any, effects: list[Any]) -> list[Any]:
    opened = next(e.ticket for e in effects if isinstance(e, OpenTicket))
    return [*effects, *notify.tell_agents(desk, "agent_new_ticket", opened, case.mail, "", "x", case.facts)]


def still_missing() -> Breakage:
    """What an agent does leaves a ticket waiting for what rules require."""
    plan = state_commands.change_state

    def bent(*arguments: Any) -> list[Any]:
        effects = plan(*arguments)
        return [e for e in effects if not (isinstance(e, ChangeTicket) and e.changes == {"missing": ()})]

    return replaced(agent, "change_state", bent)


def cancelled_is_reopened_by(event: Event) -> Breakage:
    return replaced(continuing, "TRANSITIONS", {**lifecycle.TRANSITIONS, (Status.CANCELLED, event): Status.OPEN})


def never_opened_by_its_link() -> Breakage:
    found = {pair: status for pair, status in lifecycle.TRANSITIONS.items() if pair[1] is not Event.CUSTOMER_REOPENED}
    return replaced(continuing, "TRANSITIONS", found)


def cancelled_twice() -> Breakage:
    again = {**lifecycle.TRANSITIONS, (Status.CANCELLED, Event.CANCEL): Status.CANCELLED}
    return replaced(agent, "TRANSITIONS", again)


def always_open() -> Breakage:
    """Somebody is there at every hour."""
    return replaced(calendar.BusinessCalendar, "next_open", lambda _, instant: instant.astimezone(UTC))


def open_at(hour: int) -> Breakage:
    """Somebody is there at that hour of a weekday too."""
    true = calendar.BusinessCalendar.next_open

    def next_open(mine: calendar.BusinessCalendar, instant: datetime) -> datetime:
        local = instant.astimezone(mine.zone)
        return instant.astimezone(UTC) if local.hour == hour and local.weekday() < 5 else true(mine, instant)

    return replaced(calendar.BusinessCalendar, "next_open", next_open)


def never_counted_anew() -> Breakage:
    """A wait is counted from when the first one of the ticket began."""
    true = start_wait

    def start(desk: Any, ticket: Ticket, now: Any) -> Any:
        return true(desk, ticket, now) if not ticket.waiting_round else []

    return replaced(state_commands, "start_wait", start)


def open_at_closing_time(self: calendar.BusinessCalendar, at: datetime) -> datetime:
    """The next opening, where the instant at which the desk closes is still open."""
    closes = any(end == at for _, end in self.intervals(self.day_of(at)))
    return at if closes else _NEXT_OPEN(self, at)


def in_winter_time(settings: Settings) -> calendar.BusinessCalendar:
    """The desk's calendar under a clock that is never moved."""
    said = settings.calendar_named()
    assert said is not None
    return calendar.BusinessCalendar(ZoneInfo("Etc/GMT-1"), said.week, said.holidays or ())


def _with_people_of_domains(self: Settings) -> Mapping[str, Person]:
    return {**self.directory.customers, **{who.address.key: who for who in self.directory.domains}}


WITH_PEOPLE_OF_DOMAINS = property(_with_people_of_domains)  # in the place of Settings.customers


def noon_at_midnight(said: str) -> int:
    """Minutes of a time of day, where noon is the end of the day."""
    return 24 * 60 if said == "12:00" else int(said[:2]) * 60 + int(said[3:])


NEXT_YEAR = datetime(2027, 1, 5, 15, tzinfo=UTC)


def seen_without_rating(settings: Settings, found: Any, seen: Ticket | None) -> dict[str, Any]:
    return _said(settings, found, seen) | {"rating": ()}


def unrated(case: Incoming) -> Incoming:
    """A rating is forgotten as soon as it is kept."""
    assert case.verdict.ticket is not None
    return replace(case, verdict=replace(case.verdict, ticket=replace(case.verdict.ticket, rating="")))


def asked_as_if_solved() -> Breakage:
    true = letters.to_participant

    def written(desk: Any, name: str, about: Ticket, *arguments: Any, **named: Any) -> QueueMail:
        about = replace(about, reason=Reason.SOLVED) if name == "rating_request" else about
        return true(desk, name, about, *arguments, **named)

    return replaced(letters, "to_participant", written)


def any_end_is_rated() -> Breakage:
    every = replaced(rating, "_RATEABLE", frozenset(Status))
    return together(every, replaced(rating, "_is_wanted", lambda *_: True))


def rated_wherever_it_went() -> Breakage:
    """A ticket that goes on in another is asked for like any."""
    fire = rating.fire

    def fired(desk: Any, timer: Any, about: Ticket, *arguments: Any, **named: Any) -> list[Any]:
        return fire(desk, timer, replace(about, merged_into=0), *arguments, **named)

    return together(replaced(closing, "SINCE_THE_END", ()), any_end_is_rated(), replaced(rating, "fire", fired))


def thanked_without_asking() -> Breakage:
    true = rating._thanked

    def thanked(*arguments: Any, asks_more: bool, **named: Any) -> list[Any]:
        return true(*arguments, asks_more=False, **named)

    return replaced(rating, "_thanked", thanked)


def first_of_the_named(desk: Any, about: Ticket, words: Sequence[str], today: date) -> Any:
    return people_named(desk, about, words[:1], today)


def untold_of_customers() -> property:
    """As long as customers alone take part in it, agents have not heard of a request that has ended."""
    ends = (Reason.DECLINED, Reason.CANCELLED)
    return property(
        lambda self: (
            bool(self.missing) or (self.reason in ends and all(p.role is Role.CUSTOMER for p in self.participants))
        )
    )


def only_those_who_are_there(team: Sequence[Person], today: date) -> tuple[str, ...]:
    return tuple(agent.address.address for agent in team if assigning.is_there(agent, today))


def told_with_the_words(desk: Any, about: Ticket, template: str, address: str, owed_for: str, *rest: Any) -> QueueMail:
    now, values = rest
    more = {**values, "text": "Le problème est revenu."}
    return to_outsider(desk, about, template, address, owed_for, now, more)


def told_without_words() -> Breakage:
    true = rating._told

    def told(desk: Any, case: Incoming, about: Ticket, who: Participant, words: str, *, is_late: bool) -> list[Any]:
        return true(desk, case, about, who, "", is_late=is_late)

    return replaced(rating, "_told", told)


def a_week_later(settings: Settings, report: Report, round_: int) -> tuple[datetime, datetime]:
    """The report's week is the one in which it leaves."""
    return reporting.period(settings, report, round_ + 7)


def tried_only_what_applies() -> Breakage:
    """Promises that do not apply to a ticket are passed over in silence."""
    true = clocks.tried
    return replaced(clocks, "tried", lambda *asked: [one for one in true(*asked) if one.applies])


def timers_are_not_copied() -> Breakage:
    """A copy of a ticket has no timers."""
    return lambda patch: patch.setitem(twin._OF_TICKET, "timer", "0")


def former_untold() -> Breakage:
    """Who had a request does not hear that it is another's now."""
    told = handing_over._told

    def told_to_the_new_one(
        asked: AskedCommand, ticket: Ticket, key: str, template: str, values: dict[str, Any]
    ) -> Effect:
        is_new = template == "agent_assigned"
        return told(asked, ticket, key, template, values) if is_new else CancelTimers(ticket.number, "none")

    return replaced(handing_over, "_told", told_to_the_new_one)
