"""A scenario is told to a helpdesk: each step drives it, and what is not as expected is listed with its line."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from maild.clock import VirtualClock
from maild.decision import RuleTrial
from maild.errors import BadInput
from maild.lifecycle import Status
from maild.mail import Address
from maild.settings import Settings
from maild.simulate.look import look
from maild.simulate.mime import Draft, write
from maild.simulate.runner import EntryKind, ScenarioResult, run_scenario
from maild.simulate.timeline import as_json, print_story
from maild.simulate.world import Outcome, SentMail, World
from maild.ticket import Participant, Role, Ticket

SETTINGS = Settings.model_validate(
    {
        "version": 1,
        "site": {"name": "Support", "reference": "ISY", "key": {"env": "KEY"}},
        "mailboxes": {
            "support": {"address": "support@isybuy.example", "trust": {"authserv_id": "mx.isybuy.example"}},
            "direct": {"address": "direct@isybuy.example"},
        },
        "admin": "admin@isybuy.example",
        "people": {"agents": [{"name": "Léa Martin", "address": "lea@isybuy.example"}]},
        "queues": {"support": {}},
    }
)
PLUS = "support+1-1-70a5qehx3yv63@isybuy.example"


@dataclass
class SmallDesk:
    """A helpdesk with one ticket: each new mail is acknowledged, each answer of an agent makes it wait for two days."""

    clock: VirtualClock
    is_assigned: bool = True
    settings: Settings = SETTINGS
    received: list[tuple[str, bytes]] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    mails: list[SentMail] = field(default_factory=list)
    tickets: dict[int, Ticket] = field(default_factory=dict)
    held_mails: list[tuple[str, str]] = field(default_factory=list)
    relance_at: datetime | None = None

    def queue(self, template: str, to: str, text: str, back: str = PLUS) -> None:
        links = (
            ("solved", f"mailto:{PLUS}?subject=Fini&body=Fini."),
            ("reopen", "https://isybuy.example/"),
            ("add_to_request", f"mailto:{PLUS}?subject=Un"),
            ("add_to_request", f"mailto:{PLUS}?subject=Deux"),
        )
        draft = Draft(
            Address("support@isybuy.example"), (Address(to),), "Votre demande", text=text, headers=(("Reply-To", PLUS),)
        )
        raw = write(draft, f"{len(self.mails)}@isybuy.example", self.now())
        self.mails.append(SentMail(len(self.mails) + 1, template, to, back, raw, self.now(), links))

    async def receive(self, raw: bytes, mailbox: str) -> Outcome:
        self.received.append((mailbox, raw))
        seen = look(raw)
        sender = seen.sender.address
        trials = (RuleTrial("tout", 12, True, "toujours"), RuleTrial("rien", 14, False, "jamais"))
        if sender.startswith("MAILER-DAEMON"):
            return Outcome("bounce", "failed", "applied", 1, "pass", (), len(self.received))
        if sender == "dora@inconnu.example":
            self.held_mails.append(("plain_reply", sender))
            return Outcome("plain_reply", "no-reference", "held", None, "pass", (), len(self.received))
        if sender == "lea@isybuy.example":
            self.tickets[1] = replace(self.tickets[1], status=Status.PENDING)
            self.relance_at = self.now() + timedelta(days=2)
            self.queue("agent_reply", self.tickets[1].requester.address, "Quel numéro ?")
            return Outcome("agent_reply", "agent-with-proof", "applied", 1, "pass", (), len(self.received))
        if 1 in self.tickets:
            return Outcome("reply", "by-address", "applied", 1, "pass", (), len(self.received))
        who = Participant(1, sender, seen.sender.name, Role.CUSTOMER)
        agent = "lea@isybuy.example" if self.is_assigned else ""
        self.tickets[1] = Ticket(
            1, seen.subject, mailbox, "fr", status=Status.OPEN, participants=(who,), assignee=agent
        )
        self.queue("acknowledgement", sender, "Bien reçu.")
        self.queue("agent_new_ticket", "lea@isybuy.example", "Une demande.")
        return Outcome("new_ticket", "no-reference", "applied", 1, "pass", trials, len(self.received))

    async def advance(self, until: datetime) -> list[tuple[datetime, str]]:
        self.done.append(f"advance {until:%m-%d %H:%M%z}")
        fired: list[tuple[datetime, str]] = []
        if self.relance_at is not None and self.relance_at <= until:
            self.clock.set(self.relance_at)
            self.queue("relance", self.tickets[1].requester.address, "Nous revenons vers vous.")
            fired, self.relance_at = [(self.relance_at, "relance 1 of ticket 1"), (until, "sweep")], None
        self.clock.set(until)
        return fired

    def now(self) -> datetime:
        return self.clock.now()

    async def sent(self) -> list[SentMail]:
        return list(self.mails)

    async def ticket(self, number: int) -> Ticket | None:
        return self.tickets.get(number)

    async def ticket_messages(self, number: int) -> int:
        return len(self.received)

    async def topic(self, number: int) -> str:
        return ""

    async def waiting(self, number: int) -> tuple[datetime, int] | None:
        return (self.relance_at, 1) if self.relance_at else None

    async def promised(self, number: int) -> Mapping[str, tuple[str, datetime]]:
        return {}

    async def ticket_count(self) -> int:
        return len(self.tickets)

    async def held(self) -> list[tuple[str, str]]:
        return self.held_mails

    async def outbox_counts(self) -> dict[str, int]:
        return {"sent": len(self.mails)}

    async def fail_smtp(self, code: int, times: int) -> None:
        self.done.append(f"smtp {code} {times}")

    async def change_rules(self, path: Path) -> None:
        self.done.append(f"rules {path.name}")

    async def command(self, argv: list[str]) -> str:
        self.done.append(f"command {argv}")
        return "ISY-1 open"

    async def close(self) -> None:
        self.done.append("close")


class Desks:
    """Makes the helpdesk of a run, and keeps it to be looked at."""

    def __init__(self, *, is_assigned: bool = True) -> None:
        self.is_assigned = is_assigned
        self.made: list[SmallDesk] = []
        self.rules: list[Path] = []

    async def __call__(self, rules: Path, start: datetime) -> World:
        self.rules.append(rules)
        aware = start if start.tzinfo else start.replace(tzinfo=SETTINGS.site.zone)
        self.made.append(SmallDesk(VirtualClock(aware), self.is_assigned))
        return self.made[-1]

    @property
    def desk(self) -> SmallDesk:
        return self.made[-1]


HEAD = "scenario: une histoire\nstart: 2026-11-23 09:00\nsteps:\n"
FIRST = (
    "- mail: {as: m1, from: Alice Durand <alice@client-a.example>, to: support@isybuy.example, "
    "subject: Facture, text: Bonjour}\n"
)


async def run(folder: Path, steps: str, desks: Desks, head: str = HEAD) -> ScenarioResult:
    (folder / "rules.yaml").touch()
    file = folder / "une histoire.yaml"
    file.write_text(head + steps, encoding="utf-8")
    return await run_scenario(file, None, desks)


WHOLE = (
    FIRST
    + """  expect:
    verdict: new_ticket
    ticket: {status: open, assignee: lea@isybuy.example, requester: alice@client-a.example}
    sent:
    - {to: requester, template: acknowledgement}
    - {to: assignee, template: agent_new_ticket}
