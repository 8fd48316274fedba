"""A desk whose files change while it works: the folder, the standing desk, the road, and what they say."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from road import Road

from maild.config.desk import open_desk
from maild.config.keyfile import load_keyring
from maild.config.load import load
from maild.config.reload import StandingDesk
from maild.ids import new_instance, new_key
from maild.plan.letters import Desk

RULES = """\
version: 1
site: {name: Support, reference: ISY, key: {file: reference.key}}
mailboxes:
  support:
    address: support@isybuy.example
    trust: {authserv_id: mx.isybuy.example}
admin: admin@isybuy.example
people:
  agents: [{name: Léa Martin, address: lea@isybuy.example, teams: [n1]}]
  customers: {file: customers.csv}
queues: {support: {team: n1}, factures: {team: n1}}
rules:
  - name: all
    then: {assign: least_loaded}
"""
CSV = "address,name\nalice@client-a.example,Alice Durand\n"


@dataclass
class Standing:
    """That desk."""

    folder: Path
    desk: StandingDesk
    road: Road
    changes: list[str]
    refusals: list[str] = field(default_factory=list)
    opened: dict[str, Desk] = field(default_factory=dict)  # versions, by a name

    @property
    def rules(self) -> Path:
        return self.folder / "rules.yaml"

    def write(self, name: str, text: str | bytes) -> Path:
        """In place, as a careless editor does."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def replace(self, name: str, text: str | bytes) -> None:
        """By another file of that name, as a careful one does."""
        draft = self.write(f".{name.replace('/', '-')}.new", text)
        os.replace(draft, self.folder / name)

    async def looks(self) -> None:
        """As the daemon does, until all is at rest."""
        for _ in range(3):
            await self.desk.look()

    async def told(self) -> list[str]:
        return [detail for concern in await self.desk.concerns() for detail in concern.details]


@asynccontextmanager
async def standing(folder: Path, rules: str = RULES, customers: str = CSV) -> AsyncIterator[Standing]:
    """A desk that has started with these files."""
    path = _written(folder, rules, customers)
    road = Road(folder)
    settings = load(path)
    key = settings.site.key
    ring = load_keyring(key, create=True, now=road.clock.now(), new_key=new_key, new_instance=new_instance)
    changes: list[str] = []
    refusals: list[str] = []
    first = open_desk(settings, ring, path)
    desk = StandingDesk(
        first, path, road.database, road.clock, lambda: changes.append("changed"), lambda: refusals.append("refused")
    )
    road.desk = desk
    try:
        yield Standing(folder, desk, road, changes, refusals)
    finally:
        await road.database.close()


def _written(folder: Path, rules: str, customers: str) -> Path:
    (folder / "customers.csv").write_text(customers)
    path = folder / "rules.yaml"
    path.write_text(rules)
    return path
