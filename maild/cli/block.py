"""`maild block`: whose mail leads to nothing?"""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from maild.cli.options import RULES, Json, Rules
from maild.cli.output import iso, local, operator, say, show_json, show_table

if TYPE_CHECKING:
    from maild.effects import Effect
    from maild.settings import Settings

app = typer.Typer(help="Addresses and domains whose mail leads to nothing.", no_args_is_help=True)
Key = Annotated[str, typer.Argument(metavar="ADDRESS|DOMAIN", help="An address, or a domain with all below it.")]


@app.command("list")
def list_(rules: Rules = RULES, as_json: Json = False) -> None:
    """List whom is blocked, by whom, since when."""
    from maild.cli.place import opened, settings_of
    from maild.store.held import blocks

    settings = settings_of(rules)
    with opened(settings) as database:
        lines = database.read_now(blocks)
    zone = settings.site.zone
    if as_json:
        show_json([{"key": key, "by": by, "at": iso(at, zone)} for key, by, at in lines])
    elif not lines:
        say("Nobody is blocked.")
    else:
        show_table(("blocked", "since", "by"), [(key, local(at, zone), by) for key, by, at in lines])


@app.command()
def add(key: Key, rules: Rules = RULES) -> None:
    """Block an address or a domain: its mail is spam from now on. Never an agent, one of ours, a public domain."""
    from maild.cli.place import settings_of
    from maild.errors import BadInput
    from maild.people.blocking import block_key
    from maild.personal_effects import Block
    from maild.plan.blocking import refused

    settings = settings_of(rules)
    if why := refused(settings, key, "en"):
        raise BadInput(f"nothing was blocked: {why}")
    _write(settings, Block(block_key(key), operator()))
    say(f"{block_key(key)} is blocked.")


@app.command()
def remove(key: Key, rules: Rules = RULES) -> None:
    """Unblock an address or a domain."""
    from maild.cli.place import opened, settings_of
    from maild.errors import BadInput
    from maild.people.blocking import block_key
    from maild.personal_effects import Unblock
    from maild.store.held import blocks

    settings, wanted = settings_of(rules), block_key(key)
    with opened(settings) as database:
        known = {blocked for blocked, _, _ in database.read_now(blocks)}
    if wanted not in known:
        raise BadInput(f"'{key}' is not blocked; `maild block list` shows whom is")
    _write(settings, Unblock(wanted))
    say(f"{wanted} is no longer blocked.")


def _write(settings: "Settings", effect: "Effect") -> None:
    import asyncio

    from maild.cli.place import opened, present
    from maild.store.apply import apply

    with opened(settings, writes=True) as database:
        asyncio.run(database.write(partial(apply, effects=[effect], now=present().now())))
