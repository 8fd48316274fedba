"""A share of `python -m loops`: no loop and no flood makes the desk write more than a few mails (L05-L18)."""

from pathlib import Path
from typing import Any

import pytest
from desk_values import RING, settings
from loops.desks import an_hour_between
from loops.floods import breaker, canaries, challenges, hostile, strangers, victim
from loops.samples import AUTO_SUBMITTED, LISTS, MACHINES, of_kind
from loops.table import by_nobodies, control, forged_reports, marked, own, receipts, silent, travelled
from road import ALICE, Road, letter
from sqlalchemy import select
from sqlmodel import Session

from maild.config.desk import open_desk
from maild.store.tables import OUTBOX

DESK = "support@isybuy.example"


@pytest.mark.parametrize("strips", [frozenset(), frozenset({"here", "there"})])
async def test_two_desks_write_to_each_other_twice_at_most(tmp_path: Path, strips: frozenset[str]) -> None:
    assert 1 <= await an_hour_between(tmp_path, "vacation", strips) <= 2


@pytest.mark.parametrize(("sender", "most"), [("bureau@hostile.example", 2), (ALICE, 3)])
async def test_a_hostile_desk_gets_three_automatic_mails_a_day(tmp_path: Path, sender: str, most: int) -> None:
    seen = await hostile(tmp_path, 65, sender=sender, is_reply=False)
    assert 1 <= seen["mails"] <= most
    assert (seen["tickets"], seen["loop"], seen["alerts"]) == (60, 5, 1)


async def test_a_spoofed_victim_gets_one_mail_a_day(tmp_path: Path) -> None:
    assert (await victim(tmp_path, 50, proof="none"))["mails"] == 1


async def test_whoever_writes_at_once_in_a_customers_name_does_not_use_up_their_answers(tmp_path: Path) -> None:
    road = Road(tmp_path)
    for n, words in enumerate(("un faux message", "encore un autre", "et un de plus", "le tout dernier")):
        await road.receive(letter(ALICE, words, subject=f"Sujet {words}", proof="none", name=f"false{n}"))
        await road.after(seconds=30)
    acknowledged = [m for m in await road.queued() if m.template == "acknowledgement"]
    assert len(acknowledged) == 3, "a machine that answers each time"
    await road.after(hours=1)
    await road.receive(letter(ALICE, "Tout est en panne chez nous.", subject="Panne"))
    assert [m.recipient for m in await road.queued() if m.template == "acknowledgement"] == [ALICE] * 4


async def test_spoofed_senders_whose_proof_failed_get_nothing(tmp_path: Path) -> None:
    assert (await strangers(tmp_path, 50, proof="fail"))["mails"] == 0


async def test_unproved_strangers_share_the_cap_of_an_hour(tmp_path: Path) -> None:
    seen = await strangers(tmp_path, 110, proof="none")
    assert (seen["mails"], seen["tickets"], seen["alerts"]) == (50, 110, 0)


async def test_a_flood_of_strangers_leaves_customers_their_answers(tmp_path: Path) -> None:
    road = Road(tmp_path)
    for n in range(120):
        await road.receive(
            letter(f"p{n}@d{n}.example", f"Bonjour {'x' * n}", subject="Tarif", name=f"s{n}", proof="none")
        )
    await road.receive(letter(ALICE, "Tout est en panne chez nous."))
    acknowledged = [m.recipient for m in await road.queued() if m.template == "acknowledgement"]
    assert len(acknowledged) == 51
    assert acknowledged[-1] == ALICE


async def test_words_meant_for_others_are_not_passed_on(tmp_path: Path) -> None:
    acknowledged, octets = await canaries(tmp_path, 10)
    assert (acknowledged, octets) == (10, 0)


