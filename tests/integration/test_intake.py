"""The straight line over a real store: what a bug, a poison mail, a forger and a second click do to it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from desk_values import RING, settings
from road import ALICE, BRUNO, EVE, LEA, Road, letter, links

from maild import considering, intake
from maild.config.desk import open_desk
from maild.errors import BadInput
from maild.intake import MOST_ATTEMPTS
from maild.mail import ParsedMail, Secrecy
from maild.reader import NOT_SECRET, Reader
from maild.store.database import Database

DSN = """MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.client-a.example

Final-Recipient: rfc822; {named}
Action: failed
Status: 5.1.1
--b
Content-Type: text/rfc822-headers

Message-ID: <{returned}>
--b--"""


def bounce(
    to: str,
    returned: str = "unknown@nowhere.example",
    *,
    named: str = ALICE,
    sender: str = "MAILER-DAEMON@client-a.example",
    proof: str = "none",
) -> bytes:
    """A delivery report: to the return path of a mail of ours or elsewhere, with that mail's Message-ID or another."""
    head, _, body = DSN.format(returned=returned, named=named).partition("\n\n")
    judged = f"Authentication-Results: mx.isybuy.example; dmarc={proof} header.from={sender.partition('@')[2]}"
    fields = [judged, f"From: {sender}", f"To: {to}", "Subject: Undelivered", "Return-Path: <>", head]
    return ("\n".join([*fields, "", body]) + "\n").replace("\n", "\r\n").encode()


@pytest.fixture
async def road(tmp_path: Path) -> AsyncIterator[Road]:
    made = Road(tmp_path)
    yield made
    await made.database.close()


