"""What counts as an occasion, what do rules add at one, and whom do they tell? Without a store."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from desk_values import ALICE, LEA, NOW, RING, mail, settings, ticket
from hypothesis import given
from hypothesis import strategies as st

from maild.agent_words import AgentWords
from maild.config.desk import open_desk
from maild.decision import Decision, Matter, Occasion, Rota, RuleTrial
from maild.effects import (
    AddMessage,
    AddParticipant,
    ChangeParticipant,
    ChangeTicket,
    Effect,
    LinkTickets,
    MarkUndeliverable,
    OpenTicket,
    QueueMail,
    RecordDecision,
    StartTimer,
)
from maild.judgement import (
    Facts,
    Proof,
    Verdict,
    VerdictName,
)
from maild.lifecycle import Reason, Status
from maild.mail import Address, Attachment
from maild.plan.case import Incoming
from maild.plan.foreseen import foreseen
from maild.plan.happenings import Happened, happened
from maild.plan.occasions import Cause, Known, follow
from maild.plan.opening import Former, open_ticket
from maild.plan.telling import Said, tell
from maild.rules.assigning import assignee
from maild.rules.decide import decide
from maild.settings import Settings
from maild.ticket import Participant, Person, Role, Visibility

MARC = "marc@isybuy.example"
DESK = open_desk(settings(), RING)
# Those that a mail or a command brings about; the clock's own need a time beside them.
_OF_THE_CLOCK = (Occasion.SLA_WARNING, Occasion.SLA_BREACHED, Occasion.UNASSIGNED)
EVERYTHING = [o.value for o in Occasion if o is not Occasion.OPENED and o not in _OF_THE_CLOCK]
PEOPLE: dict[str, Any] = {
    "agents": [
        {"name": "Léa Martin", "address": "lea@isybuy.example", "teams": ["n1"]},
        {"name": "Marc Petit", "address": MARC, "teams": ["n1"]},
        {"name": "Nora Blanc", "address": "nora@isybuy.example", "teams": ["lead"]},
    ],
    "customers": [{"address": "alice@client-a.example", "name": "Alice Durand", "organisation": "Client A"}],
}


def desk_with(*rules: dict[str, Any], **changes: Any) -> Settings:
    named = [{"name": str(n), "on": EVERYTHING, **rule} for n, rule in enumerate(rules, 1)]
    return settings(**{"people": PEOPLE, "rules": named, "queues": {"support": {"team": "n1"}, "bugs": {}}} | changes)


def public(author: str, number: int = 1042) -> AddMessage:
    return AddMessage(number, Visibility.PUBLIC, author, "Bonjour")


def status(value: Status, number: int = 1042) -> ChangeTicket:
    return ChangeTicket(number, {"status": value.value})


CUSTOMER, AGENT = public("alice@client-a.example"), public("lea@isybuy.example")


@pytest.mark.parametrize(
    ("before", "effects", "expected"),
    [
        (Status.OPEN, [CUSTOMER], ["customer_replied"]),
        (Status.OPEN, [public("a.durand@autre.example")], ["customer_replied"]),
        (Status.OPEN, [AGENT], ["agent_replied"]),
        (Status.OPEN, [AGENT, status(Status.PENDING)], ["agent_replied", "pending"]),
        (Status.OPEN, [status(Status.PENDING)], ["pending"]),
        (Status.PENDING, [AGENT, status(Status.PENDING)], ["agent_replied"]),
        (Status.PENDING, [CUSTOMER, status(Status.OPEN)], ["customer_replied"]),
        (Status.RESOLVED, [CUSTOMER, status(Status.OPEN)], ["customer_replied", "reopened"]),
        (Status.CLOSED, [AGENT, status(Status.OPEN)], ["agent_replied", "reopened"]),
        (Status.RESOLVED, [status(Status.PENDING)], ["reopened", "pending"]),
        (Status.RESOLVED, [CUSTOMER], ["customer_replied"]),
        (Status.OPEN, [CUSTOMER, status(Status.RESOLVED)], ["customer_replied", "resolved"]),
        (Status.OPEN, [ChangeTicket(1042, {"escalation": 1})], ["escalation_asked"]),
        (
            Status.RESOLVED,
            [CUSTOMER, status(Status.OPEN), ChangeTicket(1042, {"escalation": 1})],
            ["customer_replied", "reopened", "escalation_asked"],
        ),
        (Status.OPEN, [ChangeTicket(1042, {"escalation": 0})], None),
        (Status.RESOLVED, [status(Status.RESOLVED)], None),
        (Status.RESOLVED, [status(Status.CLOSED)], None),
        (Status.OPEN, [status(Status.CANCELLED)], None),
        (Status.NEW, [ChangeTicket(1042, {"assignee": "x", "status": "open"})], None),
        (Status.OPEN, [AddMessage(1042, Visibility.INTERNAL, LEA.address, "note")], None),
        (Status.OPEN, [AddMessage(1042, Visibility.EVENT, "alice@client-a.example", "absente")], None),
        (Status.OPEN, [public("alice@client-a.example", 7), status(Status.RESOLVED, 7)], None),
    ],
)
def test_what_has_happened(before: Status, effects: list[Effect], expected: list[str] | None) -> None:
    found = happened(desk_with({"then": {"type": "x"}}), [ticket(status=before)], effects)
    assert [list(f.occasions) for f in found] == ([expected] if expected else [])


def test_an_agent_who_is_the_customer_replies_as_one() -> None:
    hers = ticket(participants=(Participant(1, LEA.address, "Léa", Role.CUSTOMER),), assignee=MARC)
    [found] = happened(desk_with({"then": {"type": "x"}}), [hers], [AGENT])
    assert found.occasions == (Occasion.CUSTOMER_REPLIED,)


@pytest.mark.parametrize("on", [["opened"], ["resolved"], ["pending", "resolved"]])
def test_where_no_rule_asks_nothing_is_found(on: list[str]) -> None:
    assert happened(desk_with({"on": on, "then": {"type": "x"}}), [ticket()], [CUSTOMER]) == []


def test_a_ticket_is_foreseen_as_the_effects_will_make_it() -> None:
    joins = Participant(3, MARC, "Marc Petit", Role.AGENT)
    after = foreseen(
        ticket(thread=("a",)),
        [
            ChangeTicket(1042, {"status": "resolved", "reason": "solved", "tags": ["x"]}),
            AddParticipant(1042, joins),
            ChangeParticipant(1042, 2, {"is_removed": True}),
            MarkUndeliverable(1042, 1),
            AddMessage(1042, Visibility.PUBLIC, "", "", None, "b"),
            AddMessage(1042, Visibility.INTERNAL, "", "", None, "c"),
            LinkTickets(7, 1042),
            ChangeTicket(7, {"status": "closed"}),
        ],
    )
    assert (after.status, after.reason, after.tags) == (Status.RESOLVED, Reason.SOLVED, ("x",))
    assert after.participants == (replace(ALICE, is_undeliverable=True), replace(LEA, is_removed=True), joins)
    assert (after.thread, after.linked_to) == (("a", "b"), (7,))


def added(
    rules: Sequence[dict[str, Any]],
    *occasions: Occasion,
    case: Incoming | None = None,
    rota: Rota | None = None,
    known: Known | None = None,
    effects: Sequence[Effect] = (),
    **changes: Any,
) -> list[Effect]:
    """What rules add on Alice's ticket."""
    desk = DESK.with_settings(desk_with(*rules))
    what = Happened(ticket(**changes), occasions or (Occasion.AGENT_REPLIED,), "Toujours rien.")
    known = replace(known or Known(), rota=rota or Rota())
    return follow(desk, what, known, Cause("occasion:c1", NOW, case), effects)


