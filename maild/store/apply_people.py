"""Makes effects on people true: accounts, agents who leave, blocks. Called by store/apply.py."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, update
from sqlalchemy.dialects.sqlite import insert as insert_new

from maild.personal_effects import AddAccount, Block, EndAgent, OptIn, OptOut, Unblock
from maild.store.accounts import add_account
from maild.store.people_tables import BLOCK, DEPARTURE, OPT_OUT
from maild.store.tables import PARTICIPANT
from maild.ticket import Role

_NEW_DEPARTURE = insert_new(DEPARTURE).on_conflict_do_nothing(index_elements=["key"])


def _add_account(rows: Connection, effect: AddAccount, now: datetime) -> None:
    add_account(rows, effect.address, effect.person, effect.by, now)


def _end_agent(rows: Connection, effect: EndAgent, now: datetime) -> None:
    here = (PARTICIPANT.c.key == effect.key, PARTICIPANT.c.role == str(Role.AGENT), ~PARTICIPANT.c.is_removed)
    rows.execute(update(PARTICIPANT).where(*here).values(is_removed=True, epoch=PARTICIPANT.c.epoch + 1))
    rows.execute(_NEW_DEPARTURE, {"key": effect.key, "at": now})


def _block(rows: Connection, effect: Block, now: datetime) -> None:
    row = {"key": effect.key, "by": effect.by, "at": now}
    rows.execute(insert_new(BLOCK).on_conflict_do_nothing(index_elements=["key"]), row)


def _unblock(rows: Connection, effect: Unblock, now: datetime) -> None:
    rows.execute(delete(BLOCK).where(BLOCK.c.key == effect.key))


def _opt_out(rows: Connection, effect: OptOut, now: datetime) -> None:
    row = {"key": effect.key, "by": effect.by, "at": now}
    rows.execute(insert_new(OPT_OUT).on_conflict_do_nothing(index_elements=["key"]), row)


def _opt_in(rows: Connection, effect: OptIn, now: datetime) -> None:
    rows.execute(delete(OPT_OUT).where(OPT_OUT.c.key == effect.key))


OF_PEOPLE: dict[type, Callable[[Connection, Any, datetime], None]] = {
    AddAccount: _add_account,
    EndAgent: _end_agent,
    Block: _block,
    Unblock: _unblock,
    OptOut: _opt_out,
    OptIn: _opt_in,
}
