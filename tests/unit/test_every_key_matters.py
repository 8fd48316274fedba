"""Does every key of rules.yaml change an outcome? A key that no code obeys would be a promise that nobody keeps.

`CHANGES` states, key by key, an outcome that differs with the key's value, and so does test_every_key_of_a_story.py;
`OBEYED_BY` names the test that proves it for keys whose outcome is seen only with a server or a database. Together they
are the schema, exactly.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from condition_keys import CONDITIONS, LISTS, MATTER, condition
from desk_values import RING, ticket
from pydantic import ValidationError
from rules_files import RULES, write
from schema_keys import every_key

from maild.agent_words import AgentWords
from maild.config.desk import open_desk
from maild.config.keyfile import load_keyring
from maild.config.load import load
from maild.config.templates import template_folders
from maild.decision import Deadline, Decision, Occasion, Rota
from maild.effects import ChangeTicket, QueueMail, StartTimer
from maild.errors import BadConfig
from maild.judgement import (
    AnswerCounts,
    Arrival,
    Candidate,
    Carrier,
    Facts,
    Proof,
    Purpose,
    Reference,
    Verdict,
    VerdictName,
)
from maild.knowledge.asked import asked
from maild.lifecycle import Reason, Status
from maild.mail import Address, Attachment, ParsedMail
from maild.plan import letters
from maild.plan.asking import asked as asked_for
from maild.plan.case import Incoming
from maild.plan.clocks import clocks_of
from maild.plan.clocks import fire as fire_clock
from maild.plan.closing import begin_window
from maild.plan.closures import next_notices
from maild.plan.letters import Desk
from maild.plan.matters import following, opening
from maild.plan.opening import open_ticket
from maild.plan.promising import promise
from maild.plan.rating import ask_later, rated
from maild.plan.redirecting import words_of
from maild.plan.suggesting import suggested
from maild.plan.worklists import Waiting, next_worklists
from maild.plan.worklists import fire as fire_worklists
from maild.reading import read
from maild.reading.hiding import hidden_mail
from maild.rules.decide import decide
from maild.rules.legacy import thread_of
from maild.settings import Duration, Settings
from maild.sla.calendar import calendar_of
from maild.sla.relances import schedule
from maild.threading.case import Case
from maild.threading.limits import trips, why_no_answer
from maild.threading.loops import over_budget
from maild.threading.verdict import judge
from maild.ticket import DueTimer, Moment, Spoke

ALICE = "alice@client-a.example"
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
MAIL = ParsedMail(
    Address(ALICE, "Alice Durand"),
    "Un bug",
    "Il plante",
    to=(Address("support@isybuy.example"),),
    headers=(("X-Kind", "form"),),
    in_reply_to=("1@old.example",),
)
MAIL_WITH_ALL = replace(
    MAIL, text="Version : 7", reply_text="Version : 7", attachments=(Attachment("a.pdf", "application/pdf", b"x"),)
)
Said = dict[str, Any]


def desk(**changes: Any) -> Settings:
    """A small desk; a change named a__b sets the key b in the block a."""
    said: Said = {
        "version": 1,
        "site": {"name": "Support", "reference": "ISY", "key": {"env": "KEY"}},
        "mailboxes": {"support": {"address": "support@isybuy.example"}},
        "admin": "admin@isybuy.example",
        "people": {
            "agents": [
                {"name": "Léa", "address": "lea@isybuy.example", "teams": ["n1"]},
                {"name": "Marc", "address": "marc@isybuy.example", "teams": ["n1"]},
            ]
        },
        "queues": {"support": {}, "bugs": {}},
        "rules": [{"name": "all", "then": {"assign": "least_loaded"}}],
    }
    for path, value in changes.items():
        *blocks, key = path.split("__")
        block = said
        for step in blocks:
            block = block.setdefault(step, {})
        block[key] = value
    return Settings.model_validate(said)


def decision(settings: Settings) -> Decision:
    return decide(settings, opening(settings, "support", MAIL, Facts(NOW, 1)), Rota())


def fire(path: str, *values: Any) -> tuple[bool, ...]:
    """Whether a rule with each of these values at that path of its condition applies."""
    rules = [
        {"name": str(n), "on": MATTER.occasion, "if": condition(path, v), "then": {}} for n, v in enumerate(values)
    ]
    settings = desk(rules=rules, lists=LISTS, brands={"ibat": {"name": "iBAT"}}, mailboxes__support__brand="ibat")
    return tuple(trial.fired for trial in decide(settings, MATTER, Rota()).trials)


def then(**actions: Any) -> Decision:
    return decision(desk(rules=[{"name": "x", "then": actions}]))


def secret_in(place: str) -> tuple[bool, bool]:
    """Whether a rule applies that asks for a secret there, and one that asks for none, to a mail with one."""
    said = "mdp : Soleil2024"
    mail = hidden_mail(replace(MAIL, subject=said, text=said, reply_text=said, headers=(("X-Kind", said),)), "fr")

    def applies(wanted: bool) -> bool:
        test = {"has_secret": wanted}
        condition = {"header": {"X-Kind": test}} if place == "header.*" else {place: test}
        settings = desk(rules=[{"name": "x", "if": condition, "then": {"type": "x"}}])
        return decide(settings, opening(settings, "support", mail, Facts(NOW, 1)), Rota()).type == "x"

    return applies(True), applies(False)


def agents(*people: Said) -> Settings:
    return desk(people__agents=list(people))


def at(*occasions: str) -> str:
    """What a rule that is tried there makes of a ticket that opens."""
    return decision(desk(rules=[{"name": "x", "on": occasions, "then": {"type": "bug"}}])).type


def listed(entry: str, **condition: Any) -> bool:
    """Whether a rule that looks into a list with that entry applies."""
    said = MAIL_WITH_ALL, desk(lists={"l": [entry]}, rules=[{"name": "x", "if": condition, "then": {"type": "bug"}}])
    return decide(said[1], opening(said[1], "support", said[0], Facts(NOW, 1)), Rota()).type == "bug"


def absent(first: str, last: str) -> str:
    """To whom a ticket of the 23rd goes while Léa is away."""
    away = [{"from": first, "to": last}]
    return decision(desk(people__agents=[{**LEA, "away": away}, MARC])).assignee


def customer(**fields: Any) -> Any:
    return desk(people__customers=[{"address": ALICE, **fields}]).person(ALICE)


# key of a row -> two values; with `domain` the row is that of Alice's domain
ROW_VALUES: dict[str, tuple[Any, Any]] = {
    "address": (ALICE, "bruno@client-b.example"),
    "domain": ("client-a.example", "client-b.example"),
    "name": ("Alice", ""),
    "organisation": ("Client A", ""),
    "plan": ("standard", ["advanced", "contract"]),
    "relation": ("direct", "partner"),
    "integrator": ("hotline@integrateur.example", "autre@integrateur.example"),
    "language": ("fr", "en"),
    "account": ("yes", "no"),
    "contact": ("Paul Leroy <paul.leroy@isybuy.example>", "Léa <lea@isybuy.example>"),
    "also": ("a.durand@client-a.example", "alice@ailleurs.example"),
}


def both(block: str, key: str, *values: Any) -> tuple[Any, ...]:
    """What is known of Alice with each of the values of that key in her row."""
    rows = ({"address": ALICE, key: v} if key != "domain" else {key: v} for v in values)
    return tuple(desk(**{f"people__{block}": [row]}).who(ALICE) for row in rows)


def may_answer(counts: AnswerCounts, is_known: bool, **limits: int) -> str:
    """What forbids an answer ('' if nothing), with those limits and so many answers already queued."""
    settings = desk(limits=limits, people__customers=[{"address": ALICE}] if is_known else [])
    return why_no_answer("acknowledgement", MAIL, Proof.PASS, Facts(NOW, 1, answers=counts), settings)


def refusal(limit: int) -> str:
    counts = AnswerCounts(to_sender_by_template_day={"plain_reply_refused": 1})
    settings = desk(limits__refusals_per_day=limit)
    return why_no_answer("plain_reply_refused", MAIL, Proof.PASS, Facts(NOW, 1, answers=counts), settings)


def is_refused(**changes: Any) -> bool:
    try:
        desk(**changes)
    except ValidationError:
        return True
    return False


def old(**known: Any) -> str:
    """By what the mail belongs to the system before, known so."""
    return thread_of(MAIL, desk(legacy={"to": "old@old.example", **known}))


_CAME = Arrival(NOW, True, None, "a", "s", 0)
LEA = {"name": "Léa", "address": "lea@isybuy.example"}
MARC = {"name": "Marc", "address": "marc@isybuy.example"}
SUPPORT = {"address": "support@isybuy.example"}
_ACKNOWLEDGED = AnswerCounts(to_sender_by_template_day={"acknowledgement": 1})


def window(after: str) -> list[Any]:
    """When a ticket that ends now will be closed."""
    opened = open_desk(desk(closing={"after": after}), RING)
    return [e.due_at for e in begin_window(opened, ticket(), NOW) if isinstance(e, StartTimer)]


# key -> two values, with both of which the outcome below differs
RATING_VALUES: dict[str, tuple[Any, Any]] = {
    "tell": ("marc@isybuy.example", "admin"),
    "after": ("1 hour", "2 hours"),
    "reasons": (["solved", "declined"], ["declined"]),
    "change_within": ("3 days", "4 days"),
}


def rating(key: str, value: Any) -> list[Any]:
    """When the customer of a ticket that ends is asked, what becomes of another rating on the fourth day after the
    first, and who hears of it."""
    settings = desk(rating={"tell": "team", key: value})
    at, said = _desk().with_settings(settings), ticket(status=Status.RESOLVED, reason=Reason.SOLVED, ended_round=1)
    asked = [e.due_at for e in ask_later(at, ticket(), said, NOW) if isinstance(e, StartTimer)]
    said = replace(said, rating="good", rated_round=1, rated_at=NOW)
    clicked = Candidate(Carrier.ADDRESS, Purpose.RATE_BAD, said.number, 1, "7", "x")
    who, to_us = said.requester, replace(MAIL, reply_text="", auto_respond=True, in_reply_to=())
    verdict = Verdict(VerdictName.RATING, "", said, who, Reference(clicked, "", who), Proof.PASS)
    case = Incoming(1, "support", to_us, Facts(NOW + timedelta(days=3, hours=1), 1), verdict, AgentWords(""))
    effects, *_ = rated(at, case)
    told = [e.recipient for e in effects if isinstance(e, QueueMail)]
    return [*asked, *(e.changes["rating"] for e in effects if isinstance(e, ChangeTicket)), *told]


def opens(name: str = "", at: str = "2026-11-28 03:00", **said: Any) -> Any:
    """When the desk opens next, under calendars with that change."""
    office = {"hours": {"mon-fri": "09:00-18:00"}, **said}
    night = {"hours": {"mon-sun": "00:00-24:00"}}
    settings = desk(calendars={"night": night, "office": office}, site__calendar=name or "office")
    return calendar_of(settings).next_open(datetime.fromisoformat(at).replace(tzinfo=UTC))


def closed(**said: str) -> Any:
    return opens(closed=[said], at="2026-12-02 10:00")


def opened_besides(on: str, hours: str) -> Any:
    return opens(open=[{"on": on, "hours": hours}], at="2026-11-28 03:00")


def step_at(any_time: bool) -> Any:
    """When a step of a wait falls due that would do so on a Sunday."""
    said = desk(
        waiting=[{"after": "3 days", "send": "relance", "any_time": any_time}],
        calendars={"office": {"hours": {"mon-fri": "9:00-18:00"}}},
    )
    return schedule(said.waiting, datetime(2026, 11, 26, 10, tzinfo=UTC), calendar_of(said))


MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)
OFFICES = {"office": {"hours": {"mon-fri": "9:00-18:00"}}, "night": {"hours": {"mon-sun": "0:00-24:00"}}}
_OPENED = Moment(MONDAY, Status.NEW, Spoke.CUSTOMER)
_ANSWERED = Moment(MONDAY + timedelta(hours=1), Status.PENDING, Spoke.AGENT)
_ASKED = Moment(MONDAY + timedelta(hours=2), Status.OPEN, Spoke.CUSTOMER)


def promised(block: str, *moments: Moment, **promise: Any) -> Any:
    """What is promised to Alice, who has the plan `gold`, on a ticket to which that happened."""
    name = "gold" if block == "plans" else "all"
    settings = desk(
        calendars=OFFICES, people__customers=[{"address": ALICE, "plan": "gold"}], **{block: {name: promise}}
    )
    clocks = clocks_of(settings, ticket(), settings.person(ALICE), moments or (_OPENED,), MONDAY)
    return [(c.policy, c.run.promised.target, c.run.due_at, c.run.paused_since) for c in clocks]


def promises(block: str) -> dict[str, Any]:
    """Each key of a promise, with two outcomes."""

    def told(at: bool) -> Any:
        said = {"first_response": "24 hours", "any_time": at}
        settings = (
            desk(calendars=OFFICES, sla={"all": said})
            if block == "sla"
            else desk(calendars=OFFICES, plans={"gold": said}, people__customers=[{"address": ALICE, "plan": "gold"}])
        )
        late = datetime(2026, 12, 1, 22, tzinfo=UTC)
        clocks = clocks_of(settings, ticket(), settings.person(ALICE), (_OPENED,), late)
        due = DueTimer(1, ticket().number, "sla-first_response", 100, 1, late)
        return fire_clock(settings, due, ticket(), clocks, (_OPENED,), late, is_overtaken=False).occasion

    asked = (_OPENED, _ANSWERED, _ASKED)
    return {
        "first_response": lambda: tuple(promised(block, first_response=t) for t in ("4 hours", "20 business hours")),
        "next_response": lambda: tuple(promised(block, *asked, next_response=t) for t in ("4 hours", "5 hours")),
        "resolution": lambda: tuple(promised(block, resolution=t) for t in ("4 hours", "5 hours")),
        "calendar": lambda: tuple(
            promised(block, first_response="20 business hours", calendar=c) for c in ("office", "night")
        ),
        "pauses": lambda: tuple(
            promised(block, _OPENED, _ANSWERED, resolution="4 hours", pauses=p) for p in ("pending", "nothing")
        ),
        "any_time": lambda: (told(True), told(False)),
    }


def of_clock(step: int, occasion: Occasion, **rule: Any) -> str:
    """What a rule makes of a ticket where the clock tells of that step."""
    settings = desk(rules=[{"name": "x", "on": occasion.value, **rule, "then": {"type": "late"}}])
    told = Deadline("first_response", step, MONDAY)
    return decide(settings, following(settings, ticket(), [occasion], MONDAY, None, None, deadline=told), Rota()).type


def told_of(**said: str) -> Any:
    """What an acknowledgement says of a closure at Christmas with that."""
    closed = [{"from": "2026-12-24", "to": "2027-01-01", **said}]
    settings = desk(calendars={"office": {"hours": {"mon-fri": "9:00-18:00"}, "closed": closed}})
    return promise(_desk().with_settings(settings), ticket(), None, "fr", NOW + timedelta(days=20))["closures"]


def noticed(**said: str) -> list[Any]:
    """When customers are mailed before a closure with that."""
    closed = [{"on": "2026-12-24", **said}]
    settings = desk(calendars={"office": {"hours": {"mon-fri": "9:00-18:00"}, "closed": closed}})
    return list(next_notices(settings, NOW))


def listed_at(worklist: Said) -> Any:
    """When the first list leaves, to whom, and which group stands first in it."""
    office = {"hours": {"mon-fri": "9:00-18:00"}}
    at = _desk().with_settings(desk(worklists=[worklist], calendars={"office": office}))
    [armed] = next_worklists(at.settings, NOW - timedelta(hours=1))
    due = DueTimer(1, 0, armed.policy, armed.step, armed.round, armed.due_at)
    waiting = [Waiting(ticket(assignee=""), NOW - timedelta(days=1))]
    owed = [e for e in fire_worklists(at, due, waiting, armed.due_at) if isinstance(e, QueueMail)]
    return armed.due_at, [(mail.recipient, "traiter d’abord" in read(mail.data).text) for mail in owed]


def second_request(repeats: str) -> str:
    """What becomes of a request that says what an unanswered one says."""
    settings, mail = desk(repeats=repeats), replace(MAIL, title="Une facture en double")
    first = ticket(subject="Une facture en double")
    facts = Facts(NOW, 1, own_tickets=(first,), first_words={first.number: "La même deux fois."})
    return judge(Case(mail, (), facts, settings, settings.mailboxes["support"], Proof.PASS)).name


def articles(*some: Said, words: str = "Exporter la facture en PDF\nVersion : 5.2", **knowledge: Any) -> Any:
    """What an acknowledgement shows of these articles to somebody who asks that."""
    opened = open_desk(desk(knowledge={"articles": [ARTICLE | each for each in some], **knowledge}), RING)
    return suggested(opened, asked("Export", words, "fr"))


def each_article(key: str, *values: Any) -> tuple[Any, ...]:
    """What is shown of an article with each of the values of that key in its head."""
    title = {"title": "La facture"} if key == "keywords" else {}
    return tuple(articles({**title, key: value}) for value in values)


ARTICLE = {"title": "Exporter une facture en PDF", "text": "Ouvrez la facture.", "link": "export"}
ARTICLE_VALUES: dict[str, tuple[Any, Any]] = {
    "title": (ARTICLE["title"], "Imprimer"),
    "kind": ("article", "product_rules"),
    "product": (["Themler"], None),
    "version": ("5", "4"),
    "keywords": (None, "export, PDF"),
    "link": ("https://aide.example/export", "https://aide.example/pdf"),
    "language": ("fr", "en"),
    "text": ("Ouvrez la facture.", "Fermez la facture."),
}


WITH_FIELDS = replace(MAIL, text="Produit : Gestion\nNuméro : 12\nUrgence : vite", reply_text="")


def asks(text: ParsedMail = MAIL, **blocks: Any) -> tuple[str, ...]:
    """In which words a mail is asked for what a rule requires under these blocks of the file."""
    settings = desk(rules=[{"name": "x", "then": {"require": "x"}}], **blocks)
    found = decide(settings, opening(settings, "support", text, Facts(NOW, 1)), Rota())
    return tuple(f"{need.ask} {need.because}" for need in asked_for(settings, found.missing, "fr"))


def need(**changes: Any) -> Any:
    """A need that the mail lacks, with a change."""
    return {"if": {"body": {"contains": "étapes"}}, "ask": "les étapes", **changes}


def stated(names: Said, text: ParsedMail = WITH_FIELDS, **then: Any) -> Decision:
    """What is decided on a mail with fields that customers state under these names."""
    settings = desk(fields=names, rules=[{"name": "x", "then": then}])
    return decide(settings, opening(settings, "support", text, Facts(NOW, 1)), Rota())


@cache
def _desk() -> Desk:
    """Whatever its settings: the templates are compiled once."""
    return open_desk(desk(), RING)


def sent_elsewhere(**redirect: Any) -> Any:
    """What the sender is told of whom to turn to."""
    settings = desk(
        people__customers=[{"address": ALICE, "integrator": "hotline@integrateur.example"}],
        rules=[{"name": "x", "then": {"redirect": redirect}}],
    )
    found = decision(settings).redirection
    assert found is not None
    return words_of(_desk().with_settings(settings), found, settings.person(ALICE), "fr")


def opened(**actions: Any) -> list[str]:
    """The mails of an opening ticket under a rule with these actions: template and text."""
    settings = desk(rules=[{"name": "x", "then": actions}])
    at = _desk().with_settings(settings)
    facts = Facts(NOW, 1001)
    to_us = replace(MAIL, to=(Address("support@isybuy.example"),), auto_respond=True, in_reply_to=())
    found = decide(settings, opening(settings, "support", to_us, facts), Rota())
    effects, _ = open_ticket(at, to_us, 1, "support", facts, found, Proof.PASS)
    owed = [e for e in effects if isinstance(e, QueueMail)]
    return [f"{e.template}: {read(e.data).text}" for e in owed] + [
        f"{e.changes['status']}" for e in effects if isinstance(e, ChangeTicket) and "status" in e.changes
    ]


# key -> an outcome with one value and with another
def under_brand(**said: Any) -> tuple[str, str]:
    """How the desk is called, and signs, where a mailbox of that brand is written to."""
    at = _desk().with_settings(desk(brands={"ibat": {"name": "iBAT", **said}}, mailboxes__support__brand="ibat"))
    box = at.settings.mailboxes["support"]
    return letters.desk_name(at, box), letters.signature_of(at, box)


CHANGES: dict[str, Callable[[], tuple[Any, ...]]] = {
    **{f"knowledge.articles[].{key}": partial(each_article, key, *values) for key, values in ARTICLE_VALUES.items()},
    "knowledge.most": lambda: tuple(
        articles(
            {},
            {"title": "Imprimer un devis sur papier"},
            words=f"{ARTICLE['title']}, imprimer le devis sur papier",
            most=n,
        )
        for n in (1, 2)
    ),
    "knowledge.url": lambda: tuple(articles({}, url=f"https://{host}.example/") for host in ("aide", "help")),
    **{f"{block}.*.{key}": show for block in ("sla", "plans") for key, show in promises(block).items()},
    "sla.*.if": lambda: tuple(
        promised("sla", first_response="4 hours", **{"if": {"plan": plan}}) for plan in ("gold", "silver")
    ),
    "rules[].at": lambda: tuple(of_clock(80, Occasion.SLA_WARNING, at=at) for at in ("80%", ["50%", "90%"])),
    "rules[].after": lambda: tuple(
        of_clock(Duration.model_validate("30 minutes").code, Occasion.UNASSIGNED, after=after)
        for after in ("30 minutes", "1 hour")
    ),
    **{
        f"priorities.matrix.{impact}.{urgency}": partial(
            lambda said, where: tuple(
                decision(desk(priorities__matrix=where(p), rules=[{"name": "x", "then": said}])).priority
                for p in ("critical", "low")
            ),
            {"impact": impact, "urgency": urgency},
            partial(lambda impact, urgency, p: {impact: {urgency: p}}, impact, urgency),
        )
        for impact in ("low", "medium", "high")
        for urgency in ("low", "medium", "high")
    },
    "site.calendar": lambda: (opens("night"), opens("office")),
    "calendars.*.hours.*": lambda: (opens(), opens(hours={"mon-fri": "10:00-18:00"})),
    "calendars.*.timezone": lambda: (opens(), opens(timezone="America/New_York")),
    "calendars.*.holidays": lambda: tuple(opens(holidays=h, at="2026-12-26 10:00") for h in (["FR"], ["FR", "GB"])),
    "calendars.*.closed[].on": lambda: (closed(on="2026-12-02"), closed(on="2026-12-03")),
    "calendars.*.closed[].hours": lambda: tuple(
        closed(on="2026-12-02", hours=hours) for hours in ("10:00-12:00", "08:00-09:00")
    ),
    "calendars.*.closed[].from": lambda: tuple(
        closed(**{"from": day, "to": "2026-12-04"}) for day in ("2026-12-02", "2026-12-03")
    ),
    "calendars.*.closed[].to": lambda: tuple(
        closed(**{"from": "2026-12-01", "to": day}) for day in ("2026-12-02", "2026-12-03")
    ),
    "calendars.*.open[].on": lambda: tuple(opened_besides(day, "10:00-12:00") for day in ("2026-11-28", "2026-11-29")),
    "calendars.*.open[].hours": lambda: tuple(opened_besides("2026-11-28", h) for h in ("9:00-12:00", "10:00-12:00")),
    "calendars.*.closed[].says": lambda: (told_of(says="Noël."), told_of(says="Fermé.")),
    "calendars.*.closed[].announce": lambda: tuple(told_of(says="Noël.", announce=a) for a in ("1 day", "5 weeks")),
    "calendars.*.closed[].notice": lambda: tuple(noticed(notice=length) for length in ("1 day", "7 days")),
    "worklists[].to": lambda: tuple(listed_at({"to": f"{who}@isybuy.example"}) for who in ("lea", "marc")),
    "worklists[].at": lambda: tuple(listed_at({"to": "n1", "at": when}) for when in ("09:00", "10:00")),
    "worklists[].weekend_until": lambda: tuple(
        listed_at({"to": "n1", "weekend_until": until}) for until in ("12:00", "08:00")
    ),
    "waiting[].any_time": lambda: (step_at(False), step_at(True)),
    "closing.after": lambda: (window("3 days"), window("never")),
    **{
        f"rating.{key}": partial(lambda key, values: tuple(rating(key, value) for value in values), key, values)
        for key, values in RATING_VALUES.items()
    },
    "repeats": lambda: (second_request("join"), second_request("separate")),
    "version": lambda: (is_refused(version=1), is_refused(version=2)),
    "mailboxes.*.address": lambda: (
        desk().mailbox_of("support@isybuy.example"),
        desk(mailboxes__support__address="aide@isybuy.example").mailbox_of("support@isybuy.example"),
    ),
    "mailboxes.*.aliases": lambda: (
        desk().mailbox_of("aide@isybuy.example"),
        desk(mailboxes__support__aliases=["aide@isybuy.example"]).mailbox_of("aide@isybuy.example"),
    ),
    "mailboxes.*.delimiter": lambda: (
        desk(mailboxes__support__delimiter="+").mailbox_of("support+1@isybuy.example"),
        desk(mailboxes__support__delimiter="none").mailbox_of("support+1@isybuy.example"),
    ),
    "mailboxes.*.queue": lambda: (
        decision(desk()).queue,
        decision(desk(mailboxes__support__queue="bugs")).queue,
    ),
    "queues.*.team": lambda: (
        decision(desk(queues__support__team="n1")).assignee,
        decision(desk(queues__support__team="dev")).assignee,
    ),
    "people.agents[].name": lambda: (
        decision(agents(LEA, MARC)).assignee,
        decision(agents({**LEA, "name": "Zoé"}, MARC)).assignee,
    ),
    "people.agents[].address": lambda: (
        decision(agents(LEA)).assignee,
        decision(agents({**LEA, "address": "lea@x.example"})).assignee,
    ),
    "people.agents[].teams": lambda: tuple(
        decision(desk(people__agents=[{**LEA, "teams": teams}, MARC], queues__support__team="n1")).assignee
        for teams in (["n1"], ["dev"])
    ),
    "people.agents[].language": lambda: tuple(
        getattr(agents({**LEA, "language": language}).person("lea@isybuy.example"), "language", None)
        for language in ("fr", "en")
    ),
    **{
        f"people.{block}[].{key}": partial(both, block, key, *values)
        for block in ("customers", "organisations")
        for key, values in ROW_VALUES.items()
    },
    "people.accounts": lambda: tuple(
        judge(Case(MAIL, (), Facts(NOW, 1), d, d.mailboxes["support"], Proof.PASS)).name
        for d in (desk(people__accounts=word) for word in ("open", "required"))
    ),
    "brands.*.name": lambda: (under_brand(), under_brand(name="Autre")),
    "brands.*.signature": lambda: (under_brand(), under_brand(signature="L’équipe\n01 23")),
    "mailboxes.*.brand": lambda: tuple(
        letters.desk_name(_desk().with_settings(said), said.mailboxes["support"])
        for said in (desk(brands={"ibat": {"name": "iBAT"}}, mailboxes__support__brand=b) for b in ("ibat", None))
    ),
    "rules[].name": lambda: tuple(
        decision(desk(rules=[{"name": name, "then": {}}])).trials[0].rule for name in ("a", "b")
    ),
    **{f"rules[].if.{path}": partial(fire, path, *values) for path, values in CONDITIONS.items()},
    "rules[].then.mask_secrets": lambda: tuple(
        desk(rules=[{"name": "x", "then": {"mask_secrets": mask}}]).hides_in for mask in (True, False)
    ),
    "lists.*": lambda: tuple(listed(e, **{"from": {"in": "l"}}) for e in (ALICE, "bruno@client-b.example")),
    "rules[].on": lambda: (at("resolved", "opened"), at("resolved")),
    "rules[].then.notify": lambda: (then().notifies, then(notify="team").notifies),
    "rules[].then.forward": lambda: (then().forwards, then(forward="projets@isybuy.example").forwards),
    "people.agents[].away[].from": lambda: (absent("2026-11-23", "2026-11-30"), absent("2026-11-24", "2026-11-30")),
    "people.agents[].away[].to": lambda: (absent("2026-11-01", "2026-11-22"), absent("2026-11-01", "2026-11-23")),
    "rules[].then.queue": lambda: (then(queue="support").queue, then(queue="bugs").queue),
    "rules[].then.type": lambda: (then(type="bug").type, then(type="question").type),
    "rules[].then.priority": lambda: (then().priority, then(priority="high").priority),
    "rules[].then.tags": lambda: (then().tags, then(tags="urgent").tags),
    "rules[].then.assign": lambda: (then().assignee, then(assign="marc@isybuy.example").assignee),
    "rules[].then.send": lambda: (then().sends, then(send="relance").sends),
    "rules[].then.product": lambda: (then(product="Gestion").product, then(product="Paie").product),
    "rules[].then.impact": lambda: (then(impact="high").impact, then(impact="low").impact),
    "rules[].then.urgency": lambda: (then(urgency="high").urgency, then(urgency="low").urgency),
    "rules[].then.take": lambda: (stated({}).product, stated({}, take="product").product),
    "rules[].then.require": lambda: (opened(), opened(require="version")),
    "rules[].then.invite": lambda: (opened(), opened(invite="version")),
    "rules[].then.say": lambda: (opened(say="Appelez-nous."), opened(say="Écrivez-nous.")),
    "rules[].then.acknowledge": lambda: (opened(acknowledge="wrong_channel"), opened(acknowledge="nothing")),
    "rules[].then.redirect.to": lambda: (
        sent_elsewhere(to="integrator"),
        sent_elsewhere(to="projets@isybuy.example"),
    ),
    "rules[].then.redirect.says": lambda: (
        sent_elsewhere(to="integrator"),
        sent_elsewhere(to="integrator", says="Il vous connaît."),
    ),
    **{
        f"rules[].then.{end}.{key}": partial(
            lambda end, key: tuple(
                opened(**{end: {"because": "Hors contrat.", key: said}}) for said in ("Hors contrat.", "Déjà fait.")
            ),
            end,
            key,
        )
        for end in ("refuse", "cancel")
        for key in ("because", "article")
    },
    "fields.*.names": lambda: tuple(stated({"serial": {"names": [name]}}).fields for name in ("Numéro", "N°")),
    "fields.*.values": lambda: tuple(
        stated({"urgency": {"values": {word: "high"}}}, take="urgency").urgency for word in ("vite", "hier")
    ),
    "kinds.*.words": lambda: tuple(decision(desk(kinds={"x": {"words": word}})).type for word in ("bug", "devis")),
    "kinds.*.tags": lambda: tuple(decision(desk(kinds={"x": {"tags": name}})).tags for name in ("a", "b")),
    "kinds.*.type": lambda: tuple(decision(desk(kinds={"x": {"type": name}})).type for name in ("a", "b")),
    "needs.*.if": lambda: (
        asks(needs={"x": need()}),
        asks(needs={"x": need(**{"if": {"body": {"contains": "plante"}}})}),
    ),
    "needs.*.ask": lambda: (asks(needs={"x": need()}), asks(needs={"x": need(ask="le scénario")})),
    "needs.*.because": lambda: (asks(needs={"x": need()}), asks(needs={"x": need(because="nous le verrons")})),
    "rules[].then.stop": lambda: tuple(
        decision(desk(rules=[{"name": "a", "then": {"stop": stop}}, {"name": "b", "then": {"type": "x"}}])).type
        for stop in (True, False)
    ),
    "limits.known_per_day": lambda: tuple(
        may_answer(AnswerCounts(to_sender_day=5), True, known_per_day=limit) for limit in (5, 6)
    ),
    "limits.refusals_per_day": lambda: (refusal(1), refusal(2)),
    "limits.unknown_per_day": lambda: tuple(may_answer(_ACKNOWLEDGED, False, unknown_per_day=n) for n in (1, 2)),
    "limits.unknown_per_week": lambda: tuple(
        may_answer(AnswerCounts(to_sender_week=3), False, unknown_per_week=limit) for limit in (3, 4)
    ),
    "limits.unknown_per_domain_hour": lambda: tuple(
        may_answer(AnswerCounts(to_domain_hour=20), False, unknown_per_domain_hour=limit) for limit in (20, 21)
    ),
    "limits.exchanges_per_day": lambda: tuple(
        why_no_answer(
            "acknowledgement", MAIL, Proof.PASS, Facts(NOW, 1, prompt_today=3), desk(limits__exchanges_per_day=n)
        )
        for n in (3, 4)
    ),
    "limits.automatic_per_hour": lambda: tuple(
        trips(1, Facts(NOW, 1, answers=AnswerCounts(all_hour=9)), desk(limits__automatic_per_hour=n)) for n in (10, 11)
    ),
    "limits.same_text_per_hour": lambda: tuple(
        over_budget(_CAME, [_CAME] * 4, desk(limits__same_text_per_hour=n).limits) for n in (4, 5)
    ),
    "limits.mails_per_hour": lambda: tuple(
        over_budget(replace(_CAME, text_mark="b"), [_CAME] * 4, desk(limits__mails_per_hour=n).limits) for n in (4, 5)
    ),
    "legacy.subjects": lambda: (old(subjects=r"\bbug\b"), old(subjects=r"\bdevis\b")),
    "legacy.message_ids": lambda: (old(message_ids="@old\\.example$"), old(message_ids="@other\\.example$")),
    "legacy.addresses": lambda: (old(addresses="support@isybuy.example"), old(addresses="other@isybuy.example")),
    "limits.unknown_per_hour": lambda: tuple(
        may_answer(AnswerCounts(in_all_hour=100), False, unknown_per_hour=limit) for limit in (100, 101)
    ),
}

_POLLER = "integration/test_poller.py::"
_MAILBOX = "integration/test_mailbox.py::"
_PROOF = "unit/test_sender_proof.py::"
_SPAM = "unit/test_spam.py::"
_SMTP = "integration/test_outbox_smtp.py::"
_SENDER = "integration/test_outbox_sender.py::"
_ALERTS = "integration/test_watchman.py::"
_DAEMON = "integration/test_daemon.py::test_a_mail_becomes_a_ticket_and_the_answer_finds_its_way_back"
_REPORTS = "unit/test_reports.py::"
_STORY = "unit/test_every_key_of_a_story.py::test_the_key_changes_the_story"
_UP = "unit/test_escalating.py::"
_HERE = "unit/test_every_key_matters.py::"

# key -> the test that fails if the key is not obeyed
OBEYED_BY: dict[str, str] = {
    "priorities.tell": "unit/test_qualifying.py::test_whether_the_customer_is_told_is_for_the_rules_to_say",
    "escalation.path[].to": _UP + "test_who_takes_it_up",
    "escalation.path[].called": _UP + "test_the_customer_reads_who_takes_it_up_as_the_rules_call_them",
    "escalation.path[].assign": _UP + "test_it_may_be_given_to_who_takes_it_up",
    "escalation.customers": _UP + "test_the_link_stands_only_where_a_customer_may_ask",
    "people.watchers": "unit/test_watchers.py::test_only_where_the_rules_name_the_organisation",
    "answers.*": "unit/test_canned.py::test_an_answer_stands_below_what_was_typed",
    "site.name": _STORY,
    "site.language": _STORY,
    "site.timezone": _STORY,
    "site.reference": _STORY,
    "site.reference_at": _STORY,
    "site.replies": _STORY,
    "legacy.to": "unit/test_passing_on.py::test_a_mail_is_passed_on_as_it_is",
    "legacy.known_ids": "unit/test_passing_on.py::test_known_ids_are_read_from_the_file_that_is_named",
    "mailboxes.*.name": _STORY,
    "admin": _STORY,
    "held.due": _STORY,
    "reports.*.to": _REPORTS + "test_each_reader_gets_one_a_period_in_their_language_with_the_file",
    "reports.*.every": _REPORTS + "test_it_leaves_at_an_open_instant_and_tells_of_whole_days",
    "reports.*.on": _REPORTS + "test_it_leaves_at_an_open_instant_and_tells_of_whole_days",
    "reports.*.at": _REPORTS + "test_it_leaves_at_an_open_instant_and_tells_of_whole_days",
    "reports.*.by": _REPORTS + "test_the_figures_are_those_that_the_report_asks_for_once_it_is_due",
    "held.digest": _STORY,
    "held.to": _STORY,
    "waiting[].after": _STORY,
    "waiting[].send": _STORY,
    "waiting[].resolve": _STORY,
    "store.database": "integration/test_daemon.py::test_a_second_daemon_on_the_same_database_is_refused",
    "store.files": "integration/test_store.py::test_a_large_mail_goes_to_a_file_that_nobody_else_may_read",
    "site.key": _HERE + "test_the_keys_are_read_from_where_the_file_says",
    "brands.*.templates": "unit/test_brands.py::test_a_brands_own_templates_come_before_the_desks",
    "site.templates": _HERE + "test_the_desks_own_templates_are_looked_for_where_the_file_says",
    "knowledge.articles": "unit/test_config_articles.py::test_an_article_is_read_with_its_head",
    "people.customers.file": _HERE + "test_customers_come_from_the_file_that_is_named",
    "people.organisations.file": _HERE + "test_customers_come_from_the_file_that_is_named",
    "lists.*.file": "unit/test_lists.py::test_a_file_has_an_entry_a_line",
    "mailboxes.*.from": "integration/test_first_start.py::test_the_first_start_takes_what_the_file_says",
    "mailboxes.*.imap.host": _DAEMON,
    "mailboxes.*.imap.port": _DAEMON,
    "mailboxes.*.imap.user": _DAEMON,
    "mailboxes.*.imap.password": _MAILBOX + "test_a_wrong_password_is_a_refused_login",
    "mailboxes.*.imap.tls": _MAILBOX + "test_tls_is_trusted_with_the_right_authority",
    "mailboxes.*.imap.ca": _MAILBOX + "test_tls_is_refused_without_it_or_under_another_name",
    "mailboxes.*.imap.folder": _MAILBOX + "test_a_folder_may_have_any_name",
    "mailboxes.*.imap.processed": _POLLER + "test_mails_are_kept_then_filed_by_what_became_of_them",
    "mailboxes.*.imap.held": _POLLER + "test_mails_are_kept_then_filed_by_what_became_of_them",
    "mailboxes.*.imap.duplicates": _POLLER + "test_mails_are_kept_then_filed_by_what_became_of_them",
    "mailboxes.*.imap.poll": _POLLER + "test_a_mail_that_the_server_never_announces_is_found_by_the_next_sweep",
    "mailboxes.*.trust.authserv_id": "unit/test_verdict_table.py::test_without_an_authserv_id_nobody_judges",
    "mailboxes.*.trust.internal": "unit/test_verdict_table.py::test_only_our_border_is_believed",
    "mailboxes.*.trust.provider": _PROOF + "test_a_provider_is_believed_where_it_writes",
    "mailboxes.*.trust.submission": _PROOF + "test_an_own_relay_vouches_for_who_logged_in",
    "mailboxes.*.trust.arc": _PROOF + "test_a_listed_forwarders_seal_is_a_hint_and_never_proof",
    "mailboxes.*.trust.dkim": _PROOF + "test_a_signature_that_we_checked_is_proof",
    "mailboxes.*.forms": "unit/test_who_wrote.py::test_who_wrote",
    "mailboxes.*.via_list": "unit/test_who_wrote.py::test_what_comes_through_a_named_list_is_what_it_would_be",
    "mailboxes.*.trust.agents": "unit/test_verdict_table.py::test_the_table",
    "mailboxes.*.trust.spam[].filter": _SPAM + "test_the_named_filter_is_believed_and_no_other",
    "mailboxes.*.trust.spam[].header": _SPAM + "test_any_header_may_be_named_with_what_it_says_on_spam",
    "mailboxes.*.trust.spam[].value": _SPAM + "test_any_header_may_be_named_with_what_it_says_on_spam",
    "mailboxes.*.trust.spam[].at_least": _SPAM + "test_any_header_may_be_named_with_what_it_says_on_spam",
    "mailboxes.*.trust.spam[].anywhere": _SPAM
    + "test_what_a_filter_takes_away_from_others_is_its_own_word_wherever_it_stands",
    "smtp.host": _DAEMON,
    "smtp.port": _DAEMON,
    "smtp.user": _SMTP + "test_a_login_comes_before_the_mail",
    "smtp.password": _SMTP + "test_a_wrong_password_is_tried_once_and_is_a_matter_of_configuration",
    "smtp.tls": _SMTP + "test_a_mail_goes_through_verified_tls",
    "smtp.ca": _SMTP + "test_a_wrong_certificate_stops_everything_and_is_a_matter_of_configuration",
    "smtp.send_only_to": "integration/test_outbox_orders.py::test_on_trial_only_the_named_receivers_get_mail",
    "alert_command": _ALERTS + "test_when_mail_is_dead_the_command_is_run_once_and_the_mail_leaves_later",
    "smtp.connections": _SENDER + "test_each_queued_mail_leaves_once_over_connections_that_stay_open",
}


@pytest.mark.parametrize(("path", "values"), CONDITIONS.items(), ids=CONDITIONS)
def test_a_condition_holds_for_the_first_value_and_not_for_the_other(path: str, values: tuple[Any, Any]) -> None:
    assert fire(path, *values) == (True, False)


@pytest.mark.parametrize("place", ["subject", "body", "header.*"])
def test_a_condition_asks_for_a_secret(place: str) -> None:
    assert secret_in(place) == (True, False)


@pytest.mark.parametrize("key", CHANGES)
def test_the_key_changes_an_outcome(key: str) -> None:
    one, other = CHANGES[key]()
    assert one != other


def test_every_key_of_the_schema_is_proved_to_matter() -> None:
    keys = set(every_key())
    proved = set(CHANGES) | set(OBEYED_BY)
    assert proved - keys == set(), "no such key in the schema"
    assert keys - proved == set(), "keys that no test proves to be obeyed"
    assert set(CHANGES) & set(OBEYED_BY) == set()


@pytest.mark.parametrize(("key", "test"), OBEYED_BY.items())
def test_the_test_that_is_named_as_proof_exists(key: str, test: str) -> None:
    file, _, name = test.partition("::")
    source = (Path(__file__).parents[1] / file).read_text(encoding="utf-8")
    assert f"def {name}(" in source
    assert test != _STORY or f'"{key}": (' in source


def test_the_keys_are_read_from_where_the_file_says(tmp_path: Path) -> None:
    settings = load(write(tmp_path, RULES.replace("secrets/reference.key", "elsewhere/ours")))
    load_keyring(settings.site.key, create=True, now=NOW, new_key=lambda: b"k" * 32, new_instance=lambda: "x")
    assert (tmp_path / "elsewhere" / "ours").is_file()


def test_the_desks_own_templates_are_looked_for_where_the_file_says(tmp_path: Path) -> None:
    (tmp_path / "ours" / "fr").mkdir(parents=True)
    (tmp_path / "ours" / "fr" / "bienvenue.txt").write_text("Bienvenue\n\nBonjour\n")
    text = RULES.replace("assign: least_loaded", "assign: least_loaded, send: bienvenue")
    with pytest.raises(BadConfig, match="there is no template 'bienvenue'"):
        load(write(tmp_path, text))
    settings = load(write(tmp_path, text.replace("  language: fr ", "  templates: ours\n  language: fr ")))
    assert template_folders(settings)[0] == tmp_path / "ours"


@pytest.mark.parametrize("key", ["customers", "organisations"])
def test_customers_come_from_the_file_that_is_named(tmp_path: Path, key: str) -> None:
    (tmp_path / "c.csv").write_text("address\nzoe@client-z.example\n")
    text = "\n".join(line for line in RULES.split("\n") if "client-" not in line)
    settings = load(write(tmp_path, text.replace("  customers: ", f"  {key}: {{file: c.csv}} #")))
    assert list(settings.customers) == ["zoe@client-z.example"]
