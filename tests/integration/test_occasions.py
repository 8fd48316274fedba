"""Rules react on the real road: in the transaction of the event, once, and at no cost where none of them asks."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import structlog
from cli_desk import CliDesk, message
from desk_values import RING, settings
from road import ALICE, EVE, LEA, Road, letter
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlmodel import Session

from maild.cli import main
from maild.config.desk import open_desk
from maild.decision import RuleTrial
from maild.plan import waiting
from maild.plan.occasions import Cause
from maild.store import queries
from maild.store.apply import apply
from maild.store.database import Database
from maild.store.occasions import with_rules
from maild.store.tickets import load_tickets
from maild.store.timers import due_timers

DESK = open_desk(settings(), RING)
ALL = {"name": "all", "then": {"assign": "least_loaded"}}
SALES = "commercial@isybuy.example"


def told_at(on: str, **rule: Any) -> dict[str, Any]:
    return {"name": f"tell at {on}", "on": on, "then": {"notify": SALES}, **rule}


@contextmanager
def desk(folder: Path, *rules: dict[str, Any]) -> Iterator[Road]:
    changed = DESK.with_settings(settings(rules=[ALL, *rules]))
    yield Road(folder, lambda: changed)


async def opened(road: Road) -> str:
    """A ticket of Alice; the address by which she writes into it."""
    await road.receive(letter(ALICE))
    return str((await road.last(ALICE))["Reply-To"].addresses[0].addr_spec)


async def agent_says(road: Road, text: str) -> None:
    to = str((await road.last(LEA))["Reply-To"].addresses[0].addr_spec)
    await road.receive(letter(LEA, text, to=to))


async def notices(road: Road, to: str = SALES) -> list[str]:
    return [m.template for m in await road.queued() if m.recipient == to]


@pytest.mark.parametrize(("on", "more"), [("opened", 0), ("resolved", 0), ("customer_replied", 2)])
async def test_nothing_is_read_where_no_rule_asks(tmp_path: Path, on: str, more: int) -> None:
    """The statements of a customer's reply, besides those that write what the rules do."""
    counts = []
    for name, rules in (("without", ()), ("with", (told_at(on, then={"type": "x"}),))):
        (tmp_path / name).mkdir()
        with desk(tmp_path / name, *rules) as road:
            to = await opened(road)
            said: list[str] = []
            event.listen(Engine, "before_cursor_execute", partial(_noted, said), named=True)
            await road.receive(letter(ALICE, "Toujours rien.", to=to))
            counts.append([statement for statement in said if statement.startswith("SELECT")])
            await road.database.close()
    without, with_ = counts
    assert len(with_) - len(without) == more


def _noted(said: list[str], *, statement: str, **_: object) -> None:
    said.append(statement)


async def test_a_sweep_that_runs_again_tells_nobody_again(tmp_path: Path) -> None:
    """What a timer made true is made true again, as after a crash that nobody noticed: no mail is owed twice."""
    with desk(tmp_path, told_at("resolved")) as road:
        await opened(road)
        await agent_says(road, "De quel mois ?\n\n#pending")
        for days in (2, 3, 4):
            await road.after(days=days)
        assert await notices(road) == []
        ticket = await road.ticket()
        road.clock.set(road.clock.now().replace(day=3, month=12))
        now = road.clock.now()

        def fired(session: Session) -> None:
            [timer] = [t for t in due_timers(session, now, 50) if t.policy == waiting.POLICY]
            effects = waiting.fire(road.desk(), timer, ticket, now, waiting.Wait({}))
            cause = Cause(f"occasion:waiting:{timer.round}:{timer.step}", now)
            apply(session, with_rules(session, road.desk(), [ticket], effects, cause), now)

        await road.sweeper.sweep()
        assert await notices(road) == ["agent_notice"]
        assert (await road.ticket()).status == "resolved"
        before = [m.id for m in await road.queued()]
        await road.database.write(lambda session: _armed_again(session))
        await road.database.write(fired)
        assert [m.id for m in await road.queued()] == before
        await road.database.close()


def _armed_again(session: Session) -> None:
    session.connection().exec_driver_sql("UPDATE timer SET state = 'armed' WHERE policy = 'waiting' AND step = 3")