- mail: {from: assignee, answers: last to assignee, text: "Quel numéro ?\\n#pending"}
  expect:
    verdict: agent_reply
    ticket: {status: pending, waiting: {next: 2026-11-25 09:00, step: 1}}
    sent: [{to: requester, template: agent_reply}]
- smtp: {fail: 451, times: 3}
- wait: 2d
  expect: {sent: [{to: requester, template: relance, at: 2026-11-25 09:00}]}
- until: 2026-11-25 12:00
  expect: {sent: []}
- mail: {from: requester, clicks: solved of last relance to requester, text: Merci}
  expect: {verdict: reply, ticket m1: {status: pending}, tickets: 1, held: [], outbox: empty}
- mail: {again: m1}
- mail: {from: dora@inconnu.example, answers: last relance to requester, keeps: []}
  expect: {verdict: plain_reply, held: [{verdict: plain_reply, from: dora@inconnu.example}]}
- mail: {from: requester, to: direct@isybuy.example, forwards: m1}
- bounce: last relance to requester
  expect: {verdict: bounce, reason: failed}
- command: maild tickets list
  expect: {output_contains: [ISY-1]}
- rules_change: rules.yaml
- mail: {eml: plainte.eml}
"""
)


async def test_each_kind_of_step_drives_the_helpdesk(tmp_path: Path) -> None:
    eml = b"From: c@client-c.example\nTo: direct@isybuy.example\nSubject: Plainte\n\nBonjour\n"
    (tmp_path / "plainte.eml").write_bytes(eml)
    desks = Desks()
    result = await run(tmp_path, WHOLE, desks)
    assert result.failures == [] and result.passed and result.steps == 13
    assert desks.rules == [tmp_path / "rules.yaml"]
    assert desks.desk.done == [
        "smtp 451 3",
        "advance 11-25 09:00+0100",
        "advance 11-25 12:00+0100",
        "command ['tickets', 'list']",
        "rules rules.yaml",
        "close",
    ]
    boxes, raws = zip(*desks.desk.received, strict=True)
    assert boxes == ("support",) * 5 + ("direct", "support", "direct")
    mails = [look(raw) for raw in raws]
    assert mails[0].message_id == "m1.une-histoire@client-a.example"
    assert mails[0].date == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert raws[0].startswith(
        b"Authentication-Results: mx.isybuy.example; dmarc=pass header.from=client-a.example\r\nFrom:"
    )
    assert mails[1].sender == Address("lea@isybuy.example", "Léa Martin")
    assert mails[1].to == (Address(PLUS),)
    assert mails[2].text.strip() == "Fini.\nMerci"
    assert raws[3] == raws[0]
    assert mails[4].to == (Address("support@isybuy.example"),) and not mails[4].references
    assert mails[5].subject == "Fwd: Facture"
    assert mails[6].sender.address == "MAILER-DAEMON@client-a.example" and mails[6].to == (Address(PLUS),)
    assert raws[7] == eml  # direct@ has no authserv-id, so nobody judges


async def test_a_failed_expectation_is_listed_and_the_story_goes_on(tmp_path: Path) -> None:
    steps = (
        FIRST
        + "  expect:\n    verdict: reply\n    sent:\n    - {template: acknowledgement, contains: [Madame]}\n"
        + "    - {template: agent_new_ticket}\n- wait: 1h\n  expect: {tickets: 2}\n"
    )
    result = await run(tmp_path, steps, Desks())
    file = str(tmp_path / "une histoire.yaml")
    told = "acknowledgement to alice@client-a.example « Votre demande »"
    assert [(f.file, f.line, f.step, f.expected, f.seen) for f in result.failures] == [
        (file, 6, 1, "verdict reply", "verdict new_ticket (no-reference)"),
        (file, 8, 1, "a mail {template: acknowledgement, contains: [Madame]}", f"{told}, but it lacks 'Madame'"),
        (file, 7, 1, "no other mail", told),
        (file, 11, 2, "2 tickets", "1 tickets"),
    ]
    assert as_json(result)["passed"] is False
    assert as_json(result)["failures"][3] == {
        "file": file,
        "line": 11,
        "step": 2,
        "expected": "2 tickets",
        "seen": "1 tickets",
    }
    assert set(as_json(result)) == {"file", "passed", "steps", "failures"}


async def test_where_nobody_is_assigned_the_assignee_is_who_was_told_first(tmp_path: Path) -> None:
    steps = FIRST + "- mail: {from: assignee, answers: last to assignee}\n  expect: {verdict: agent_reply}\n"
    assert (await run(tmp_path, steps, Desks(is_assigned=False))).passed


async def test_the_roles_stay_those_of_the_last_mail_with_a_ticket(tmp_path: Path) -> None:
    stranger = "- mail: {from: dora@inconnu.example, to: support@isybuy.example}\n"
    steps = FIRST + stranger + "- mail: {from: assignee, answers: last to assignee}\n  expect: {verdict: agent_reply}\n"
    assert (await run(tmp_path, steps, Desks())).passed


async def test_days_go_by_the_clock_on_the_wall_and_hours_by_elapsed_time(tmp_path: Path) -> None:
    head = "scenario: l'heure d'hiver\nstart: 2026-10-24 09:00\nsteps:\n"
    desks = Desks()
    await run(tmp_path, "- wait: 1d\n- wait: 24h\n", desks, head)
    assert desks.desk.done[:2] == ["advance 10-25 09:00+0100", "advance 10-26 08:00+0000"]
    await run(tmp_path, "- wait: 24h\n", desks, head)
    assert desks.desk.done[0] == "advance 10-25 07:00+0000"


async def test_the_mail_that_is_answered_is_the_last_one_or_the_last_of_its_template(tmp_path: Path) -> None:
    desks = Desks()
    steps = """- mail: {from: assignee, answers: last to assignee}
