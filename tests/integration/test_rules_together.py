"""What rules do together: a request that lacks something, secrets, people who are told, articles, files of a click."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from desk_values import RING, settings
from road import ALICE, EVE, LEA, Road, letter, links

from maild.config.desk import open_desk
from maild.lifecycle import Status

ALL = {"name": "all", "then": {"assign": "least_loaded", "take": "product"}}
NEEDED = {"name": "needed", "then": {"require": ["product", "version"]}}
SALES = "commercial@isybuy.example"
RULES_OF_GESTION = {
    "title": "Règles",
    "kind": "product_rules",
    "product": ["Gestion"],
    "language": "fr",
    "text": "Gestion est aidée le matin.",
}


@contextmanager
def desk(folder: Path, *rules: dict[str, Any], **said: Any) -> Iterator[Road]:
    changed = open_desk(settings(rules=[ALL, *rules], **said), RING)
    yield Road(folder, lambda: changed)


async def answer(road: Road, text: str) -> str:
    """An answer to the last mail to Alice, an hour later; its verdict."""
    road.clock.set(road.clock.now() + timedelta(hours=1))
    to = str((await road.last(ALICE))["Reply-To"].addresses[0].addr_spec)
    return (await road.receive(letter(ALICE, text, to=to))).verdict


async def sent(road: Road, to: str) -> list[str]:
    return [m.template for m in await road.queued() if m.recipient == to]


@pytest.mark.parametrize("is_written", [False, True])
@pytest.mark.parametrize("on", ["opened", "customer_replied"])
async def test_rules_of_a_product_go_with_whatever_sends_them(tmp_path: Path, on: str, is_written: bool) -> None:
    """Once the request names its product; where nobody has written any the mail is worked all the same."""
    rule = {"name": "x", "on": on, "then": {"send": "product_rules"}}
    knowledge = {"articles": [RULES_OF_GESTION] if is_written else []}
    with desk(tmp_path, rule, NEEDED, knowledge=knowledge) as road:
        await road.receive(letter(ALICE))
        assert await answer(road, "Produit : Gestion\nVersion : 4") == "reply"
        assert await sent(road, LEA) == ["agent_new_ticket"]
        assert ("product_rules" in await sent(road, ALICE)) is is_written
        await road.database.close()


@pytest.mark.parametrize("needed", [[], [NEEDED]])
async def test_a_secret_is_seen_in_what_comes_later(tmp_path: Path, needed: list[dict[str, Any]]) -> None:
    """Where rules ask for secrets and hide none: in a reply, and in the answer that makes a request whole."""
    has = {"text": {"has_secret": True}}
    rules = [{"name": on, "on": on, "if": has, "then": {"tags": on}} for on in ("opened", "customer_replied")]
    with desk(tmp_path, *rules, *needed) as road:
        await road.receive(letter(ALICE))
        await answer(road, "Produit : G\nVersion : 4\nmot de passe : Lune-2025!")
        assert (await road.ticket()).tags == (("opened",) if needed else ()) + ("customer_replied",)
        await road.database.close()


@pytest.mark.parametrize("then", [{"notify": ["team", SALES]}, {"forward": SALES}, {"assign": "marc@isybuy.example"}])
async def test_nobody_hears_of_a_request_that_still_lacks_something(tmp_path: Path, then: dict[str, Any]) -> None:
    with desk(tmp_path, NEEDED, {"name": "later", "on": ["customer_replied", "pending"], "then": then}) as road:
        await road.receive(letter(ALICE))
        await answer(road, "Produit : G")
        assert {m.recipient for m in await road.queued()} == {ALICE}
        await answer(road, "Version : 4")
        assert len({m.recipient for m in await road.queued()}) > 2
        await road.database.close()


async def test_a_subject_that_an_answer_names_is_as_any_other(tmp_path: Path) -> None:
    """No reference of another ticket stands in it, and it has an end."""
    with desk(tmp_path, {"name": "needed", "then": {"require": "subject"}}) as road:
        await road.receive(letter(ALICE, subject="Bonjour"))
        to = str((await road.last(ALICE))["Reply-To"].addresses[0].addr_spec)
        named = "Objet : export vide [ISY-1001-1-70A5Q-EHX3-YV63] " + "depuis hier " * 80
        await road.receive(letter(ALICE, named, to=to, subject="Bonjour"))
        subject = (await road.ticket()).subject
        assert subject.startswith("export vide depuis hier")
        assert "ISY-" not in subject
        assert len(subject) <= 250
        await road.database.close()


@pytest.mark.parametrize(("proof", "more"), [("none", 0), ("pass", 3)])
async def test_a_forged_request_draws_one_mail(tmp_path: Path, proof: str, more: int) -> None:
    """Its steps of waiting end it, and write to nobody."""
    with desk(tmp_path, NEEDED) as road:
        await road.receive(letter(EVE, proof=proof))
        for _ in range(11):
            await road.after(days=1)
        assert len(await sent(road, EVE)) == 1 + more
        assert (await road.ticket()).status is Status.RESOLVED
        await road.database.close()


async def test_files_that_come_with_a_click_are_passed_on(tmp_path: Path) -> None:
    with desk(tmp_path, {"name": "on", "then": {"forward": SALES}}) as road:
        await road.receive(letter(ALICE))
        await road.receive(letter(ALICE, "Encore", subject="Re: Export [ISY-1001]", head="In-Reply-To: <x@y.example>"))
        assert await road.held() == ["plain_reply"]
        new_request = links(await road.last(ALICE))[-1]
        head = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b"
        text = (
            "--b\n\nVoici\n--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.log\n\nx\n--b--"
        )
        click = letter(ALICE, text, to=new_request, head=head).decode()
        await road.receive(click.replace("Content-Type: text/plain; charset=utf-8\r\nMIME", "MIME", 1).encode())
        assert [part.get_filename() for part in (await road.last(SALES)).iter_attachments()] == ["a.log"]
        await road.database.close()


async def test_what_the_rules_no_longer_require_is_not_asked_for(tmp_path: Path) -> None:
    """The rule was taken out while a request waited: the next answer makes it whole."""
    with desk(tmp_path, NEEDED) as road:
        await road.receive(letter(ALICE))
        without = open_desk(settings(rules=[ALL]), RING)
        road.desk = lambda: without
        await answer(road, "Produit : Gestion")
        assert (await road.ticket()).missing == ()
        assert await sent(road, LEA) == ["agent_new_ticket"]
        assert await sent(road, ALICE) == ["incomplete_request"]
        await road.database.close()


@pytest.mark.parametrize(
    ("then", "told"),
    [
        ({"redirect": {"to": SALES}}, "redirected"),
        ({"refuse": {"because": {"fr": "Gestion n'est plus aidée."}}}, "declined"),
    ],
)
async def test_who_turns_out_to_be_turned_away_is_not_asked_for_more(
    tmp_path: Path, then: dict[str, Any], told: str
) -> None:
    """One answer of two tells that the request is none for this desk."""
    away = {"name": "away", "if": {"body": {"contains": "Gestion"}}, "then": then}
    with desk(tmp_path, NEEDED, away) as road:
        await road.receive(letter(ALICE))
        await answer(road, "Produit : Gestion")
        assert await sent(road, ALICE) == ["incomplete_request", told]
        assert (await road.ticket()).status is Status.RESOLVED
        assert await sent(road, LEA) == []
        await road.database.close()