def mails(effects: Sequence[Effect]) -> list[tuple[str, str]]:
    return sorted((e.template, e.recipient) for e in effects if isinstance(e, QueueMail))


def change(effects: Sequence[Effect]) -> dict[str, Any]:
    return {k: v for e in effects if isinstance(e, ChangeTicket) for k, v in e.changes.items()}


def read(effect: Effect) -> EmailMessage:
    assert isinstance(effect, QueueMail)
    return message_from_bytes(effect.data, policy=policy.default)


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


def incoming(verdict: VerdictName = VerdictName.REPLY, proof: Proof = Proof.PASS, **facts: Any) -> Incoming:
    return Incoming(
        7, "support", mail(), Facts(NOW, 1, **facts), Verdict(verdict, "x", ticket(), proof=proof), AgentWords("")
    )


def test_what_the_rules_say_becomes_true_and_is_told_in_the_story() -> None:
    done = added([{"then": {"priority": "high", "tags": ["b"], "queue": "bugs", "type": "bug"}}], tags=("a",))
    assert change(done) == {"priority": "high", "tags": ("a", "b"), "queue": "bugs", "type": "bug"}
    assert [e.text for e in done if isinstance(e, AddMessage)] == [
        "by the rules: queue = bugs, type = bug, priority = high, tags = a b"
    ]
    assert mails(done) == []