async def test_too_many_answers_stop_for_an_hour_and_people_go_on(tmp_path: Path) -> None:
    seen = await breaker(tmp_path, 103)
    assert (seen["answers"], seen["alarms"], seen["seconds_to_alarm"]) == (100, 1, 0)
    assert (seen["agents_answer"], seen["agents_mails"], seen["tickets"]) == ("agent_reply", 1, 104)
    assert seen["answers_after_an_hour"] == 1


async def test_a_challenge_is_not_answered(tmp_path: Path) -> None:
    assert await challenges(tmp_path, 10) == 1


PLACES = {
    "From": letter(DESK),
    "From, as a plus-address": letter("support+1001-1-7aaaabbbbcccc@isybuy.example"),
    "From, as an alias": letter("aide@isybuy.example"),
    "From, in capitals": letter("Support@ISYBUY.example"),
    "Reply-To": letter(ALICE, head=f"Reply-To: {DESK}"),
    "Cc": letter(ALICE, head=f"Cc: {DESK}, aide@isybuy.example"),
    "Sender": letter(ALICE, head=f"Sender: {DESK}"),
    "Return-Path": letter(ALICE, head=f"Return-Path: <{DESK}>"),
    "Disposition-Notification-To": letter(ALICE, head=f"Disposition-Notification-To: {DESK}"),
}
OURS = {"address": DESK, "aliases": ["aide@isybuy.example"], "trust": {"authserv_id": "mx.isybuy.example"}}
AGENT = {"name": "Boîte", "address": "aide@isybuy.example", "teams": ["n1"]}
ROLES: dict[str, dict[str, Any]] = {
    "nobody": {},
    "a customer": {
        "people": {
            "agents": [{"name": "Léa", "address": "lea@isybuy.example", "teams": ["n1"]}],
            "customers": [{"address": DESK}, {"address": ALICE}],
        }
    },
    "an agent": {"people": {"agents": [AGENT], "customers": [{"address": ALICE}]}},
    "the admin": {"admin": DESK},
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", ROLES)
async def test_our_own_address_is_never_written_to(tmp_path: Path, place: str, role: str) -> None:
    """`maild check` refuses such people; but an address may become ours while tickets of theirs are open."""
    desk = open_desk(settings(mailboxes={"support": OURS}, **ROLES[role]), RING)
    road = Road(tmp_path, lambda: desk)
    await road.receive(PLACES[place])
    await road.receive(letter(ALICE, "Encore une question.", subject="Autre"))
    await road.receive(b"Subject: nobody\r\n\r\nx\r\n")  # for the admin
    states = await road.database.read(_states)
    ours = [state for recipient, state in states if desk.settings.mailbox_of(recipient)]
    assert set(ours) <= {"held"}
    assert any(state == "queued" for recipient, state in states if recipient == ALICE) or place.startswith("Return")


def _states(session: Session) -> list[tuple[str, str]]:
    rows = session.connection().execute(select(OUTBOX.c.recipient, OUTBOX.c.state))
    return [(row.recipient, row.state) for row in rows]


async def test_what_asks_for_silence_gets_none(tmp_path: Path) -> None:
    """L01-L03, L13, L19: a few of the marks that `python -m loops table` puts on a hundred mails each."""
    marks = [*AUTO_SUBMITTED[::9], *MACHINES[::5], *LISTS[::3]]
    for n, mails in enumerate((marked(marks, 1), by_nobodies(1)[::4], travelled(1), own(of_kind("silent_"))[::3])):
        line = await silent(tmp_path / str(n), "", "", mails)
        assert (line.answers, line.is_kept) == (0, True), line.said
    assert (await control(tmp_path / "control", 5)).answers == 5


async def test_reports_and_receipts_are_events_and_a_forged_one_suppresses_nobody(tmp_path: Path) -> None:
    """L09 and L10: no answer, nobody marked, no clock moved."""
    for line in (await forged_reports(tmp_path / "forged", 16), await receipts(tmp_path / "receipts", every=4)):
        assert line.is_kept, line.shown()
