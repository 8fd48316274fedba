"""The files change while the desk works: whole or not at all, within two seconds, and each mail sees one version."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
from desk_values import RING
from road import Road

from maild.config.desk import open_desk
from maild.config.load import load
from maild.config.reload import LOOK_EACH, StandingDesk
from maild.personal_effects import EndAgent
from maild.plan.leaving import leave
from maild.store.apply import apply
from maild.store.departures import departed, open_tickets_with

RULES = """\
version: 1
site: {name: Support, reference: ISY, key: {file: reference.key}}
mailboxes: {support: {address: support@isybuy.example, trust: {authserv_id: mx.isybuy.example}}}
admin: admin@isybuy.example
people:
  agents:
    - {name: Léa Martin, address: lea@isybuy.example, teams: [n1]}
    - {name: Marc Petit, address: marc@isybuy.example, teams: [n1]}
  customers: {file: customers.csv}
  accounts: required
queues: {support: {team: n1}}
rules: [{name: all, then: {assign: least_loaded}}]
"""
CSV = "address,name\nalice@client-a.example,Alice Durand\n"
DORA = "dora@inconnu.example,Dora Blanc\n"


@dataclass
class Files:
    """The files of a desk, the desk that stands, and how often another one took its place."""

    folder: Path
    desk: StandingDesk
    road: Road
    changes: list[str]

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    async def looks(self) -> None:
        """As the daemon does: a look sees the change, the next that it stands still, the third the same of files that
        are named for the first time."""
        for _ in range(3):
            await self.desk.look()

    async def told(self) -> list[str]:
        return [detail for concern in await self.desk.concerns() for detail in concern.details]

    def knows(self, address: str) -> bool:
        return self.desk().settings.person(address) is not None


@pytest.fixture
async def files(tmp_path: Path) -> AsyncIterator[Files]:
    (tmp_path / "customers.csv").write_text(CSV)
    (tmp_path / "rules.yaml").write_text(RULES)
    rules = tmp_path / "rules.yaml"
    first = open_desk(load(rules), RING, rules)
    changes: list[str] = []
    road = Road(tmp_path)
    desk = StandingDesk(first, rules, road.database, road.clock, lambda: changes.append("changed"))
    road.desk = desk
    yield Files(tmp_path, desk, road, changes)
    await road.database.close()


def letter(sender: str, subject: str = "Bonjour") -> bytes:
    domain = sender.partition("@")[2]
    head = f"Authentication-Results: mx.isybuy.example; dmarc=pass header.from={domain}\r\nReturn-Path: <{sender}>\r\n"
    fields = f"From: {sender}\r\nTo: support@isybuy.example\r\nSubject: {subject}\r\nMessage-ID: <{subject}@x>\r\n\r\n"
    return (head + fields + subject).encode()


async def test_a_row_more_is_a_customer_more_and_their_mail_comes_in(files: Files) -> None:
    ending = await files.road.receive(letter("dora@inconnu.example"))
    assert (ending.verdict, ending.disposition) == ("unknown_sender", "held")
    files.write("customers.csv", CSV + DORA)
    assert not await files.desk.look(), "it may still be written"
    assert await files.desk.look()
    assert files.changes == ["changed"]
    files.road.intake.rules_changed()
    await files.road.intake.drain()
    assert await files.road.held() == []
    assert (await files.road.ticket()).requester.name == "Dora Blanc"
    assert (await files.road.ending(1)).disposition == "applied"


async def test_in_the_daemon_it_takes_less_than_two_seconds(files: Files) -> None:
    stop = asyncio.Event()
    task = asyncio.create_task(files.desk.run(stop))
    files.write("customers.csv", CSV + DORA)
    for _ in range(100):
        if files.knows("dora@inconnu.example"):
            break
        await asyncio.sleep(0.1)
    assert files.knows("dora@inconnu.example")
    assert LOOK_EACH * 2 < 1
    stop.set()
    await task


async def test_a_mistake_leaves_the_old_desk_and_is_told_with_its_line(files: Files) -> None:
    before = files.desk()
    files.write("customers.csv", CSV + DORA + "pas une adresse,X\n")
    await files.looks()
    assert files.desk() is before
    assert not files.knows("dora@inconnu.example")
    [said] = await files.told()
    assert said.startswith(f"{files.folder}/customers.csv:4:1: error: 'pas une adresse' is not a mail address")
    files.write("customers.csv", CSV + DORA)
    await files.looks()
    assert await files.told() == []
    assert files.knows("dora@inconnu.example")


async def test_a_list_is_read_anew_when_its_file_changes(files: Files) -> None:
    files.write("vip.txt", "client-a.example\n")
    files.write("rules.yaml", RULES.replace("queues:", "lists: {vip: {file: vip.txt}}\nqueues:"))
    await files.looks()
    assert files.desk().settings.lists["vip"] == ("client-a.example",)
    files.write("vip.txt", "client-b.example\n")
    await files.looks()
    assert files.desk().settings.lists["vip"] == ("client-b.example",)
    files.write("vip.txt", "client-b.example\n\nx\ty\n")
    await files.looks()
    assert files.desk().settings.lists["vip"] == ("client-b.example",)
    [said] = await files.told()
    assert said.startswith(f"{files.folder}/vip.txt:3:1: error: ")


async def test_a_file_that_is_gone_or_new_is_seen(files: Files) -> None:
    (files.folder / "customers.csv").unlink()
    await files.looks()
    assert "can't be read" in (await files.told())[0]
    assert files.knows("alice@client-a.example")
    files.write("rules.yaml", RULES.replace("customers.csv", "autres.csv"))
    await files.looks()
    assert "autres.csv" in (await files.told())[0]
    files.write("autres.csv", "address\nzoe@client-z.example\n")
    await files.looks()
    assert await files.told() == []
    assert files.knows("zoe@client-z.example")
    assert not files.knows("alice@client-a.example")


async def test_a_file_that_was_replaced_by_one_of_the_same_time_and_size_is_seen(files: Files) -> None:
    path = files.folder / "customers.csv"
    stat = path.stat()
    other = files.folder / "draft.csv"
    other.write_text(CSV.replace("alice@", "zelie@"))
    os.utime(other, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    other.rename(path)
    await files.looks()
    assert files.knows("zelie@client-a.example")


async def test_what_only_a_start_can_change_stays_and_the_people_come_all_the_same(files: Files) -> None:
    changed = RULES.replace("name: Support,", "name: Autre nom,").replace("Marc Petit", "Marc Grand")
    changed = changed.replace("{file: reference.key}", "{file: other.key}") + "store: {database: other.db}\n"
    files.write("rules.yaml", changed)
    files.write("customers.csv", CSV + DORA)
    before = files.desk().settings
    await files.looks()
    here = files.desk().settings
    assert (here.store, here.site.key) == (before.store, before.site.key)
    assert here.site.name == "Autre nom"
    assert here.agents["marc@isybuy.example"].address.name == "Marc Grand"
    assert files.knows("dora@inconnu.example")
    [concern] = await files.desk.concerns()
    assert (concern.notice, concern.details) == ("rules-wait", ("site.key", "store.database"))
    files.write("rules.yaml", RULES)
    await files.looks()
    assert await files.desk.concerns() == []


async def test_a_line_more_at_the_top_of_the_file_needs_no_start(files: Files) -> None:
    smtp = "smtp: {host: x.example, user: a, password: {env: A}}\n"
    files.write("rules.yaml", RULES + smtp)
    rules = files.folder / "rules.yaml"
    desk = StandingDesk(open_desk(load(rules), RING, rules), rules, files.road.database, files.road.clock, lambda: None)
    files.write("rules.yaml", "# Nos règles\n" + RULES.replace("Marc Petit", "Marc Grand") + smtp)
    with structlog.testing.capture_logs() as said:
        for _ in range(2):
            await desk.look()
    assert [line["event"] for line in said] == ["rules changed"]
    assert desk().settings.agents["marc@isybuy.example"].address.name == "Marc Grand"


async def test_what_does_not_fit_without_a_start_is_refused_as_a_whole(files: Files) -> None:
    """A mailbox goes on with its queue until a start; so a change that takes that queue away has to wait."""
    ours = "mailboxes: {support:"
    others = "mailboxes: {aide: {address: aide@isybuy.example, queue: aide}, support:"
    rules = files.folder / "rules.yaml"
    files.write("rules.yaml", RULES.replace(ours, others).replace("queues: {", "queues: {aide: {}, "))
    desk = StandingDesk(open_desk(load(rules), RING, rules), rules, files.road.database, files.road.clock, lambda: None)
    files.write("rules.yaml", RULES.replace("Marc Petit", "Marc Grand"))
    for _ in range(2):
        await desk.look()
    [concern] = await desk.concerns()
    assert "there is no queue 'aide'" in concern.details[0]
    assert "a change of mailboxes.aide, which" in concern.details[0]
    assert "only a restart of maild can take up" in concern.details[0]
    assert desk().settings.agents["marc@isybuy.example"].address.name == "Marc Petit"


async def test_the_half_of_a_file_is_never_read(files: Files) -> None:
    whole = CSV + DORA
    for end in range(len(CSV), len(whole)):
        files.write("customers.csv", whole[:end])
        assert not await files.desk.look()
    files.write("customers.csv", whole)
    await files.looks()
    assert files.changes == ["changed"]


async def test_an_agent_who_left_is_none_though_the_file_names_them_until_it_no_longer_does(files: Files) -> None:
    for number in range(4):
        await files.road.receive(letter("alice@client-a.example", f"n{number}"))
    database = files.road.database
    tickets = await database.read(lambda s: open_tickets_with(s, "marc@isybuy.example"))
    assert len(tickets) == 2
    here = files.desk()
    without = here.with_settings(here.settings.without_agents({"marc@isybuy.example"}))
    effects = leave(without, "marc@isybuy.example", tickets, {}, "", files.road.clock.now())
    assert isinstance(effects[0], EndAgent)
    await database.write(lambda s: apply(s, effects, files.road.clock.now()))
    await files.desk.look_for_departures()
    assert "marc@isybuy.example" not in files.desk().settings.agents
    for ticket in tickets:
        now = await files.road.ticket(ticket.number)
        assert now.assignee == "lea@isybuy.example"
        marcs = [p for p in now.participants if p.address == "marc@isybuy.example"]
        assert [(p.is_removed, p.epoch) for p in marcs] == [(True, 1)]
    told = [m for m in await files.road.queued() if m.template == "agent_assigned"]
    assert [m.recipient for m in told] == ["lea@isybuy.example"], "one mail for two tickets"
    line = "    - {name: Marc Petit, address: marc@isybuy.example, teams: [n1]}\n"
    files.write("rules.yaml", RULES.replace(line, ""))
    await files.looks()
    assert await database.read(departed) == frozenset()
    files.write("rules.yaml", RULES)
    await files.looks()
    assert "marc@isybuy.example" in files.desk().settings.agents


async def test_tickets_of_somebody_who_vanished_from_the_file_are_told_of(files: Files) -> None:
    for number in range(2):
        await files.road.receive(letter("alice@client-a.example", f"n{number}"))
    line = "    - {name: Marc Petit, address: marc@isybuy.example, teams: [n1]}\n"
    files.write("rules.yaml", RULES.replace(line, ""))
    await files.looks()
    [concern] = await files.desk.concerns()
    assert (concern.notice, concern.details) == ("agent-gone", ("marc@isybuy.example", "1"))


async def test_what_requests_have_to_hold_changes_with_the_rules_that_ask_for_it(files: Files) -> None:
    fields = "fields: {serial: {names: [Série]}}\n"
    needs = "needs: {serial: {if: {field: {serial: {is_there: yes}}}, ask: le numéro de série}}\n"
    files.write(
        "rules.yaml", RULES.replace("rules: [", f"{fields}{needs}rules: [{{name: n, then: {{require: serial}}}}, ")
    )
    await files.looks()
    assert await files.told() == []
    ending = await files.road.receive(letter("alice@client-a.example", "Export vide"))
    assert ending.verdict == "incomplete"
    assert (await files.road.ticket()).missing == ("serial",)
    files.write("rules.yaml", RULES)
    await files.looks()
    ending = await files.road.receive(letter("alice@client-a.example", "Autre export vide"))
    assert ending.verdict == "new_ticket"