def test_what_is_so_already_is_not_said_again() -> None:
    [only] = added([{"then": {"priority": "high", "tags": ["a"], "assign": LEA.address}}], priority="high", tags=("a",))
    assert isinstance(only, RecordDecision)


def test_the_decision_keeps_the_occasions_each_trial_and_the_rules_version() -> None:
    rules: list[dict[str, Any]] = [
        {"if": {"tag": "x"}, "then": {"type": "a"}},
        {"on": "pending", "then": {"type": "b"}},
    ]
    record = added(rules, Occasion.CUSTOMER_REPLIED, Occasion.REOPENED, case=incoming())[-1]
    assert isinstance(record, RecordDecision)
    assert (record.number, record.inbound_id, record.occasion) == (1042, 7, "customer_replied, reopened")
    assert record.trials == (RuleTrial("1", 0, False, "no tag"),)


def test_a_rule_that_names_both_of_two_occasions_is_tried_once() -> None:
    rule = {"on": ["customer_replied", "reopened"], "then": {"notify": "nora@isybuy.example"}}
    done = added([rule], Occasion.CUSTOMER_REPLIED, Occasion.REOPENED)
    assert mails(done) == [("agent_notice", "nora@isybuy.example")]
    assert isinstance(done[-1], RecordDecision)
    assert len(done[-1].trials) == 1


def test_what_belongs_to_the_opening_does_nothing_later() -> None:
    rule = {"on": ["opened", "reopened"], "then": {"refuse": {"because": "non"}, "require": "version", "type": "x"}}
    done = added([rule], Occasion.REOPENED)
    assert change(done) == {"type": "x"}
    assert mails(done) == []


def test_a_new_assignee_is_told_with_the_words_that_were_written() -> None:
    done = added([{"then": {"assign": MARC}}], Occasion.CUSTOMER_REPLIED, case=incoming())
    assert change(done) == {"assignee": MARC, "status": "open"}
    assert [e.participant.address for e in done if isinstance(e, AddParticipant)] == [MARC]
    [letter] = [e for e in done if isinstance(e, QueueMail)]
    assert (letter.template, letter.recipient) == ("agent_assigned", MARC)
    assert "Alice Durand a écrit : > Toujours rien." in text_of(read(letter))


@pytest.mark.parametrize(
    ("missing", "occasions", "told", "assignee"),
    [
        ((), [Occasion.REOPENED], [MARC, LEA.address, "projets@isybuy.example"], MARC),
        (("version",), [Occasion.REOPENED], [LEA.address, "projets@isybuy.example"], ""),  # she was told that it ended
        (("version",), [Occasion.AGENT_REPLIED, Occasion.PENDING], [MARC, LEA.address, "projets@isybuy.example"], MARC),
    ],
)
def test_no_agent_hears_of_what_still_lacks_something(
    missing: tuple[str, ...], occasions: list[Occasion], told: list[str], assignee: str
) -> None:
    rule = {"then": {"assign": MARC, "notify": [MARC, LEA.address, "projets@isybuy.example"], "tags": "back"}}
    done = added([rule], *occasions, missing=missing, status=Status.PENDING)
    assert [recipient for _, recipient in mails(done)] == told
    assert change(done).get("assignee", "") == assignee
    assert change(done)["tags"] == ("back",)


