"""O16: the envelope of a mail names exactly one participant, and no header of it shows another customer."""

from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

import pytest
from desk_values import NOW, RING, settings, ticket
from faults.figures import scaled, shown
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from maild.config.desk import open_desk
from maild.effects import QueueMail
from maild.judgement import Carrier, Facts
from maild.lifecycle import Reason, Status
from maild.mail import Address, ParsedMail, address_key
from maild.plan import letters, waiting
from maild.plan.ending import resolve
from maild.plan.notify import tell_agents
from maild.plan.waiting import start_wait
from maild.sla.calendar import calendar_of
from maild.sla.relances import schedule
from maild.threading.references import in_message_ids
from maild.threading.token import message_id_for, verify
from maild.ticket import DueTimer, Participant, Role, Ticket

DESK = open_desk(settings(), RING)
HOSTILE = '\r\n\x00\u2028\u202e,;:<>"@é ñ😀'
NAMES = st.text(st.sampled_from("Alice Durand" + HOSTILE), max_size=30)
LOCALS = st.from_regex(r"[a-z0-9]{1,12}([.+_-][a-z0-9]{1,8}){0,2}", fullmatch=True)
EXAMPLES = 3000  # tickets, each with some 18 mails
HOST = "isybuy.example"
AGENTS = ("lea@isybuy.example", "marc@isybuy.example")


@st.composite
def tickets(draw: st.DrawFn) -> Ticket:
    """A ticket with several customers and agents."""
    locals_ = draw(st.lists(LOCALS, min_size=2, max_size=4, unique=True))
    people = [
        Participant(
            n, f"{local}@client-{n}.example", draw(NAMES), Role.CUSTOMER, is_removed=n > 1 and draw(st.booleans())
        )
        for n, local in enumerate(locals_, 1)
    ]
    people += [Participant(len(people) + n, a, draw(NAMES), Role.AGENT) for n, a in enumerate(AGENTS, 1)]
    sent = [message_id_for(RING, f"{n:016}", HOST, 1042, who) for n, who in enumerate(people)]
    return ticket(
        subject=draw(st.text(max_size=40)),
        participants=tuple(people),
        status=Status.PENDING,
        waiting_round=1,
        waiting_since=NOW,
        last_answer=draw(NAMES),
        thread=("m1@elsewhere.example", *draw(st.lists(st.sampled_from(sent), max_size=6)), "m2@elsewhere.example"),
    )


def mails_of(t: Ticket) -> list[QueueMail]:
    """Every sort of mail that the plans write about a ticket."""
    sender = t.requester
    mail = ParsedMail(Address(sender.address, sender.name), "s", "t", "t", message_id="m@x")
    effects: list[Any] = list(start_wait(DESK, t, NOW))
    last = schedule(DESK.settings.waiting, NOW, calendar_of(DESK.settings))[0]
    for step in (1, 2, 3):
        effects += waiting.fire(DESK, DueTimer(1, t.number, "waiting", step, 1, last), t, last, waiting.Wait({}))
    for reason, template in ((Reason.SOLVED, "resolved"), (Reason.NO_ANSWER, "resolved_no_answer")):
        effects += resolve(DESK, t, reason, template, "end", NOW, automatic="auto-generated")
    for template in ("agent_new_ticket", "agent_customer_reply"):
        effects += tell_agents(DESK, template, t, mail, "texte", template, Facts(NOW, 1))
    for template in ("acknowledgement", "agent_reply"):
        effects += [
            letters.to_participant(
                DESK, template, t, who, owed_for=template, now=NOW, automatic="", values={"text": "x"}
            )
            for who in t.participants
            if who.role is Role.CUSTOMER and not who.is_removed
        ]
    return [effect for effect in effects if isinstance(effect, QueueMail)]


looked_at: Counter[str] = Counter()


@pytest.fixture(scope="module", autouse=True)
def figure() -> Iterator[None]:
    """How much was looked at, once all is over."""
    yield
    shown("o16", tickets=looked_at["tickets"], mails=looked_at["mails"], violations=0)


@how(max_examples=scaled(EXAMPLES, 30), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tickets())
def test_a_mail_has_one_receiver_and_shows_no_other_customer(t: Ticket) -> None:
    """O16: by the envelope, To, Cc, Bcc and every other header; and all of it is 7 bit, for any server (O13)."""
    mails = mails_of(t)
    assert len(mails) >= 8
    looked_at["tickets"] += 1
    looked_at["mails"] += len(mails)
    for owed in mails:
        who = t.by_slot(owed.slot or 0)
        assert who is not None and not who.is_removed and owed.recipient == who.address
        parsed = message_from_bytes(owed.data, policy=policy.default)
        to = parsed.get_all("To", [])
        assert len(to) == 1 and [a.addr_spec for a in to[0].addresses] == [who.address]
        assert parsed.get_all("Cc", []) == parsed.get_all("Bcc", []) == []
        head, _, _ = owed.data.partition(b"\r\n\r\n")
        assert owed.data.isascii() and b"\r" not in head.replace(b"\r\n", b"")
        others = [p for p in t.participants if p.role is Role.CUSTOMER and p.slot != who.slot]
        if who.role is Role.CUSTOMER:
            shown = " ".join(f"{name}: {value}" for name, value in parsed.items() if name not in ("To", "Message-ID"))
            assert not any(address_key(other.address) in shown.lower() for other in others)
            assert not any(address_key(a) in shown.lower() for a in AGENTS)
        exchanged = [i.strip("<>") for name in ("In-Reply-To", "References") for i in str(parsed[name] or "").split()]
        found = [verify(RING, c, {t.number: t}, None, NOW) for c in in_message_ids(exchanged, Carrier.REFERENCES)]
        assert {r.participant for r in found} <= {who}  # the Message-ID of a mail to another is that one's reference
        assert who.role is Role.AGENT or {"m1@elsewhere.example", "m2@elsewhere.example"} <= set(exchanged)
