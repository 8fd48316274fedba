"""Every mail that is held has a reason in plain words and ends by one click and by one command, whoever else may click.

G14 of reliability.md, for each verdict and reason that holds; and the ledger under any order of ends and clicks.
"""

import itertools
import re
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest
from desk_values import settings as desk_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from road import ALICE, BRUNO, EVE, LEA, Road, letter, links
from sqlmodel import select

from maild.audit.ledger import LEADS_TO
from maild.errors import BadInput
from maild.judgement import VerdictName
from maild.plan.held_words import why_text
from maild.store.inbound import Kept
from maild.store.inbound_tables import Inbound
from maild.store.tables import Message
from maild.threading.token import reference_for
from maild.ticket import Disposition

ADMIN, MARC, PAUL = "admin@isybuy.example", "marc@isybuy.example", "paul@client-a.example"
RELEASE, RELEASE_NEW, ADMIT, DISCARD = "p", "q", "a", "d"
_SERIAL = itertools.count()


async def _opened(road: Road, sender: str = ALICE) -> str:
    """A ticket of that sender; the address by which they write into it."""
    await road.receive(letter(sender, name=f"first{next(_SERIAL)}"))
    return str((await road.last(sender))["Reply-To"].addresses[0].addr_spec)


async def _quarantined(road: Road) -> int:
    [number] = await road.keep(b"Subject: nobody\r\n\r\n%d\r\n" % next(_SERIAL))
    await road.intake.drain()
    return number


def _held_by_us(reason: str) -> Callable[[Road], Awaitable[int]]:
    async def hold(road: Road) -> int:
        [number] = await road.keep(letter(ALICE, name=f"ours{next(_SERIAL)}"))
        await road.intake._hold(road.desk(), Kept(number, "support", 0, 0, road.clock.now()), reason)
        return number

    return hold


def _received(make: Callable[[Road, str], bytes]) -> Callable[[Road], Awaitable[int]]:
    async def hold(road: Road) -> int:
        [number] = await road.keep(make(road, await _opened(road)))
        await road.intake.drain()
        return number

    return hold


async def _ambiguous(road: Road) -> int:
    one, _ = await _opened(road), await _opened(road)
    subject = str((await road.last(ALICE))["Subject"])
    [number] = await road.keep(letter(ALICE, "les deux", to=one, subject=subject))
    await road.intake.drain()
    return number


async def _too_many(road: Road) -> int:
    await _opened(road)
    notice = [m for m in await road.queued() if m.template == "agent_new_ticket"][-1]
    agents = {p.key: p for p in (await road.ticket()).participants}
    number = 0
    for n in range(7):
        who = agents[notice.recipient]
        to = reference_for(road.desk().ring, 1001, who).in_address("support@isybuy.example", "+")
        [number] = await road.keep(letter(notice.recipient, f"#pendng {n}", to=to))
        await road.intake.drain()
    return number


async def _looping(road: Road) -> int:
    to, number = await _opened(road), 0
    for _ in range(11):
        [number] = await road.keep(letter(ALICE, "Toujours le même message.", to=to, name=f"loop{next(_SERIAL)}"))
        await road.intake.drain()
    return number


async def _without_account(road: Road) -> int:
    people = {"agents": [{"name": "Léa Martin", "address": LEA, "teams": ["n1"]}], "accounts": "required"}
    present = road.desk().with_settings(desk_settings(people=people))
    road.desk = lambda: present
    [number] = await road.keep(letter(PAUL, f"Bonjour {next(_SERIAL)}"))
    await road.intake.drain()
    return number


def _forged(road: Road, to: str) -> bytes:
    return letter(ALICE, "x", to=to[:-20] + ("0" if to[-20] != "0" else "1") + to[-19:])