def test_words_that_nothing_proves_are_marked() -> None:
    rule = {"then": {"assign": MARC, "notify": "lead", "forward": "projets@isybuy.example"}}
    for proof, expected in ((Proof.NONE, True), (Proof.PASS, False)):
        done = added([rule], Occasion.CUSTOMER_REPLIED, case=incoming(proof=proof))
        letters = [text_of(read(e)) for e in done if isinstance(e, QueueMail)]
        assert len(letters) == 3
        assert [("rien ne prouve" in text) for text in letters] == [expected] * 3


@pytest.mark.parametrize(
    ("assign", "load", "expected"),
    [
        ("least_loaded", {LEA.key: 1, MARC: 1}, {}),  # hers is this one alone
        ("least_loaded", {LEA.key: 3, MARC: 1}, {"assignee": MARC, "status": "open"}),
        ("lead", {}, {"assignee": "nora@isybuy.example", "status": "open"}),
        ([MARC, "lead"], {}, {"assignee": MARC, "status": "open"}),
    ],
)
def test_to_whom_a_rule_gives_it_anew(assign: Any, load: dict[str, int], expected: dict[str, Any]) -> None:
    assert change(added([{"then": {"assign": assign}}], rota=Rota(load))) == expected


def test_where_nobody_is_there_it_stays_in_the_same_hands() -> None:
    away = [{"from": "2026-11-23", "to": "2026-11-23"}]
    people = {**PEOPLE, "agents": [PEOPLE["agents"][0], *({**a, "away": away} for a in PEOPLE["agents"][1:])]}
    rule = {"name": "x", "on": EVERYTHING, "then": {"assign": ["lead", MARC]}}
    desk = DESK.with_settings(settings(people=people, rules=[rule]))
    done = follow(desk, Happened(ticket(), (Occasion.RESOLVED,)), Known(), Cause("c", NOW), ())
    assert change(done) == {}
    assert mails(done) == []


def test_the_ticket_that_is_seen_is_that_after_the_event() -> None:
    rule = {"if": {"status": "resolved", "tag": "a", "subject": {"contains": "facture"}}, "then": {"type": "seen"}}
    assert change(added([rule], Occasion.RESOLVED, status=Status.RESOLVED, tags=("a",))) == {"type": "seen"}
    assert change(added([rule], Occasion.RESOLVED, status=Status.OPEN, tags=("a",))) == {}


@pytest.mark.parametrize(
    ("asks", "known"),
    [
        ({"silence": "3 days"}, Known(silence=timedelta(days=3))),
        ({"earlier_tickets": {"at_least": 2}}, Known(earlier_tickets=2)),
        ({"organisation": "Client B"}, Known(Person(Address("b@b.example"), organisation="Client B"))),
    ],
)
def test_what_is_known_besides_can_be_asked(asks: dict[str, Any], known: Known) -> None:
    rule = {"if": asks, "then": {"type": "seen"}}
    assert change(added([rule], known=known)) == {"type": "seen"}
    assert change(added([rule])) == {}


def test_what_the_customer_stated_before_can_be_asked_where_only_time_has_passed() -> None:
    rule = {"if": {"field": {"version": {"is": "7"}}}, "then": {"type": "seen"}}
    assert change(added([rule], Occasion.RESOLVED, fields={"version": "7"})) == {"type": "seen"}
    assert change(added([rule], Occasion.RESOLVED, fields={"version": "8"})) == {}


