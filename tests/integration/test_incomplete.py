"""Requests that lack something, over a real store: files, answers at once, lost bytes, and that asking has an end."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest
import structlog
from cli_desk import CliDesk, message
from desk_values import RING, settings
from hypothesis import HealthCheck, given
from hypothesis import settings as budget
from hypothesis import strategies as st
from road import ALICE, EVE, LEA, Road, letter

from maild.cli import main
from maild.config.desk import open_desk
from maild.lifecycle import Status
from maild.store.database import Database
from maild.store.watching import queued_mails

NEEDED = ("Produit", "Version", "Licence")
SAID = settings(
    fields={"licence": {"names": ["Licence"]}},
    needs={"licence": {"if": {"field": {"licence": {"is_there": "yes"}}}, "ask": "la licence"}},
    rules=[
        {"name": "all", "then": {"queue": "support", "assign": "least_loaded", "take": "product"}},
        {"name": "needed", "then": {"require": ["product", "version", "licence"]}},
    ],
)
DESK = open_desk(SAID, RING)
LOG = (
    "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b",
    "--b\nContent-Type: text/plain; charset=utf-8\n\n{text}\n--b\n"
    'Content-Type: text/plain; name="{name}"\nContent-Disposition: attachment; filename="{name}"\n\nerreur 12\n--b--',
)


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def with_file(to: str, text: str, name: str) -> bytes:
    """A mail of Alice's with a file."""
    head, body = LOG
    whole = letter(ALICE, body.format(text=text, name=name), to=to, name=name, head=head).decode()
    return whole.replace("Content-Type: text/plain; charset=utf-8\r\nMIME", "MIME", 1).encode()


def files(mail: EmailMessage) -> list[str]:
    return [part.get_filename() or "" for part in mail.iter_attachments()]


async def answer_address(road: Road) -> str:
    """Where an answer to the last mail to Alice goes."""
    return str((await road.last(ALICE))["Reply-To"]).rpartition("<")[2].strip("> ")


@pytest.fixture
async def road(tmp_path: Path) -> AsyncIterator[Road]:
    made = Road(tmp_path, lambda: DESK)
    yield made
    await made.database.close()


async def test_the_agent_gets_the_files_of_every_mail(road: Road) -> None:
    assert (await road.receive(with_file("support@isybuy.example", "Bonjour", "premier.log"))).verdict == "incomplete"
    assert not [m for m in await road.queued() if m.recipient != ALICE]
    text = "Produit : Gestion\nVersion : 4\nLicence : 12"
    await road.receive(with_file(await answer_address(road), text, "second.log"))
    assert files(await road.last(LEA)) == ["premier.log", "second.log"]
    ticket = await road.ticket()
    assert (ticket.status, ticket.product, ticket.missing) == (Status.OPEN, "Gestion", ())
    assert ticket.fields == {"product": "Gestion", "version": "4", "licence": "12"}


async def test_two_answers_that_come_together_are_both_told_of(road: Road) -> None:
    """Each needs what came before it, which the other one changes while it is read."""
    await road.receive(letter(ALICE, "Bonjour"))
    to = await answer_address(road)
    answers = [letter(ALICE, "Produit : Gestion\nVersion : 4", to=to), letter(ALICE, "Licence : 12", to=to)]
    ids = await road.keep(*answers)
    await road.intake.drain()
    assert [(await road.ending(number)).verdict for number in ids] == ["reply", "reply"]
    told = [m for m in await road.queued() if m.recipient == LEA]
    assert [m.template for m in told] == ["agent_new_ticket"]
    body = (await road.last(LEA)).get_body(("plain",))
    assert body is not None
    assert all(words in body.get_content() for words in ("Bonjour", "Produit : Gestion", "Licence : 12"))
    assert (await road.ticket()).missing == ()