# what is held: how it comes, verdict, reason, what it is once it is released (None: it can only be discarded)
HOLDS: dict[str, tuple[Callable[[Road], Awaitable[int]], str, str, str | None]] = {
    "no sender": (_quarantined, "quarantined", "no-sender", None),
    "a fault of ours": (_held_by_us("our-fault"), "quarantined", "our-fault", "new_ticket"),
    "it stopped us": (_held_by_us("poison"), "quarantined", "poison", "new_ticket"),
    "an agent without proof": (
        _received(lambda road, to: letter(LEA, f"x{next(_SERIAL)}", proof="none")),
        "unsigned_agent",
        "proof-none",
        "new_ticket",
    ),
    "a false sender": (
        _received(lambda road, to: letter(ALICE, f"x{next(_SERIAL)}", to=to, proof="fail")),
        "spoof_suspect",
        "authentication-failed",
        "reply",
    ),
    "two references": (_ambiguous, "ambiguous", "several-tickets", "reply"),
    "a forged reference": (_received(_forged), "bad_reference", "wrong-signature", "reply"),
    "a stranger": (
        _received(lambda road, to: letter(PAUL, f"x{next(_SERIAL)}", to=to)),
        "stranger",
        "not-a-participant",
        "reply",
    ),
    "a plain reply": (
        _received(lambda road, to: letter(ALICE, f"x{next(_SERIAL)}", subject="Re: oui")),
        "plain_reply",
        "no-reference",
        "reply",
    ),
    "one who writes in a loop": (_looping, "loop", "budget", "reply"),
    "no account": (_without_account, "unknown_sender", "no-account", "new_ticket"),
    "a robot in an agent's name": (_too_many, "agent_reply", "too-many-refusals", "agent_reply"),
}


@pytest.fixture
async def road(tmp_path: Path) -> Road:
    desk = Road(tmp_path)
    await desk.after()  # the daemon has started
    return desk


async def _list(road: Road) -> list[str]:
    """The links of the daily list, from the next morning."""
    await road.after(hours=23)
    mail = await road.last(ADMIN)
    assert "retenus" in str(mail["Subject"])
    return links(mail)


def _of(found: list[str], end: str, number: int) -> str:
    return next(a for a in found if re.search(rf"\+{end}\d+-{number}-", a))


def click(sender: str, to: str, proof: str = "pass") -> bytes:
    return letter(sender, "Merci.", to=to, subject="Clic", proof=proof, name=f"click{next(_SERIAL)}")


async def _row(road: Road, number: int) -> Inbound:
    return await road.database.read(lambda session: session.get_one(Inbound, number))


@pytest.mark.parametrize("what", HOLDS)
async def test_each_held_mail_is_discarded_by_one_click_and_by_one_command(road: Road, what: str) -> None:
    hold, verdict, reason, _ = HOLDS[what]
    number = await hold(road)
    row = await _row(road, number)
    assert (row.disposition, row.verdict, row.reason) == ("held", verdict, reason)
    other = await hold(road) if what != "a robot in an agent's name" else None
    await road.receive(click(ADMIN, _of(await _list(road), DISCARD, number)))
    row = await _row(road, number)
    assert (row.disposition, row.reason, row.decided, row.decided_by) == ("applied", "discarded", "discarded", ADMIN)
    if other is not None:
        await road.intake.discard(other, by="operator")
        assert (await _row(road, other)).decided_by == "operator"
        with pytest.raises(BadInput, match="is held"):
            await road.intake.discard(other, by="operator")


@pytest.mark.parametrize("what", HOLDS)
async def test_each_held_mail_is_let_in_by_one_click_or_says_why_not(road: Road, what: str) -> None:
    hold, _, _, becomes = HOLDS[what]
    number = await hold(road)
    found = await _list(road)
    if becomes is None:
        assert not any(re.search(rf"\+[pqa]\d+-{number}-", address) for address in found)
        with pytest.raises(BadInput, match="only be discarded"):
            await road.intake.release(number, into=None, new=True, by="operator")
        return
    arrived = (await _row(road, number)).kept_at
    await road.receive(click(ADMIN, _of(found, RELEASE, number)))
    row = await _row(road, number)
    assert (row.disposition, row.verdict, row.decided) == ("applied", becomes, "released")
    if becomes == "new_ticket":
        assert row.ticket is not None
        assert (await road.ticket(row.ticket)).opened_at == arrived


@pytest.mark.parametrize("what", [w for w, row in HOLDS.items() if row[3] not in (None, "agent_reply")])
async def test_each_held_mail_is_let_in_by_one_command(road: Road, what: str) -> None:
    hold, verdict, _, becomes = HOLDS[what]
    number = await hold(road)
    needs_place = verdict in ("ambiguous", "bad_reference", "plain_reply")
    done = await road.intake.release(number, into=1001 if needs_place else None, new=False, by="operator")
    assert done.verdict.value == becomes
    assert (await _row(road, number)).decided_by == "operator"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_reason_to_hold_has_plain_words(language: str) -> None:
    for _, verdict, reason, _ in HOLDS.values():
        said = why_text(verdict, reason, language)
        assert len(said.split()) >= 5
        assert reason not in said
        assert not re.search(r"token|thread|verdict|jeton", said)