def test_what_was_stated_before_is_not_taken_again_and_an_agent_states_nothing() -> None:
    rule = {"then": {"take": "priority"}}
    before = {"priority": "high"}
    assert change(added([rule], Occasion.CUSTOMER_REPLIED, case=incoming(), fields=before)) == {}
    case = incoming()
    said = replace(case.mail, text="Priorité : critique", reply_text="Priorité : critique")
    customers = replace(case, mail=said)
    assert change(added([rule], Occasion.CUSTOMER_REPLIED, case=customers)) == {"priority": "critical"}
    agents = replace(case, mail=replace(said, sender=Address(LEA.address, "Léa")))
    assert change(added([rule], Occasion.AGENT_REPLIED, case=agents)) == {}


@pytest.mark.parametrize(
    ("occasion", "case", "is_answer"),
    [
        (Occasion.CUSTOMER_REPLIED, incoming(), True),
        (Occasion.AGENT_REPLIED, incoming(VerdictName.AGENT_REPLY), False),
        (Occasion.RESOLVED, None, False),
    ],
)
def test_a_template_goes_to_the_requester(occasion: Occasion, case: Incoming | None, is_answer: bool) -> None:
    done = added([{"then": {"send": "relance"}}], occasion, case=case)
    [letter] = [e for e in done if isinstance(e, QueueMail)]
    assert (letter.template, letter.recipient, letter.is_answer) == ("relance", ALICE.address, is_answer)


def test_a_customers_mail_that_may_not_be_answered_is_not() -> None:
    robot = incoming()
    robot = replace(robot, mail=replace(robot.mail, auto_respond=False))
    assert mails(added([{"then": {"send": "relance"}}], Occasion.CUSTOMER_REPLIED, case=robot)) == []
    dead = (replace(ALICE, is_undeliverable=True), LEA)
    assert mails(added([{"then": {"send": "relance"}}], participants=dead)) == []


# Whom notices reach.
def told(words: Any, *, before: Sequence[Effect] = (), forward: Any = None, **changes: Any) -> list[Effect]:
    actions = {"notify": words} if words else {}
    actions |= {"forward": forward} if forward else {}
    desk = DESK.with_settings(desk_with({"then": actions}))
    decision = Decision("support", trials=(RuleTrial("1", 0, True, ""),), forwards=tuple(forward or ()))
    said = Said("Bonjour.", Address(ALICE.address, "Alice Durand"), (Attachment("a.txt", "text/plain", b"octet"),))
    return tell(desk, ticket(**changes), decision, Occasion.OPENED, said, said, before, "k", NOW)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["assignee"], ["lea"]),
        (["team"], ["lea", "marc"]),
        (["lead"], ["nora"]),
        (["admin"], ["admin"]),
        (["Nora@isybuy.example"], ["nora"]),
        (["commercial@isybuy.example"], ["commercial"]),
        (["team", "lead", "assignee", "NORA@isybuy.example", "commercial@isybuy.example"],
         ["commercial", "lea", "marc", "nora"]),
        (["commercial@isybuy.example", "Commercial@ISYBUY.example"], ["commercial"]),
    ],
)  # fmt: skip
def test_whom_each_word_names_and_nobody_twice(words: list[str], expected: list[str]) -> None:
    assert [to.partition("@")[0].lower() for _, to in mails(told(words))] == expected


def test_where_nobody_is_assigned_the_team_is_told_for_the_assignee() -> None:
    assert [to for _, to in mails(told(["assignee"], assignee=""))] == [LEA.address, MARC]


def test_whoever_is_told_anyway_gets_no_second_mail() -> None:
    letter = next(e for e in told(["assignee"]) if isinstance(e, QueueMail))
    elsewhere = replace(letter, number=7)
    assert mails(told(["team"], before=[letter])) == [("agent_notice", MARC)]
    assert mails(told(["team"], before=[elsewhere])) == [("agent_notice", LEA.address), ("agent_notice", MARC)]
    gathered = StartTimer(1042, "gather", LEA.slot, 3, NOW)
    assert mails(told(["team"], before=[gathered])) == [("agent_notice", MARC)]
    assert mails(told(["team"], before=[AGENT])) == [("agent_notice", MARC)]  # who wrote it knows it