async def test_a_held_answer_that_is_let_in_is_a_reply(tmp_path: Path) -> None:
    with desk(tmp_path, told_at("customer_replied")) as road:
        to = await opened(road)
        await road.receive(letter(EVE, "Moi aussi.", to=to))
        assert await notices(road) == []
        await road.intake.release(2, into=1001, new=False, by="")
        assert await notices(road) == ["agent_notice"]
        await road.database.close()


async def test_the_silence_is_counted_to_what_was_written_before(tmp_path: Path) -> None:
    rule = told_at("customer_replied", **{"if": {"silence": "2 days"}})
    with desk(tmp_path, rule) as road:
        to = await opened(road)
        await road.after(days=1, hours=23)
        await road.receive(letter(ALICE, "Une.", to=to))
        assert await notices(road) == []
        await road.after(days=2)
        await road.receive(letter(ALICE, "Deux.", to=to))
        assert await notices(road) == ["agent_notice"]
        await road.database.close()


async def test_a_faulty_rule_is_undone_with_the_mail_that_met_it(tmp_path: Path) -> None:
    """All or nothing: where the rules' part can't be done the mail is held, and nothing of it is true."""
    changed = DESK.with_settings(settings(rules=[ALL, told_at("customer_replied", then={"send": "no-such-template"})]))
    road = Road(tmp_path, lambda: changed)
    to = await opened(road)
    with structlog.testing.capture_logs():
        ending = await road.receive(letter(ALICE, "Encore.", to=to))
    assert (ending.disposition, ending.reason) == ("held", "our-fault")
    messages = await road.database.read(partial(queries.messages, number=1001))
    assert [m.visibility for m in messages] == ["public"]
    await road.database.close()


async def test_the_story_of_a_ticket_keeps_what_was_tried(tmp_path: Path) -> None:
    with desk(tmp_path, told_at("resolved"), told_at("reopened", name="again")) as road:
        await opened(road)
        await agent_says(road, "C'est fait.\n\n#resolve")
        kept = await road.database.read(partial(queries.decisions, ticket=1001))
        assert [(d.occasion, d.verdict) for d in kept] == [
            ("received", "new_ticket"),
            ("received", "agent_reply"),
            ("agent_replied, resolved", ""),
        ]
        assert kept[-1].trials == (RuleTrial("tell at resolved", 0, True, "no condition"),)
        assert kept[-1].inbound_id == 2
        await road.database.close()


# By the command line.
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def maild(capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    def run(*argv: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([str(word) for word in argv])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    yield run
    structlog.reset_defaults()


RULE = "  - {name: une suite, on: [customer_replied, resolved], then: {priority: high, notify: admin}}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliDesk:
    made = CliDesk(tmp_path)
    made.change("waiting:\n", f"{RULE}waiting:\n")
    monkeypatch.setenv("MAILD_RULES", str(made.rules))
    made.receive(message(ALICE, "Impossible d'exporter", "Rien."), message(ALICE, "Relevé vide", "Rien non plus."))
    return made


def test_a_command_that_ends_a_ticket_is_an_occasion_too_and_the_story_tells_it(folder: CliDesk, maild: Run) -> None:
    assert maild("tickets", "merge", "1002", "1001")[0] == 0
    code, out, _ = maild("explain", "--ticket", "1002")
    assert code == 0
    assert "resolved: the rules were asked, rules " in out
    assert "rule 'une suite' (line 30) fired: no condition" in out
    assert "by the rules: priority = high" in out
    assert "agent_notice to admin@isybuy.example" in out
    assert "the rules were asked" not in maild("explain", "--ticket", "1001")[1]


def test_a_reply_is_explained_with_the_rules_that_it_would_meet(folder: CliDesk, maild: Run, tmp_path: Path) -> None:
    subject = next(line.subject for line, _ in folder.mails() if "Impossible" in line.subject)
    file = tmp_path / "reply.eml"
    file.write_bytes(message(ALICE, f"Re: {subject}", "Toujours rien."))
    code, out, _ = maild("explain", file)
    assert code == 0
    assert "customer_replied, line 30, une suite: fired: no condition" in out
    assert "ticket 1001: priority = high" in out
    found = json.loads(maild("explain", file, "--json")[1])
    [rule] = found["rules"]
    assert (rule["occasion"], rule["rule"], rule["fired"]) == ("customer_replied", "une suite", True)
    with_ = Database(folder.database)
    assert with_.read_now(partial(load_tickets, numbers=[1001]))[1001].priority == "normal"
    with_.close_now()
