"""What belongs to the system before this one goes there as it came, once, and never in a circle."""

import json
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from desk_values import RING, mail, settings
from road import ALICE, Road, letter
from rules_files import RULES, write

from maild.config.desk import open_desk
from maild.config.load import check, load
from maild.mail import Address, DeliveryReport
from maild.rules.legacy import thread_of

OLD = "ancien@kapisupport.example"
LEGACY = {"to": OLD, "subjects": [r"\[KAP #\d+\]"], "message_ids": [r"@ancien\.kapisupport\.example$"]}


def road(folder: Path, **said: Any) -> Road:
    desk = open_desk(settings(legacy=LEGACY | said), RING)
    return Road(folder, lambda: desk)


@pytest.mark.parametrize("size", [10, 300_000])  # in the database, and in a file
async def test_a_mail_is_passed_on_as_it_is(tmp_path: Path, size: int) -> None:
    desk = road(tmp_path)
    raw = letter(ALICE, "é.\n.\n" + "x" * 70 + ("\n" + "y" * 70) * (size // 70), subject="RE: [kap #12345] Licence")
    ending = await desk.receive(raw)
    assert (ending.verdict, ending.disposition) == ("legacy", "applied")
    [owed] = await desk.queued()
    above, found, below = owed.data.partition(raw)
    assert found == raw
    assert below == b""
    head = message_from_bytes(above, policy=policy.default)
    assert [name for name, _ in head.items()] == ["Resent-Date", "Resent-From", "Resent-To", "Resent-Message-ID"]
    assert (owed.recipient, head["Resent-To"]) == (OLD, OLD)
    assert owed.sender.startswith("support+b")  # a bounce comes back to us, and proves itself


async def test_it_is_passed_on_once_whatever_comes_again(tmp_path: Path) -> None:
    desk = road(tmp_path)
    raw = letter(ALICE, subject="[KAP #1]")
    await desk.receive(raw)
    assert (await desk.receive(raw)).verdict == "duplicate"
    [owed] = await desk.queued()
    # The old system sends it back, with a word of its own in the Subject: no longer the same mail.
    returned = owed.data.replace(b"Subject: [KAP #1]", b"Subject: [EXT] [KAP #1]")
    ending = await desk.receive(returned)
    assert (ending.verdict, ending.reason) == ("loop", "old-system")
    assert len(await desk.queued()) == 1


async def test_a_forged_mark_of_passing_on_stops_nothing(tmp_path: Path) -> None:
    desk = road(tmp_path)
    [owed] = [m async for m in _passed(desk, "[KAP #1]")]
    forged = next(line for line in owed.data.split(b"\r\n") if line.startswith(b"Resent-Message-ID"))
    spoilt = forged.replace(b"0-0-7.", b"0-0-7.0")
    assert spoilt != forged
    assert (await desk.receive(spoilt + b"\r\n" + letter(ALICE, subject="[KAP #2]"))).verdict == "legacy"


async def _passed(desk: Road, subject: str) -> Any:
    await desk.receive(letter(ALICE, subject=subject))
    for owed in await desk.queued():
        yield owed


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"subject": "[KAP #77] x"}, "old-subject"),
        ({"subject": "[KAP-77] x"}, ""),
        ({"in_reply_to": ("a@ancien.kapisupport.example",)}, "old-message-id"),
        ({"references": ("x@y", "a@ancien.kapisupport.example")}, "old-message-id"),
        ({"references": ("a@ancien.kapisupport.example.evil.example",)}, ""),
        ({"bounce": DeliveryReport((ALICE,), "failed", "5.1.1", ("a@ancien.kapisupport.example",))}, "old-message-id"),
        ({"to": (Address("vieux@isybuy.example"),)}, "old-address"),
        ({"cc": (Address("Vieux+id77@isybuy.example"),)}, "old-address"),
        ({"headers": (("Delivered-To", "vieux@isybuy.example"),)}, "old-address"),
        ({"to": (Address("tresvieux@isybuy.example"),)}, ""),
        ({}, ""),
    ],
)
def test_by_what_a_mail_is_known(parts: Any, why: str) -> None:
    assert thread_of(mail(**parts), settings(legacy=LEGACY | {"addresses": ["vieux@isybuy.example"]})) == why


def legacy_rules(**said: Any) -> str:
    return RULES + f"\nlegacy: {json.dumps(said)}\n"


def test_known_ids_are_read_from_the_file_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text("<one@old.example>\n\n two@old.example \n", encoding="utf-8")
    text = legacy_rules(to=OLD, known_ids="ids.txt")
    desk = load(write(tmp_path, text))
    found = [
        thread_of(mail(in_reply_to=(i,)), desk) for i in ("one@old.example", "two@old.example", "three@old.example")
    ]
    assert found == ["old-message-id", "old-message-id", ""]
    before = desk.digest
    (tmp_path / "ids.txt").write_text("three@old.example", encoding="utf-8")
    assert load(write(tmp_path, text)).digest != before


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"to": "support@isybuy.example", "subjects": "x"}, "pass mail on to itself"),
        ({"to": "support+old@isybuy.example", "subjects": "x"}, "pass mail on to itself"),
        ({"to": OLD, "addresses": ["support@isybuy.example"]}, "all of its mail would be passed on"),
        ({"to": OLD, "subjects": "(?=x)"}, "RE2"),
        ({"to": OLD, "subjects": r"\d*"}, "fits an empty text"),
        ({"to": OLD, "known_ids": "nowhere.txt"}, "can't be read"),
        ({"to": OLD}, "say by what its mails are known"),
    ],
)
def test_what_can_not_be_meant_is_refused_at_its_line(tmp_path: Path, said: Any, what: str) -> None:
    problems = [p for p in check(write(tmp_path, legacy_rules(**said))) if p.severity == "error"]
    assert any(what in p.what and p.line == RULES.count("\n") + 2 for p in problems), problems


def test_links_need_an_address_that_can_carry_a_reference(tmp_path: Path) -> None:
    text = RULES.replace("reference: ISY", "replies: link\n  reference: ISY", 1)
    assert not [p for p in check(write(tmp_path, text)) if p.severity == "error"]
    text = text.replace("    address: support@", "    delimiter: none\n    address: support@", 1)
    assert any("`replies: link`" in p.what for p in check(write(tmp_path, text)))