def test_an_agent_gets_a_reference_and_joins_anybody_else_gets_none() -> None:
    effects = told(["lead", "commercial@isybuy.example"])
    assert [e.participant.address for e in effects if isinstance(e, AddParticipant)] == ["nora@isybuy.example"]
    agents, others = (read(e) for e in effects if isinstance(e, QueueMail))
    assert text_of(agents).count("Répondre = répondre au client Alice Durand") == 1
    assert "ISY-1042-3-" in str(agents["Subject"])
    assert "> Bonjour." in text_of(agents)
    assert others["Reply-To"] is None
    assert str(others["Subject"]).endswith("[ISY-1042]")
    said = str(others)
    assert "ISY-1042-" not in said
    assert "support+" not in said
    assert "> Bonjour." not in text_of(others)
    assert "une règle de l’équipe : 1." in text_of(others)


def test_a_request_is_passed_on_with_its_words_its_files_and_its_bare_number() -> None:
    [letter] = [e for e in told(None, forward=["projets@isybuy.example"]) if isinstance(e, QueueMail)]
    got = read(letter)
    assert (letter.template, letter.number, letter.slot) == ("forwarded", 1042, None)
    assert [part.get_filename() for part in got.iter_attachments()] == ["a.txt"]
    assert "> Bonjour." in text_of(got)
    assert "Alice Durand (alice@client-a.example)" in text_of(got)
    assert "ISY-1042-" not in str(got)
    assert "support+" not in str(got)


def test_whoever_gets_the_request_needs_no_notice_of_it() -> None:
    done = told(["projets@isybuy.example", "lead"], forward=["Projets@isybuy.example"])
    assert mails(done) == [("agent_notice", "nora@isybuy.example"), ("forwarded", "Projets@isybuy.example")]


def test_what_would_come_back_to_us_waits_for_a_person() -> None:
    done = told(["support+x@isybuy.example"], forward=["support@isybuy.example"])
    assert [e.held_for for e in done if isinstance(e, QueueMail)] == ["own-address"] * 2


def test_files_that_are_too_large_are_named() -> None:
    large = Attachment("film.mp4", "video/mp4", bytes(11_000_000))
    desk = DESK.with_settings(desk_with({"then": {"forward": "projets@isybuy.example"}}))
    decision = Decision("support", forwards=("projets@isybuy.example",))
    said = Said("Bonjour.", Address(ALICE.address), (large,))
    [letter] = tell(desk, ticket(), decision, Occasion.OPENED, said, said, (), "k", NOW)
    assert list(read(letter).iter_attachments()) == []
    assert "film.mp4" in text_of(read(letter))


def test_the_same_thing_is_owed_under_the_same_key() -> None:
    rule = {"then": {"notify": ["lead", "commercial@isybuy.example"], "assign": MARC, "send": "relance"}}
    keys = [{e.key for e in added([rule]) if isinstance(e, QueueMail)} for _ in range(2)]
    assert keys[0] == keys[1]
    assert len(keys[0]) == 4


# Whose turn it is.
NAMES = ["Zoé", "Anna", "Marc", "Léa", "Hugo"]


def team_of(size: int, away: frozenset[int] = frozenset()) -> Settings:
    holiday = [{"from": "2026-11-01", "to": "2026-11-30"}]
    agents = [
        {"name": NAMES[n], "address": f"a{n}@isybuy.example", "away": holiday if n in away else []} for n in range(size)
    ]
    return settings(people={"agents": agents}, queues={"support": {}})