def test_the_table_holds_every_verdict_that_holds() -> None:
    held = {str(name) for name, ends in LEADS_TO.items() if Disposition.HELD.value in ends}
    agents = {VerdictName.AGENT_NOTE.value, VerdictName.AGENT_COMMAND.value}  # as an agent's reply
    assert held - agents == {verdict for _, verdict, _, _ in HOLDS.values()}


async def test_a_click_on_a_mail_whose_bytes_are_gone_is_answered(road: Road) -> None:
    """It must not stop the others: the click is worked once, and says what can be done."""
    number = await HOLDS["a stranger"][0](road)
    found = await _list(road)

    [clicked] = await road.keep(click(ADMIN, _of(found, RELEASE, number)))
    real = road.inbound.raw_of

    async def gone_if_held(inbound_id: int) -> bytes:
        if inbound_id == number:
            raise OSError("the disk has lost it")
        return await real(inbound_id)

    road.inbound.raw_of = gone_if_held  # type: ignore[method-assign]
    await road.intake.drain()
    assert (await road.ending(clicked)).disposition == "applied"
    assert (await road.queued())[-1].template == "command_refused"
    assert await road.held() == ["stranger"]


async def test_overdue_mails_are_told_in_one_mail_an_hour_and_each_once(road: Road) -> None:
    for n in range(5):
        await road.receive(letter(f"alice{n}@client-a.example", "x", name=f"new{n}"))
        await road.receive(letter(f"alice{n}@client-a.example", "x", subject="Re: x", name=f"plain{n}"))
        await road.after(minutes=10)
    assert len(await road.held()) == 5
    told = []
    for _ in range(40):
        await road.after(minutes=10)
        told = [m for m in await road.queued() if m.template == "agent_notice"]
    assert len(told) == 2 * 2, "two agents, two hours"
    mails = "".join(m.data.decode() for m in told if m.recipient == LEA)
    assert [mails.count(f"alice{n}@client-a.example") > 0 for n in range(5)] == [True] * 5


async def test_the_list_comes_once_a_day_whatever_the_clock_and_restarts_do(road: Road) -> None:
    await HOLDS["no sender"][0](road)

    async def lists() -> list[str]:
        return [f"{m.created_at:%m-%d %H:%M}" for m in await road.queued() if m.template == "held_digest"]

    await road.after(hours=22, minutes=59)
    assert await lists() == []
    await road.after(minutes=1)
    assert await lists() == ["11-24 07:00"]
    again = Road.__new__(Road)
    again.__dict__.update(road.__dict__)
    again.sweeper = type(road.sweeper)(road.database, road.inbound, road.desk, road.clock)
    await again.after(minutes=5)  # after a restart
    assert await lists() == ["11-24 07:00"]
    road.clock._now = road.clock._now.replace(hour=6)  # the clock is set back: it is 7 h again
    await again.after(hours=2)
    assert await lists() == ["11-24 07:00"]
    await again.after(days=3, hours=1)  # the machine was off for three days
    assert await lists() == ["11-24 07:00", "11-27 09:05"]
    await again.after(hours=23)
    assert await lists() == ["11-24 07:00", "11-27 09:05", "11-28 08:05"]


CLICKERS = (LEA, MARC, ADMIN, ALICE, PAUL, EVE)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("hold"), st.sampled_from(["a stranger", "a plain reply", "a false sender", "no sender"])),
        st.tuples(st.just("cli"), st.sampled_from(["release", "new", "admit", "discard"]), st.integers(0, 5)),
        st.tuples(
            st.just("click"),
            st.integers(0, 30),
            st.sampled_from((None, *CLICKERS)),
            st.sampled_from(["pass", "pass", "none", "fail"]),
        ),
    ),
    max_size=16,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