- mail: {from: requester, answers: last to requester}
- mail: {from: requester, answers: last acknowledgement to requester}
"""
    await run(tmp_path, FIRST + steps, desks)
    last, named = (look(raw).text for _, raw in desks.desk.received[2:])
    assert "> Quel numéro ?" in last and "> Bien reçu." in named


async def test_a_link_of_several_is_clicked_by_its_number(tmp_path: Path) -> None:
    desks = Desks()
    steps = """- mail: {from: requester, clicks: add_to_request of last to requester}
- mail: {from: requester, clicks: add_to_request 2 of last to requester}
"""
    await run(tmp_path, FIRST + steps, desks)
    assert [look(raw).subject for _, raw in desks.desk.received[1:]] == ["Un", "Deux"]


@pytest.mark.parametrize(
    ("said", "asked", "expected"),
    [
        (b"", "", b"Authentication-Results: mx.isybuy.example; dmarc=pass header.from=client-c.example\nFrom"),
        (b"Authentication-Results: x.example; spf=fail\n", "", b"Authentication-Results: x.example; spf=fail\nFrom"),
        (
            b"Authentication-Results: x.example; spf=fail\n",
            ", authentication: none",
            b"Authentication-Results: mx.isybuy.example; dmarc=none header.from=client-c.example\nAuthentication",
        ),
    ],
)
async def test_a_whole_message_keeps_what_it_says_of_its_sender_unless_told(
    tmp_path: Path, said: bytes, asked: str, expected: bytes
) -> None:
    desks = Desks()
    (tmp_path / "m.eml").write_bytes(said + b"From: c@client-c.example\nTo: support@isybuy.example\n\nBonjour\n")
    await run(tmp_path, f"- mail: {{eml: m.eml{asked}}}\n", desks)
    assert desks.desk.received[0][1].startswith(expected)


IMPOSSIBLE = [
    ("- mail: {from: a@x.example, to: info@autre.example}\n", "comes to no mailbox of ours; write to one of: support@"),
    ("- mail: {from: a@x.example, answers: last to b@x.example}\n", "no mail was sent to b@x.example so far"),
    ("- mail: {from: a@x.example, answers: last relance to requester}\n", "no relance was sent to alice@client-a"),
    (
        "- mail: {from: requester, clicks: note of last to requester}\n",
        "has no link 'note'; its links are: solved, reopen",
    ),
    ("- mail: {from: requester, clicks: solved 2 of last to requester}\n", "has no link 'solved 2'"),
    ("- mail: {from: requester, clicks: reopen of last to requester}\n", "opens no mail: https://isybuy.example/"),
    ("- until: 2026-11-20 09:00\n", "time does not go back; it is 2026-11-23 09:00 already"),
    ("- wait: 1d\n  expect: {sent_lacks: [{template: relanec}]}\n", "did you mean 'relance'?"),
]


@pytest.mark.parametrize(("step", "what"), IMPOSSIBLE)
async def test_a_step_that_cannot_be_taken_ends_the_story_with_its_line(tmp_path: Path, step: str, what: str) -> None:
    desks = Desks()
    with pytest.raises(BadInput) as caught:
        await run(tmp_path, FIRST + step, desks)
    line = 6 if "expect" in step else 5
    assert str(caught.value).startswith(f"{tmp_path / 'une histoire.yaml'}:{line}: ")
    assert what in str(caught.value)
    assert desks.desk.done[-1] == "close"


async def test_a_role_before_there_is_a_ticket_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no assignee yet"):
        await run(tmp_path, "- mail: {from: assignee, to: support@isybuy.example}\n", Desks())


async def test_a_template_of_the_desks_own_folder_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "templates" / "fr").mkdir(parents=True)
    (tmp_path / "templates" / "fr" / "bienvenue.txt").touch()
    assert (await run(tmp_path, FIRST + "  expect: {sent_lacks: [{template: bienvenue}]}\n", Desks())).passed


async def test_the_story_is_printed_as_plain_text_where_there_is_no_terminal(tmp_path: Path) -> None:
    steps = FIRST.replace("Facture", '"Facture \\e[31m"') + "- wait: 2d\n  expect: {tickets: 3}\n"
    result = await run(tmp_path, steps, Desks())
    out = io.StringIO()
    print_story(result, Console(file=out, width=40))
    lines = out.getvalue().splitlines()
    file = tmp_path / "une histoire.yaml"
    assert lines == [
        f"{file}: une histoire",
        "Mon 2026-11-23 09:00  <- Alice Durand <alice@client-a.example> to support « Facture �[31m »",
        "Mon 2026-11-23 09:00     = new_ticket (no-reference; sender pass), applied, ticket 1",
        "Mon 2026-11-23 09:00     + rule 'tout' (line 12): toujours",
        "Mon 2026-11-23 09:00     -> acknowledgement to alice@client-a.example « Votre demande »",
        "Mon 2026-11-23 09:00     -> agent_new_ticket to lea@isybuy.example « Votre demande »",
        "Mon 2026-11-23 09:00  .. time passes until 2026-11-25 09:00",
        f"Wed 2026-11-25 09:00     FAILED {file}:6: expected 3 tickets; seen: 1 tickets",
        "failed: 1 expectations in 2 steps",
        f"{file}:6: step 2",
        "  expected: 3 tickets",
        "  seen:     1 tickets",
    ]


async def test_timers_and_mails_stand_in_the_story_in_the_order_of_time(tmp_path: Path) -> None:
    steps = FIRST + "- mail: {from: assignee, answers: last to assignee}\n- wait: 1w\n"
    result = await run(tmp_path, steps, Desks())
    told = [(f"{e.at:%d %H:%M}", e.kind, e.text) for e in result.timeline][-4:]
    assert told == [
        ("23 09:00", EntryKind.STEP, "time passes until 2026-11-30 09:00"),
        ("25 09:00", EntryKind.TIMER, "relance 1 of ticket 1"),
        ("25 09:00", EntryKind.MAIL_OUT, "relance to alice@client-a.example « Votre demande »"),
        ("30 09:00", EntryKind.TIMER, "sweep"),
    ]