async def test_a_mail_whose_bytes_are_gone_holds_up_nothing(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    [first] = await road.keep(letter(ALICE, "Le PDF est blanc.\nProduit : Gestion"))
    await road.intake.drain()
    sound = road.inbound.raw_of

    async def raw_of(number: int) -> bytes:
        if number == first:
            raise LookupError("its bytes are gone")
        return await sound(number)

    monkeypatch.setattr(road.inbound, "raw_of", raw_of)
    ending = await road.receive(letter(ALICE, "Version : 4\nLicence : 12", to=await answer_address(road)))
    assert ending.disposition == "applied"
    body = (await road.last(LEA)).get_body(("plain",))
    assert body is not None
    assert "Le PDF est blanc." in body.get_content()
    assert (await road.ticket()).product == "Gestion"


async def test_what_a_person_lets_in_is_told_with_what_was_there_before(road: Road) -> None:
    """A stranger's answer is released: it may be what was missing."""
    await road.receive(letter(ALICE, "Bonjour"))
    [number] = await road.keep(letter(EVE, "Produit : G\nVersion : 4\nLicence : 12", to=await answer_address(road)))
    await road.intake.drain()
    assert await road.held() == ["stranger"]
    await road.intake.release(number, into=1001, new=False, by="root")
    assert (await road.ticket()).status is Status.OPEN
    told = [m.template for m in await road.queued() if m.recipient == LEA]
    assert told == ["agent_held_message", "agent_new_ticket"]


def test_an_explanation_reads_the_earlier_mails_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`maild explain FILE` on an answer says what it would bring, and writes nothing."""
    made = CliDesk(tmp_path)
    made.change("rules:\n", "rules:\n  - {name: needed, then: {require: version}}\n")
    made.receive(message(ALICE, "Export vide", "Le PDF est blanc."))
    file = tmp_path / "answer.eml"
    said = {"plain": "Je ne sais pas.", "whole": "Version : 4"}
    database = Database(made.database, is_durable=False)
    asked = message_from_bytes(database.read_now(queued_mails)[-1].data)
    database.close_now()
    to = str(asked["Reply-To"]).rpartition("<")[2].strip("> ")
    found = {}
    for name, text in said.items():
        file.write_bytes(message(ALICE, "Ma réponse", text, To=to))
        capsys.readouterr()
        assert main(["explain", str(file), "--rules", str(made.rules), "--json"]) == 0
        seen = json.loads(capsys.readouterr().out)
        found[name] = [m["template"] for m in seen["mails"]]
        assert seen["rules_asked"]
    assert found == {"plain": ["incomplete_request"], "whole": ["agent_new_ticket"]}


def test_an_explanation_hides_the_secrets_of_earlier_mails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The rules are asked of the same words as on the road."""
    made = CliDesk(tmp_path)
    secret = "{name: secret, if: {text: {has_secret: true}}, then: {mask_secrets: true, tags: secret}}"
    made.change("rules:\n", f"rules:\n  - {{name: needed, then: {{require: version}}}}\n  - {secret}\n")
    made.receive(message(ALICE, "Export vide", "Mot de passe : Lune-2025!"))
    database = Database(made.database, is_durable=False)
    asked = message_from_bytes(database.read_now(queued_mails)[-1].data)
    database.close_now()
    file = tmp_path / "answer.eml"
    to = str(asked["Reply-To"]).rpartition("<")[2].strip("> ")
    file.write_bytes(message(ALICE, "Ma réponse", "Version : 4", To=to))
    capsys.readouterr()
    assert main(["explain", str(file), "--rules", str(made.rules), "--json"]) == 0
    rules = json.loads(capsys.readouterr().out)["rules"]
    assert [rule["fired"] for rule in rules if rule["rule"] == "secret"] == [True]


@given(st.lists(st.lists(st.sampled_from(NEEDED), max_size=2, unique=True), min_size=1, max_size=10))
@budget(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_asking_has_an_end(tmp_path_factory: pytest.TempPathFactory, answers: list[list[str]]) -> None:
    """Whatever is answered: the same things are asked for twice at most, and an agent gets the request in the end."""
    road = Road(tmp_path_factory.mktemp("road"), lambda: DESK)
    try:
        await road.receive(letter(ALICE, "Bonjour"))
        given_so_far: set[str] = set()
        fruitless = 0
        for n, names in enumerate(answers):
            is_new = not set(names) <= given_so_far
            given_so_far |= set(names)
            fruitless = 0 if is_new else fruitless + 1
            lines = [f"{name} : {n}" for name in names]
            road.clock.set(road.clock.now() + timedelta(hours=1))  # else it answers as quickly as a machine
            await road.receive(letter(ALICE, "\n".join([f"Réponse {n}.", *lines]), to=await answer_address(road)))
            ticket = await road.ticket()
            is_over = given_so_far >= set(NEEDED) or fruitless >= 2
            assert (ticket.status is Status.OPEN) == is_over
            if is_over:
                break
        asked = [m for m in await road.queued() if m.template == "incomplete_request"]
        assert len(asked) <= 2 * len(NEEDED)
        assert len({m.id for m in asked}) == len(asked)
        told = [m for m in await road.queued() if m.recipient == LEA]
        assert len(told) == ((await road.ticket()).status is Status.OPEN)
    finally:
        await road.database.close()
