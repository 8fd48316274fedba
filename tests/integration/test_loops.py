"""A share of `python -m loops`: no loop and no flood makes the desk write more than a few mails (L05-L18)."""

from pathlib import Path

import pytest
from loops.desks import an_hour_between
from loops.floods import breaker, canaries, challenges, hostile, strangers, victim
from loops.ourselves import ROLES, own_addresses
from loops.samples import AUTO_SUBMITTED, LISTS, MACHINES, of_kind
from loops.table import OFF, by_nobodies, control, forged_reports, marked, own, receipts, silent, travelled
from road import ALICE, Road, letter

from maild.plan import letters

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


@pytest.mark.parametrize("role", ROLES)
async def test_our_own_addresses_are_never_written_to(tmp_path: Path, role: str) -> None:
    seen = await own_addresses(tmp_path, role, OFF, every=5)
    assert (seen.mails, seen.to_ours) == (31, 0)
    assert seen.to_others >= 31, "the mails of a customer that name us somewhere are worked as ever"


async def test_a_mail_to_ourselves_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "OWN_ADDRESS", "")
    assert (await own_addresses(tmp_path, "an agent", OFF, every=5)).to_ours > 0


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