async def test_whatever_is_clicked_by_whom_the_ledger_holds_and_nobody_decides_who_may_not(steps: list[tuple]) -> None:  # type: ignore[type-arg]
    with tempfile.TemporaryDirectory() as folder:
        road = Road(Path(folder))
        try:
            await _play(road, steps)
        finally:
            await road.database.close()


async def _play(road: Road, steps: list[tuple]) -> None:  # type: ignore[type-arg]
    await _opened(road, BRUNO)
    allowed = {"operator"}
    for step in steps:
        match step:
            case ("hold", what):
                await HOLDS[what][0](road)
            case ("cli", end, which):
                ids = await road.database.read(
                    lambda session: list(session.exec(select(Inbound.id).where(Inbound.disposition == "held")))
                )
                if ids:
                    number = ids[which % len(ids)] or 0
                    with suppress(BadInput):
                        await {
                            "release": lambda n=number: road.intake.release(n, into=1001, new=False, by="operator"),
                            "new": lambda n=number: road.intake.release(n, into=None, new=True, by="operator"),
                            "admit": lambda n=number: road.intake.admit(n, by="operator"),
                            "discard": lambda n=number: road.intake.discard(n, by="operator"),
                        }[end]()
            case ("click", which, who, proof):
                await road.after(hours=5)
                await road.after(hours=19)
                sent = [m for m in await road.queued() if m.template in _WITH_ENDS]
                ends = [(m.recipient, a) for m in sent for a in _end_addresses(m.data)]
                if ends:
                    owner, address = ends[which % len(ends)]
                    sender = who or owner
                    before = await _decisions(road)
                    await road.receive(click(sender, address, proof))
                    if sender != owner or proof != "pass":
                        assert await _decisions(road) == before, f"{sender} ({proof}) decided by the link of {owner}"
                    allowed.add(owner)
    counts = await road.inbound.counts()
    total = await road.database.read(lambda session: len(session.exec(select(Inbound.id)).all()))
    assert sum(counts.values()) == total
    assert counts["kept"] == 0
    places = await road.database.read(
        lambda session: session.exec(
            select(Message.inbound_id, Message.ticket).where(Message.visibility == "public")
        ).all()
    )
    received = [inbound for inbound, _ in places if inbound is not None]
    assert len(received) == len(set(received)), "a mail stands in one place"
    assert {by for _, by in await _decisions(road)} <= allowed


_WITH_ENDS = ("agent_held_message", "agent_notice", "held_digest")


def _end_addresses(data: bytes) -> list[str]:
    from email import message_from_bytes, policy

    return [a for a in links(message_from_bytes(data, policy=policy.default)) if re.search(r"\+[pqad]\d+-\d+-", a)]


async def _decisions(road: Road) -> list[tuple[int | None, str]]:
    return await road.database.read(
        lambda session: list(session.exec(select(Inbound.id, Inbound.decided_by).where(Inbound.decided != "")))
    )


async def test_who_is_admitted_sees_nothing_from_before(road: Road) -> None:
    """P03: neither the words nor the Message-IDs of what was written before; what comes after, they see."""
    to = await _opened(road)
    await road.receive(letter(LEA, "Le code est canari.", to=await _notice(road), name="secret"))
    await road.receive(letter(ALICE, "Merci, le canari chante.", to=to, name="chante"))
    [number] = await road.keep(letter(PAUL, "Et moi ?", to=to, name="paul"))
    await road.intake.drain()
    await road.intake.admit(number, by="operator")
    await road.receive(letter(LEA, "#attente", to=await _notice(road)))
    await road.after(days=2)
    first = await road.last(PAUL)
    assert first["In-Reply-To"] == "<paul@client-a.example>"
    assert str(first["References"]).split() == ["<paul@client-a.example>"]
    await road.receive(letter(LEA, "Voici la suite.", to=await _notice(road), name="suite"))
    mails = [m for m in await road.queued() if m.recipient == PAUL]
    assert [m.template for m in mails] == ["relance", "agent_reply"]
    assert b"canari" not in b"".join(m.data for m in mails)
    alices = await road.last(ALICE)
    assert len(str(alices["References"]).split()) == 4, "she sees the whole thread"


async def _notice(road: Road) -> str:
    """The address by which Léa answers on the ticket."""
    who = next(p for p in (await road.ticket()).participants if p.key == LEA)
    return reference_for(road.desk().ring, 1001, who).in_address("support@isybuy.example", "+")
