"""A desk lives through weeks by chance: mails, commands, bounces, other rules, outages. What may happen on the walk?

A walk is a list of steps drawn from a seed, so that one that fails can be told again, and made shorter. It goes over
the true road (road.py). clock_oracle.py says whether what is there after each step is right.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog
from clock_oracle import Oracle
from desk_values import NOW, RING, settings
from integration.test_intake import bounce
from road import ALICE, BRUNO, LEA, Road, letter
from sqlmodel import Session

from maild.config.desk import open_desk
from maild.plan.letters import Desk

MOST_SWEEPS = 3_000  # of one step; more is a clock that never comes to rest
CUSTOMERS = (ALICE, BRUNO)
AGENT_SAYS = {
    "answers": "Regardez sous « Rapports ».",
    "waits": "Quelle version ?\n\n#attente",
    "waits in silence": "#attente",
    "resolves": "C'est corrigé.\n\n#résolu",
    "takes it up": "#reprendre",
    "declines": "Ce n'est pas possible.\n\n#refusé",
    "cancels": "#annuler déposée deux fois",
    "notes": "#note vu avec l'équipe",
    "splits": "Et pour le reste ?\n\n#scinder Autre sujet",
}
CUSTOMER_SAYS = {
    "replies": "Toujours rien de mon côté.",
    "is in a hurry": "C'est urgent !",
    "asks for another queue": "Ma facture est fausse.",
    "thanks": "Merci",
}
MINUTES = (1, 7, 45, 60, 180, 300, 600, 1440, 1440, 2880, 2880, 4320, 7200, 14_400)
# What happens and how often, in shares.
KINDS: dict[str, int] = {
    "opens": 10,
    "time passes": 45,
    "outage": 7,
    **dict.fromkeys(CUSTOMER_SAYS, 3),
    **dict.fromkeys(AGENT_SAYS, 2),
    "answers": 6,
    "waits": 18,
    "merges": 2,
    "is away": 3,
    "plain reply": 2,
    "is released": 3,
    "is discarded": 4,
    "bounces": 1,
    "other rules": 4,
}
CALENDAR = {"hours": {"mon-fri": "09:00-12:30, 14:00-18:00"}, "holidays": "FR"}
CLOSED = {"closed": [{"from": "2026-12-07", "to": "2026-12-09"}, {"on": "2027-01-12"}]}
RULES: list[dict[str, Any]] = [
    {"name": "free", "if": {"subject": {"contains": "libre"}}, "then": {"queue": "free", "stop": True}},
    {"name": "all", "then": {"queue": "support", "assign": "least_loaded"}},
    {"name": "hurry", "on": "customer_replied", "if": {"text": {"contains": "urgent"}}, "then": {"priority": "high"}},
    {"name": "bill", "on": "customer_replied", "if": {"text": {"contains": "facture"}}, "then": {"queue": "free"}},
    {"name": "over", "on": "sla_breached", "then": {"notify": ["assignee", "nora@isybuy.example"], "tags": "late"}},
    {"name": "nobody", "on": "unassigned", "after": "30 business minutes", "then": {"notify": "nora@isybuy.example"}},
]


def _warned(*at: str) -> list[dict[str, Any]]:
    return [*RULES, {"name": "soon", "on": "sla_warning", "at": list(at), "then": {"notify": "assignee"}}]


URGENT = {"if": {"priority": "high"}, "first_response": "2 business hours", "resolution": "9 business hours"}
VERSIONS: tuple[dict[str, Any], ...] = (
    {
        "plans": {
            "gold": {"first_response": "4 business hours", "resolution": "30 business hours"},
            "basic": {"first_response": "16 business hours", "next_response": "8 business hours"},
        },
        "sla": {"urgent": URGENT},
        "rules": _warned("50%", "80%"),
        "calendars": {"office": CALENDAR},
    },
    {  # shorter, other shares, and days on which nobody is there
        "plans": {
            "gold": {"first_response": "2 business hours", "resolution": "20 business hours", "pauses": "pending"},
            "basic": {"first_response": "8 business hours", "next_response": "4 business hours"},
        },
        "sla": {"urgent": URGENT},
        "rules": _warned("60%"),
        "calendars": {"office": CALENDAR | CLOSED},
    },
    {  # elapsed time, and nothing for most
        "plans": {"gold": {"first_response": "6 hours", "next_response": "6 hours", "resolution": "40 hours"}},
        "rules": RULES,
        "calendars": {"office": CALENDAR},
    },
)
PEOPLE = {
    "agents": [
        {"name": "Léa Martin", "address": LEA, "teams": ["n1"]},
        {"name": "Nora Blanc", "address": "nora@isybuy.example", "teams": ["lead"]},
    ],
    "customers": [
        {"address": ALICE, "name": "Alice Durand", "plan": "gold"},
        {"address": BRUNO, "name": "Bruno Lopez", "plan": "basic"},
    ],
}
LIMITS = dict.fromkeys(
    ("known_per_day", "refusals_per_day", "exchanges_per_day", "automatic_per_hour", "same_text_per_hour"), 1_000_000
) | {"mails_per_hour": 1_000_000}


@cache
def desk_of(version: int) -> Desk:
    """The desk by that version of the rules."""
    queues = {"support": {"team": "n1"}, "free": {"team": "lead"}}
    said = settings(people=PEOPLE, queues=queues, limits=LIMITS, **VERSIONS[version])
    said._digest = f"version{version}"
    return open_desk(said, RING)


@dataclass(frozen=True)
class Step:
    """Something happens. `which` and `amount` choose the ticket and how much, whatever there is by then."""

    kind: str
    which: int
    amount: int

    def __str__(self) -> str:
        return f"{self.kind} ({self.which}, {self.amount})"


def steps_of(seed: int, number: int) -> list[Step]:
    """So many steps; the first opens a ticket."""
    chance = random.Random(seed)
    kinds = chance.choices(list(KINDS), list(KINDS.values()), k=number - 1)
    return [Step(kind, chance.randrange(1_000), chance.randrange(1_000)) for kind in ["opens", *kinds]]


class Found(AssertionError):
    """A walk that goes wrong."""


@dataclass
class Walk:
    """One desk and its weeks."""

    folder: Path
    version: int = 0
    said: list[str] = field(default_factory=list)  # the story so far

    def __post_init__(self) -> None:
        self.road = Road(self.folder, lambda: desk_of(self.version), now=NOW)
        self.oracle = Oracle(self.road)
        self._numbers = 0

    async def go(self, steps: Sequence[Step]) -> None:
        """All of them; Found where something is wrong."""
        for step in steps:
            self.said.append(f"{self.road.clock.now():%a %Y-%m-%d %H:%M} {step}")
            try:
                await self._do(step)
                wrong = await self.oracle.look()
            except Found:
                raise
            except Exception as error:
                raise Found("\n".join([*self.said, repr(error)])) from error
            if wrong:
                raise Found("\n".join([*self.said, *wrong]))

    async def _do(self, step: Step) -> None:
        if step.kind == "opens":
            await self._opens(CUSTOMERS[step.which % 2], is_free=step.amount % 4 == 0)
        elif step.kind == "time passes":
            await self._pass(MINUTES[step.amount % len(MINUTES)])
        elif step.kind == "outage":
            minutes = MINUTES[step.amount % len(MINUTES)] * 2
            self.oracle.is_swept = False
            self.road.clock.set(self.road.clock.now() + timedelta(minutes=minutes))
            self.oracle.outage()
            if step.which % 3:  # else mails are worked before the sweeper has looked
                await self._pass(0)
        elif step.kind == "other rules":
            self.version = step.amount % len(VERSIONS)
            self.oracle.other_rules()
            await self._pass(0)
        elif step.kind in ("is released", "is discarded"):
            await self._decide(step.kind, step.which)
        else:
            await self._on_a_ticket(step)

    async def _opens(self, who: str, *, is_free: bool) -> None:
        self._numbers += 1
        subject = f"Demande{self._numbers} {'libre' if is_free else 'export'}{self._numbers}"
        await self._comes(letter(who, f"Bonjour {self._numbers}", subject=subject), "customer")

    async def _comes(self, raw: bytes, by: str, said: str = "") -> None:
        ending = await self.road.receive(raw)
        self.said[-1] += f" -> {ending.verdict} {ending.reason} {ending.ticket or ''}"
        self.oracle.came(ending, by, said)

    async def _on_a_ticket(self, step: Step) -> None:
        tickets = self.oracle.tickets
        if not tickets:
            return
        number = sorted(tickets)[step.which % len(tickets)]
        customer = tickets[number].requester.address
        self._numbers += 1
        name = f"m{self._numbers}"
        if step.kind in AGENT_SAYS or step.kind == "merges":
            text = AGENT_SAYS.get(step.kind, "")
            if step.kind == "merges":
                other = sorted(tickets)[step.amount % len(tickets)]
                text = f"#fusionner {other} confirmer"
            if to := await self._address(number, LEA) or await self._address(number, "nora@isybuy.example"):
                agent = LEA if await self._address(number, LEA) else "nora@isybuy.example"
                await self._comes(letter(agent, text, to=to, name=name, subject="Re: Demande"), "agent", step.kind)
        elif step.kind in CUSTOMER_SAYS:
            if to := await self._address(number, customer):
                text = f"{CUSTOMER_SAYS[step.kind]}{'' if step.kind == 'thanks' else f' {name}'}"
                subject = f"Re: {tickets[number].subject}"
                await self._comes(letter(customer, text, to=to, name=name, subject=subject), "customer", step.kind)
        elif step.kind == "is away":
            if to := await self._address(number, customer):
                head = "Auto-Submitted: auto-replied"
                raw = letter(customer, f"Absence {name}", to=to, name=name, head=head, subject="Absence")
                await self._comes(raw, "robot")
        elif step.kind == "plain reply":
            head = f"In-Reply-To: <{name}@elsewhere.example>"
            raw = letter(customer, f"Voici {name}", subject="Re: Bonjour", name=name, head=head)
            await self._comes(raw, "customer")
        elif step.kind == "bounces":
            rows = await self._rows(
                "SELECT sender, message_id FROM outbox WHERE ticket = ? AND recipient = ? ORDER BY id DESC LIMIT 1",
                number, customer,
            )  # fmt: skip
            if rows:
                domain = customer.partition("@")[2]
                raw = bounce(rows[0][0], rows[0][1], named=customer, sender=f"MAILER-DAEMON@{domain}")
                await self._comes(raw, "robot")

    async def _decide(self, kind: str, which: int) -> None:
        rows = await self._rows("SELECT id FROM inbound WHERE disposition = 'held' ORDER BY id")
        if not rows or not self.oracle.tickets:
            return
        [id_] = rows[which % len(rows)]
        if kind == "is discarded":
            await self.road.intake.discard(id_, by="")
        else:
            numbers = [n for n, t in self.oracle.tickets.items() if not t.merged_into]
            into = sorted(numbers)[which % len(numbers)]
            await self.road.intake.release(id_, into=into, new=False, by="")
            self.oracle.let_in(await self.road.ending(id_))
        self.said[-1] += f" -> mail {id_}"

    async def _pass(self, minutes: int) -> None:
        """Time goes on, from one instant at which something is due to the next."""
        clock, until = self.road.clock, self.road.clock.now() + timedelta(minutes=minutes)
        for _ in range(MOST_SWEEPS):
            await self.road.sweeper.sweep()
            await self.oracle.note()
            due = await self.road.sweeper.next_due()
            if due is None or due > until:
                break
            clock.set(max(due, clock.now()))
        else:
            raise Found("\n".join([*self.said, "the sweeper never comes to rest"]))
        clock.set(until)
        self.oracle.is_swept = True

    async def _address(self, number: int, who: str) -> str:
        """Where an answer to the last mail to somebody about a ticket goes; '' if there is none."""
        rows = await self._rows(
            "SELECT data FROM outbox WHERE ticket = ? AND recipient = ? ORDER BY id DESC LIMIT 1", number, who
        )
        mail = message_from_bytes(rows[0][0], policy=policy.default) if rows else None
        return str(mail["Reply-To"].addresses[0].addr_spec) if mail is not None and mail["Reply-To"] else ""

    async def _rows(self, query: str, *values: Any) -> list[Any]:
        def work(session: Session) -> list[Any]:
            return list(session.connection().exec_driver_sql(query, values).all())

        return await self.road.database.read(work)


async def walked(steps: Sequence[Step], folder: str | None = None) -> str:
    """What is wrong after which steps; '' for nothing."""
    with TemporaryDirectory(prefix="maild-walk-", dir=folder) as name:
        walk = Walk(Path(name))
        try:
            with structlog.testing.capture_logs() as logs:
                await walk.go(steps)
        except Found as error:
            return str(error)
        finally:
            await walk.road.database.close()
    errors = [str(line) for line in logs if line["log_level"] == "error"]
    return "\n".join([*walk.said, *errors]) if errors else ""


async def shortest(steps: Sequence[Step], tries: int = 150) -> list[Step]:
    """Fewer of these steps that still go wrong: leave out halves, then quarters, then each alone."""
    found, size = list(steps), len(steps) // 2
    while size and tries:
        at = 0
        while at < len(found) and tries:
            fewer, tries = [*found[:at], *found[at + size :]], tries - 1
            if fewer and await walked(fewer):
                found = fewer
            else:
                at += size
        size //= 2
    return found