async def test_a_bug_of_ours_holds_that_mail_and_the_next_one_goes_on(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await road.keep(*(letter(ALICE, f"n° {n}") for n in range(3)))
    sound = considering.consider

    def broken(session: Any, desk: Any, number: int, *more: Any) -> Any:
        if number == ids[1]:
            raise RuntimeError("a bug")
        return sound(session, desk, number, *more)

    monkeypatch.setattr(intake, "consider", broken)
    await road.intake.drain()
    endings = [await road.ending(number) for number in ids]
    assert [(e.disposition, e.reason) for e in endings] == [
        ("applied", "no-reference"),
        ("held", "our-fault"),
        ("applied", "no-reference"),
    ]
    considered = await road.intake.release(ids[1], into=None, new=False, by="admin")
    assert considered.verdict.value == "new_ticket", "after the mend it is what it would have been"
    assert (await road.ending(ids[1])).disposition == "applied"


async def test_a_mail_that_killed_us_three_times_is_held_unread_and_its_neighbours_flow(road: Road) -> None:
    poison, healthy = await road.keep(letter(ALICE, "poison"), letter(ALICE, "sain"))
    for _ in range(MOST_ATTEMPTS):
        await road.inbound.count_attempt([poison])
    await road.intake.drain()
    assert (await road.ending(poison)).reason == "poison"
    assert (await road.ending(healthy)).verdict == "new_ticket"


async def test_a_bounce_counts_only_with_our_signature_of_that_very_mail(road: Road) -> None:
    await road.receive(letter(ALICE))
    await road.receive(letter(BRUNO, "autre", subject="Autre"))
    first = {m.recipient: m for m in reversed(await road.queued())}
    to_alice, to_bruno = first[ALICE], first[BRUNO]
    brunos_id = (await road.last(BRUNO))["Message-ID"].strip("<>")
    forged = to_bruno.sender[:-12] + "x" + to_bruno.sender[-11:]
    for raw in (bounce("support@isybuy.example"), bounce(forged), bounce("support@isybuy.example", "a.1-1-7.b@h")):
        assert (await road.receive(raw)).reason == "unproved-bounce"
    assert not (await road.ticket(1002)).requester.is_undeliverable
    ending = await road.receive(bounce(to_alice.sender, brunos_id))
    assert (ending.verdict, ending.ticket) == ("bounce", 1001), "the return path says which mail came back"
    assert (await road.ticket(1001)).requester.is_undeliverable
    assert not (await road.ticket(1002)).requester.is_undeliverable


@pytest.mark.parametrize(
    ("named", "proof", "sender", "reason"),
    [
        ("bruno@client-b.example", "none", "MAILER-DAEMON@client-b.example", "said-to-fail"),
        ("Bruno@CLIENT-B.example", "pass", "MAILER-DAEMON@client-b.example", "said-to-fail"),
        ("bruno@client-b.example", "fail", "postmaster@evil.example", "unproved-bounce"),
        ("nobody@evil.example", "none", "postmaster@evil.example", "unproved-bounce"),
        ("alice@client-a.example", "pass", "postmaster@client-a.example", "unproved-bounce"),
    ],
)
async def test_who_knows_a_message_id_makes_nobody_unreachable(
    road: Road, named: str, proof: str, sender: str, reason: str
) -> None:
    """An answer to all shows the ids of mails to others: by them a report is a word to the agents at most, and once."""
    await road.receive(letter(BRUNO, "autre", subject="Autre"))
    brunos_id = (await road.last(BRUNO))["Message-ID"].strip("<>")
    raw = bounce("support@isybuy.example", brunos_id, named=named, sender=sender, proof=proof)
    before = len(await road.queued())
    assert (await road.receive(raw)).reason == reason
    assert (await road.receive(raw.replace(b"could not", b"can't"))).reason == reason
    assert not (await road.ticket()).requester.is_undeliverable
    told = [(m.template, m.recipient) for m in (await road.queued())[before:]]
    assert told == [("agent_notice", LEA)] * (reason == "said-to-fail")


async def test_without_plus_addresses_the_agents_are_told_once_too(tmp_path: Path) -> None:
    """`delimiter: none`: no return path can be signed."""
    trust = {"authserv_id": "mx.isybuy.example"}
    mailboxes = {"support": {"address": "support@isybuy.example", "delimiter": "none", "trust": trust}}
    desk = open_desk(settings(mailboxes=mailboxes), RING)
    road = Road(tmp_path, lambda: desk)
    await road.receive(letter(BRUNO, "autre", subject="Autre"))
    brunos_id = (await road.last(BRUNO))["Message-ID"].strip("<>")
    for sender in ("MAILER-DAEMON@client-b.example", "postmaster@client-b.example"):
        raw = bounce("support@isybuy.example", brunos_id, named=BRUNO, sender=sender)
        assert (await road.receive(raw)).reason == "said-to-fail"
    told = [m.recipient for m in await road.queued() if m.template == "agent_notice"]
    assert told == [LEA]
    assert not (await road.ticket()).requester.is_undeliverable
    await road.database.close()


async def test_a_report_of_success_stops_nothing(road: Road) -> None:
    await road.receive(letter(ALICE))
    sent = (await road.queued())[0]
    raw = bounce(sent.sender).replace(b"Action: failed", b"Action: delivered").replace(b"5.1.1", b"2.0.0")
    assert (await road.receive(raw)).reason == "delivered"
    assert not (await road.ticket()).requester.is_undeliverable


async def test_who_writes_again_after_a_bounce_can_be_reached_again(road: Road) -> None:
    await road.receive(letter(ALICE))
    acknowledged = (await road.queued())[0]
    await road.receive(bounce(acknowledged.sender))
    told = [m for m in await road.queued() if m.template == "agent_notice"]
    assert [m.recipient for m in told] == [LEA]
    await road.receive(letter(ALICE, "me revoici", subject=f"Re: {(await road.last(ALICE))['Subject']}"))
    assert not (await road.ticket()).requester.is_undeliverable


async def test_a_claim_works_once_and_only_for_its_sender(road: Road) -> None:
    await road.receive(letter(ALICE))
    await road.receive(letter(ALICE, "j'oubliais", subject="Re: Impossible"))
    add, new = links(await road.last(ALICE))
    stolen = await road.receive(letter(EVE, "donnez", to=add, subject="x"))
    assert (stolen.verdict, stolen.reason, stolen.ticket) == ("stranger", "claim-of-another", None)
    claimed = await road.receive(letter(ALICE, "Merci d’ajouter mon message à cette demande.", to=add, subject="x"))
    assert (claimed.verdict, claimed.ticket) == ("claim", 1001)
    again = await road.receive(
        letter(ALICE, "Merci d’ouvrir une nouvelle demande avec mon message.", to=new, subject="y")
    )
    assert (again.verdict, again.reason, again.ticket) == ("claim", "already-done", 1001), "it is in a ticket already"
    assert await road.held() == ["stranger"]


async def test_a_person_may_release_into_a_ticket_as_a_new_one_or_discard(road: Road) -> None:
    await road.receive(letter(ALICE))
    ids = await road.keep(*(letter(ALICE, f"n° {n}", subject="Re: x", name=f"r{n}") for n in range(3)))
    await road.intake.drain()
    with pytest.raises(BadInput, match="--into"):
        await road.intake.release(ids[0], into=None, new=False, by="admin")
    with pytest.raises(BadInput, match="no ticket 9"):
        await road.intake.release(ids[0], into=9, new=False, by="admin")
    await road.intake.release(ids[0], into=1001, new=False, by="admin")
    await road.intake.release(ids[1], into=None, new=True, by="admin")
    await road.intake.discard(ids[2], by="admin")
    endings = [await road.ending(number) for number in ids]
    assert [(e.disposition, e.verdict, e.reason, e.ticket) for e in endings] == [
        ("applied", "reply", "released", 1001),
        ("applied", "new_ticket", "released", 1002),
        ("applied", "plain_reply", "discarded", None),
    ]
    with pytest.raises(BadInput, match="held"):
        await road.intake.discard(ids[2], by="admin")


async def test_answers_within_five_minutes_reach_the_agent_in_one_mail(road: Road) -> None:
    await road.receive(letter(ALICE))
    subject = f"Re: {(await road.last(ALICE))['Subject']}"
    for n in range(4):
        await road.receive(letter(ALICE, f"réponse {n}", subject=subject))
        await road.after(minutes=1)
    told = [m for m in await road.queued() if m.template == "agent_customer_reply"]
    assert len(told) == 1
    await road.after(minutes=1)
    gathered = await road.last(LEA)
    text = gathered.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert [f"réponse {n}" in text for n in range(4)] == [False, True, True, True]
    await road.after(hours=1)
    assert len([m for m in await road.queued() if m.template == "agent_customer_reply"]) == 2


async def test_an_agents_address_in_the_text_sends_nothing(road: Road) -> None:
    await road.receive(letter(ALICE))
    subject = f"Re: {(await road.last(LEA))['Subject']}"
    await road.receive(letter(LEA, f"Écrivez-moi à {LEA} demain.", subject=subject))
    assert [m.template for m in await road.queued() if m.recipient == ALICE] == ["acknowledgement"]
    assert (await road.queued())[-1].template == "command_refused"


async def test_a_customer_whose_address_no_server_takes_is_no_reason_to_stop(road: Road) -> None:
    """A local part beyond ASCII needs SMTPUTF8 all the way (RFC 6531)."""
    ending = await road.receive(letter("jos\u00e9@client-a.example"))
    assert (ending.disposition, ending.verdict) == ("applied", "new_ticket")
    assert [m.recipient for m in await road.queued()] == [LEA]
    subject = f"Re: {(await road.last(LEA))['Subject']}"
    await road.receive(letter(LEA, "Voici.", subject=subject))
    back = await road.last(LEA)
    assert "remis" in back.get_body(("plain",)).get_content()  # type: ignore[union-attr]


async def test_words_beside_a_click_reach_the_agent_also_in_a_gathered_mail(road: Road) -> None:
    await road.receive(letter(ALICE))
    subject = f"Re: {(await road.last(ALICE))['Subject']}"
    await road.receive(letter(ALICE, "première", subject=subject))
    await road.receive(letter(ALICE, "seconde, sans référence", subject="Re: Impossible"))
    add, _ = links(await road.last(ALICE))
    await road.receive(letter(ALICE, "et voici la suite", to=add, subject="x"))
    await road.after(minutes=5)
    text = (await road.last(LEA)).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "seconde, sans référence" in text
    assert "et voici la suite" in text


async def test_the_solved_link_ends_a_ticket_once_and_answers_no_machine(road: Road) -> None:
    await road.receive(letter(ALICE))
    solved = next(link for link in links(await road.last(ALICE)) if "+s" in link)
    for n in range(5):
        await road.receive(letter(ALICE, f"C’est réglé {n}", to=solved, subject="x"))
    assert [m.template for m in await road.queued()].count("resolved") == 1
    await road.receive(letter(BRUNO, "autre", subject="Autre"))
    other = next(link for link in links(await road.last(BRUNO)) if "+s" in link)
    assert (await road.receive(letter(BRUNO, "réglé", to=other, subject="x", head="Precedence: bulk"))).ticket == 1002
    assert (await road.ticket(1002)).status.value == "resolved"
    assert [m.template for m in await road.queued()].count("resolved") == 1, "a machine gets no answer"


async def test_a_forged_copy_that_comes_first_does_not_hide_the_true_mail(road: Road) -> None:
    """I24: the better verdict replaces the held one."""
    forged, true = letter(ALICE, name="same", proof="fail"), letter(ALICE, name="same")
    [first] = await road.keep(forged)
    await road.intake.drain()
    assert (await road.ending(first)).verdict == "spoof_suspect"
    assert (await road.receive(true)).verdict == "new_ticket"
    assert (await road.ending(first)).disposition == "duplicate"
    again = await road.receive(true)
    assert (again.disposition, again.ticket) == ("duplicate", 1001), "a copy shows where the first one went"


@pytest.mark.parametrize("proof", ["pass", "fail"])
@pytest.mark.parametrize(
    ("head", "verdict"),
    [
        ("Auto-Submitted: auto-replied", "auto_reply"),
        ("List-Id: <entreprise.client-a.example>", "list_mail"),
        ("Precedence: auto_reply", "auto_reply"),
        ("Received: from a by b\n" * 51 + "X-Hops: 51", "loop"),
    ],
)
async def test_a_copy_that_nobody_saw_does_not_hide_the_mail(road: Road, head: str, verdict: str, proof: str) -> None:
    """I24: it came through a list, or a forger who had read the mail has marked it."""
    true = letter(ALICE, "Le serveur est en panne.", name="same")
    copy = letter(ALICE, "Le serveur est en panne.", name="same", head=head, proof=proof)
    [first] = await road.keep(copy)
    await road.intake.drain()
    assert (await road.ending(first)).verdict == verdict
    assert (await road.receive(true)).verdict == "new_ticket"
    assert (await road.ending(first)).disposition == "duplicate"
    for again in (true, copy):
        end = await road.receive(again)
        assert (end.disposition, end.ticket) == ("duplicate", 1001)


async def test_a_copy_that_calls_the_words_a_program_does_not_hide_them(road: Road) -> None:
    true = letter(ALICE, "Le serveur est en panne.", name="same")
    forged = true.replace(b"text/plain; charset=utf-8", b"application/octet-stream").replace(
        b"dmarc=pass", b"dmarc=none"
    )
    assert (await road.receive(forged)).ticket == 1001
    assert (await road.receive(true)).ticket == 1002


class Watched(Reader):
    """The reader, with the octets that it was given, and whether a transaction waited for them."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.seen: list[bytes] = []
        self._database = database

    async def read(self, raw: bytes, secrecy: Secrecy = NOT_SECRET) -> ParsedMail:
        self.seen.append(raw)
        await asyncio.wait_for(self._database.write(lambda _: None), 5)  # whoever writes does not wait for a reader
        return await super().read(raw, secrecy)


async def test_a_mail_that_is_read_again_is_read_where_any_mail_is(road: Road) -> None:
    """For a claim, a release and a gathered answer: a hostile mail that was held must not stop the store later."""
    road.intake._opener._reader = road.sweeper._reader = reader = Watched(road.database)
    await road.receive(letter(ALICE, name="first"))
    subject = f"Re: {(await road.last(ALICE))['Subject']}"
    plain = [letter(ALICE, f"n° {n}", subject="Re: Impossible", name=f"plain{n}") for n in range(2)]
    for raw in plain:
        assert (await road.receive(raw)).verdict == "plain_reply"
    claim = next(link for link in links(await road.last(ALICE)) if "+c" in link)
    assert (await road.receive(letter(ALICE, "", to=claim, subject="x"))).verdict == "claim"
    await road.after(seconds=10)
    await road.intake.release(3, into=1001, new=False, by="admin")
    reply = letter(ALICE, "Et encore.", subject=subject)
    await road.receive(reply)
    await road.after(minutes=6)
    assert "Et encore." in (await road.last(LEA)).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert [reader.seen.count(raw) for raw in (*plain, reply)] == [2, 2, 2], "when it came, and once more"


async def test_a_bounce_is_told_once_and_again_after_the_customer_was_heard_of(road: Road) -> None:
    await road.receive(letter(ALICE))
    subject = f"Re: {(await road.last(ALICE))['Subject']}"

    async def told() -> int:
        return [m.template for m in await road.queued()].count("agent_notice")

    for expected in (1, 2):
        sent = [m for m in await road.queued() if m.recipient == ALICE][-1]
        await road.receive(bounce(sent.sender))
        await road.receive(bounce(sent.sender, "other@x"))
        assert await told() == expected
        await road.receive(letter(ALICE, f"je suis là {expected}", subject=subject))
        agents = f"Re: {(await road.last(LEA))['Subject']}"
        await road.receive(letter(LEA, f"Bien. {expected}", subject=agents))


async def test_a_faulty_reference_shows_its_ticket_and_changes_nothing(road: Road) -> None:
    await road.receive(letter(ALICE))
    reference = (await road.last(ALICE))["Subject"].split("[")[1].rstrip("]")
    ending = await road.receive(
        letter(ALICE, "x", subject=f"Re: x [{reference[:-1]}{'0' if reference[-1] != '0' else '2'}]")
    )
    assert (ending.verdict, ending.disposition, ending.ticket) == ("bad_reference", "held", 1001)
    assert (await road.ticket()).thread == (await road.ticket()).thread[:1]


async def test_the_admin_is_told_of_a_fault_of_ours_once_a_day(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("a bug")

    monkeypatch.setattr(intake, "consider", broken)
    endings = [await road.receive(letter(ALICE, text)) for text in ("un", "deux")]
    assert [ending.reason for ending in endings] == ["our-fault", "our-fault"]
    alerts = [m for m in await road.queued() if m.template == "admin_alert"]
    assert [m.recipient for m in alerts] == ["admin@isybuy.example"]


@pytest.mark.parametrize(
    "sender",
    ["a@x~y.example", "a@x+y.example", "a@ex!ample.com", "a@\u2603.example", "a" * 251 + "@x.example", "a@x=y"],
)
async def test_an_address_that_cannot_be_written_to_stops_neither_mail_nor_clock(road: Road, sender: str) -> None:
    """H22: the mail is worked; whatever we owe such an address is not sent, and the agent learns it."""
    ending = await road.receive(letter(sender, proof="none"))
    assert ending.reason != "our-fault"
    if ending.verdict != "new_ticket":
        return  # not even an address: quarantined
    subject = f"Re: {(await road.last(LEA))['Subject']}"
    await road.receive(letter(LEA, "Voici.\n#attente", subject=subject))
    assert (await road.queued())[-1].template == "command_refused"
    await road.after(days=11)
    assert not [m for m in await road.queued() if m.recipient not in (LEA, "admin@isybuy.example")]
