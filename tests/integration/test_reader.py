"""A large or heavy mail is read in a process of its own; whatever happens there, the desk goes on."""

from pathlib import Path

import pytest
from bad_readers import computes_for_ever, dies, never_ends, takes_all_memory
from road import ALICE, Road, letter

from maild.mail import Secrecy
from maild.reader import HERE, LINES_HERE, TAGS_HERE, Reader
from maild.reading import read

LARGE = letter(ALICE, "x" * HERE)


async def test_a_large_mail_is_read_as_a_small_one_would_be() -> None:
    reader = Reader()
    assert await reader.read(LARGE) == read(LARGE)
    reader.close()


@pytest.mark.parametrize("words", ["<b>x</b>" * (TAGS_HERE // 2 + 1), "x\n" * (LINES_HERE + 1)])
async def test_a_small_mail_that_is_heavy_is_read_in_the_other_process_too(words: str) -> None:
    reader = Reader(work=dies)
    mail = await reader.read(letter(ALICE, words))
    assert mail.unreadable == "reading-died", "the other process was asked"
    assert (await reader.read(letter(ALICE, words[:3_000]))).unreadable == ""
    reader.close()


@pytest.mark.parametrize(
    ("work", "reason"),
    [
        (never_ends, "reading-took-too-long"),
        (dies, "reading-died"),
        (takes_all_memory, "reading-died"),
        (computes_for_ever, "reading-took-too-long"),
    ],
)
async def test_a_mail_that_kills_or_outlasts_its_reader_is_held_and_the_next_one_flows(
    tmp_path: Path, work: object, reason: str
) -> None:
    """I22: poison in the parser; the neighbours are read, and the reader is there again for the next large one."""
    road = Road(tmp_path)
    road.intake._opener._reader = Reader(within=1.0 if work is never_ends else 60, most_cpu=1, work=work)  # type: ignore[arg-type]
    ids = await road.keep(letter(ALICE, "avant"), LARGE, letter(ALICE, "après"))
    await road.intake.drain()
    endings = [await road.ending(number) for number in ids]
    assert [(e.verdict, e.reason) for e in endings] == [
        ("new_ticket", "no-reference"),
        ("quarantined", reason),
        ("new_ticket", "no-reference"),
    ]
    road.intake._opener._reader.close()
    await road.database.close()


@pytest.mark.parametrize("here", [10, 2**20], ids=["in the other process", "here"])
async def test_a_mail_is_hidden_where_it_is_read(here: int) -> None:
    reader = Reader(here=here)
    raw = b"From: a@b.example\r\nSubject: mdp : Soleil2024\r\n\r\nmdp : Soleil2024\r\n"
    try:
        hidden, shown = await reader.read(raw, Secrecy("fr")), await reader.read(raw)
    finally:
        reader.close()
    assert hidden.text == hidden.subject == "mdp : [masqué par sécurité]"
    assert shown.text == shown.subject == "mdp : Soleil2024"
    assert hidden.content_key == shown.content_key