@given(st.integers(1, 5), st.integers(0, 40), st.frozensets(st.integers(0, 4)))
def test_each_gets_as_many_as_the_others_give_or_take_one_and_the_absent_none(
    size: int, tickets: int, away: frozenset[int]
) -> None:
    desk = team_of(size, away)
    given_to: dict[str, int] = {}
    counts: dict[str, int] = {}
    for number in range(1001, 1001 + tickets):
        who = assignee(desk, ["round_robin"], "support", Rota(given=given_to), NOW.date())
        if who:
            given_to = {**given_to, who: number}
            counts[who] = counts.get(who, 0) + 1
    there = [f"a{n}@isybuy.example" for n in range(size) if n not in away]
    assert set(counts) <= set(there)
    assert sum(counts.values()) == (tickets if there else 0)
    if there:
        shares = [counts.get(who, 0) for who in there]
        assert max(shares) - min(shares) <= 1


@given(st.permutations(range(4)), st.dictionaries(st.integers(0, 3), st.integers(0, 3)))
def test_a_tie_goes_to_the_same_whatever_the_order_of_the_file(order: list[int], load: dict[int, int]) -> None:
    agents = [{"name": NAMES[n], "address": f"a{n}@isybuy.example"} for n in order]
    desk = settings(people={"agents": agents}, queues={"support": {}})
    rota = Rota({f"a{n}@isybuy.example": count for n, count in load.items()})
    least = min(range(4), key=lambda n: (load.get(n, 0), NAMES[n].casefold()))
    assert assignee(desk, ["least_loaded"], "support", rota, NOW.date()) == f"a{least}@isybuy.example"
    assert assignee(desk, ["round_robin"], "support", rota, NOW.date()) == "a1@isybuy.example"


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2026, 10, 31), "a0"), (date(2026, 11, 1), ""), (date(2026, 11, 30), ""), (date(2026, 12, 1), "a0")],
)
def test_an_absence_holds_from_its_first_to_its_last_day(day: date, expected: str) -> None:
    found = assignee(team_of(1, frozenset({0})), ["a0@isybuy.example", "round_robin"], "support", Rota(), day)
    assert found.partition("@")[0] == expected


@pytest.mark.parametrize(
    ("ways", "former", "expected"),
    [
        (["same_as_last", "round_robin"], "marc@isybuy.example", "marc"),
        (["same_as_last", "round_robin"], "", "lea"),
        (["same_as_last"], "nora@isybuy.example", ""),  # she is not of the queue's team
        (["nora@isybuy.example", "same_as_last"], "marc@isybuy.example", "nora"),
        (["gone@isybuy.example", "lead"], "", "nora"),
    ],
)
def test_the_first_way_that_gives_somebody_counts(ways: list[str], former: str, expected: str) -> None:
    found = assignee(desk_with(), ways, "support", Rota(former=former), NOW.date())
    assert found.partition("@")[0] == expected


def test_stop_ends_what_is_tried_at_that_occasion() -> None:
    desk = desk_with(
        {"on": "resolved", "then": {"stop": True}},
        {"on": "reopened", "then": {"type": "a", "stop": True}},
        {"on": "customer_replied", "then": {"type": "b"}},
    )
    both = Matter(Occasion.REOPENED, "support", NOW, None, None, ticket(), besides=(Occasion.CUSTOMER_REPLIED,))
    assert decide(desk, both, Rota()).type == "a"
    one = Matter(Occasion.CUSTOMER_REPLIED, "support", NOW, None, None, ticket())
    assert decide(desk, one, Rota()).type == "b"


@pytest.mark.parametrize(("away", "expected"), [("2026-11-22", LEA.key), ("2026-11-23", MARC)])
def test_a_follow_up_goes_to_whoever_had_the_old_one_if_they_are_there(away: str, expected: str) -> None:
    absence = [{"from": "2026-11-01", "to": away}]
    people = {**PEOPLE, "agents": [{**PEOPLE["agents"][0], "away": absence}, *PEOPLE["agents"][1:]]}
    desk = DESK.with_settings(settings(people=people))
    former = Former(ticket(7, status=Status.CLOSED), "closed")
    found = Decision("support", assignee=MARC)
    effects, _ = open_ticket(desk, mail(), 1, "support", Facts(NOW, 1043), found, Proof.PASS, None, former)
    assert [e.ticket.assignee for e in effects if isinstance(e, OpenTicket)] == [expected]
