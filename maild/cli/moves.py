"""`maild tickets set|merge|split|link|add|remove|address`: what agents do by mail, for the admin and for scripts.

The effects are those of the mails (plan/merging.py and its neighbours); `maild references revoke` stands here too.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from maild.cli.options import RULES, Json, Rules
from maild.cli.output import say, show_json
from maild.cli.tickets import Ref, app
from maild.cli.words import ENGLISH

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from maild.mail import Address
    from maild.plan.letters import Desk
    from maild.plan.move import Move
    from maild.store.database import Session
    from maild.ticket import Ticket

    Work = Callable[[Session, Desk, dict[int, Ticket], datetime], Move]

references = typer.Typer(help="The signed references in the desk's mails.", no_args_is_help=True)
Who = Annotated[str, typer.Argument(metavar="ADDRESS", help="A mail address.")]


@app.command()
def merge(
    ref: Ref,
    into: Annotated[str, typer.Argument(metavar="INTO", help="The ticket in which it goes on.")],
    confirm: Annotated[bool, typer.Option("--confirm", help="Although their customers differ.")] = False,
    rules: Rules = RULES,
    as_json: Json = False,
) -> None:
    """Join a ticket to another one: its references lead there, its customer is told."""
    from maild.plan.merging import merge

    def work(session: "Session", desk: "Desk", found: "dict[int, Ticket]", now: "datetime") -> "Move":
        source, target = (found.get(n) for n in numbers)
        assert source is not None
        return merge(desk, source, target, is_confirmed=confirm, by="", now=now)

    numbers = _numbers(rules, ref, into)
    _done("merge", _move(rules, numbers, work, into), "is joined to", as_json)


@app.command()
def split(
    ref: Ref,
    text: Annotated[str, typer.Option("--text", help="The part's words; - reads them from standard input.")],
    subject: Annotated[str, typer.Option("--subject", help="Default: the first line of the text.")] = "",
    rules: Rules = RULES,
    as_json: Json = False,
) -> None:
    """Open a ticket of its own for a part of this one: the customer is told of its reference."""
    from maild.plan.splitting import split
    from maild.store.tickets import next_number

    words = sys.stdin.read() if text == "-" else text

    def work(session: "Session", desk: "Desk", found: "dict[int, Ticket]", now: "datetime") -> "Move":
        [ticket] = found.values()
        return split(desk, ticket, next_number(session), subject, words, by="", assignee="", now=now)

    _done("split", _move(rules, _numbers(rules, ref), work), "is split; the part is", as_json)


@app.command()
def link(
    ref: Ref,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="The other ticket.")],
    rules: Rules = RULES,
    as_json: Json = False,
) -> None:
    """Say that two tickets have to do with each other. Customers do not see it."""
    from maild.plan.moves import link

    def work(session: "Session", desk: "Desk", found: "dict[int, Ticket]", now: "datetime") -> "Move":
        first, second = (found.get(n) for n in numbers)
        assert first is not None
        return link(desk, first, second, by="")

    numbers = _numbers(rules, ref, other)
    _done("link", _move(rules, numbers, work, other), "is linked to", as_json)


@app.command()
def add(
    ref: Ref,
    address: Who,
    with_history: Annotated[bool, typer.Option("--with-history", help="They get what was written before.")] = False,
    rules: Rules = RULES,
    as_json: Json = False,
) -> None:
    """Put somebody on a ticket: from now on they get its answers and may write into it."""
    from maild.plan.participants import add
    from maild.store.tickets import public_history

    who = _person(address)

    def work(session: "Session", desk: "Desk", found: "dict[int, Ticket]", now: "datetime") -> "Move":
        [ticket] = found.values()
        history = public_history(session, ticket) if with_history else None
        return add(desk, ticket, who, history=history, by="", now=now)

    _done("add", _move(rules, _numbers(rules, ref), work), "is followed from now on by", as_json)


@app.command()
def remove(ref: Ref, address: Who, rules: Rules = RULES, as_json: Json = False) -> None:
    """Take somebody off a ticket: their references are void at once, and they are told nothing more."""
    from maild.plan.participants import remove

    who = _person(address)

    def work(session: "Session", desk: "Desk", found: "dict[int, Ticket]", now: "datetime") -> "Move":
        [ticket] = found.values()
        return remove(ticket, who.address, by="")

    _done("remove", _move(rules, _numbers(rules, ref), work), "is no longer followed by", as_json)


@app.command()
def address(
    ref: Ref,
    old: Annotated[str, typer.Argument(metavar="OLD", help="The address that is on the ticket.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same person's new address.")],
    rules: Rules = RULES,
    as_json: Json = False,
) -> None:
    """Give somebody on a ticket another address: what the old one was given is void."""
    from maild.plan.participants import change_address

    before, after = _person(old), _person(new)

    def work(session: "Session", desk: "Desk", found: "dict[int, Ticket]", now: "datetime") -> "Move":
        [ticket] = found.values()
        return change_address(desk, ticket, before.address, after.address, by="")

    _done("address", _move(rules, _numbers(rules, ref), work), "has now", as_json)


@app.command("set")
def set_(
    ref: Ref,
    changes: Annotated[
        list[str], typer.Argument(metavar="NAME=VALUE...", help="priority, impact, urgency, type, product, queue, tag.")
    ],
    rules: Rules = RULES,
    as_json: Json = False,
) -> None:
    """Say what a ticket is: `priority=high tag=export`. Its customer is told of the priority as if by mail."""
    from maild.cli.place import settings_of
    from maild.errors import BadInput
    from maild.people.commands import commands_in
    from maild.plan.move import Move
    from maild.plan.problems import in_sentences
    from maild.plan.qualifying import QUALIFYING, news_of, qualified, told_of_priority

    parted = [change.partition("=") for change in changes]
    commands, wrong = commands_in("\n".join(f"#{name} {value}" for name, _, value in parted))
    is_said = all(sign for _, sign, _ in parted) and all(c.word in QUALIFYING for c in commands)
    if not is_said or any(slug != "unknown-value" for slug, _ in wrong):
        raise typer.BadParameter(f"write NAME=VALUE, with one of {', '.join(sorted(QUALIFYING))}")
    if wrong:
        raise BadInput(" ".join(in_sentences(settings_of(rules), wrong, ENGLISH)))

    def work(session: "Session", desk: "Desk", found: "dict[int, Ticket]", now: "datetime") -> "Move":
        [ticket] = found.values()
        worth = qualified(desk.settings, ticket, commands, by="", key="operator", language=ENGLISH)
        if worth.problems:
            raise BadInput(" ".join(in_sentences(desk.settings, worth.problems, ENGLISH)))
        told = told_of_priority(desk, worth.ticket, news_of(worth, ticket), f"command:{now.isoformat()}", now)
        said = ", ".join(f"{name} {what}" for name, what in worth.results if what)
        return Move(worth.ticket, (*worth.effects, *told), "", said)

    _done("set", _move(rules, _numbers(rules, ref), work), "has now", as_json)


@references.command()
def revoke(
    address: Annotated[str | None, typer.Argument(metavar="ADDRESS", help="Whose references.")] = None,
    ticket: Annotated[str | None, typer.Option("--ticket", metavar="REF", help="Only on this ticket.")] = None,
    rules: Rules = RULES,
    as_json: Json = False,
) -> None:
    """Make references void at once: somebody's, a ticket's, or somebody's on a ticket. The next mail brings others."""
    from functools import partial

    from maild.cli.place import opened, settings_of, ticket_number
    from maild.errors import BadInput
    from maild.store.people import revoke_references

    if address is None and ticket is None:
        raise typer.BadParameter("say whose references, an address or --ticket REF")
    settings = settings_of(rules)
    key = _person(address).key if address is not None else None
    number = ticket_number(ticket, settings) if ticket is not None else None
    with opened(settings, writes=True) as database:
        count = database.write_now(partial(revoke_references, key=key, number=number))
    if not count:
        raise BadInput("nobody there has a reference; `maild tickets show REF` shows who is on a ticket")
    if as_json:
        show_json({"revoked": count})
    else:
        say(f"Revoked on {count} place{'s' if count > 1 else ''}; the next mail to each brings a new reference.")


def _numbers(rules: "Path", *refs: str) -> list[int]:
    from maild.cli.place import settings_of, ticket_number

    settings = settings_of(rules)
    return [ticket_number(ref, settings) for ref in refs]


def _person(written: str) -> "Address":
    from maild.errors import BadInput
    from maild.people.addressed import address_named

    who = address_named(written)
    if who is None:
        raise BadInput(f"'{written}' is no mail address; write it like bruno@client-b.example")
    return who


def _move(rules: "Path", numbers: list[int], work: "Work", other: str = "") -> "tuple[str, Move]":
    """Does it in one transaction: the ticket's name, and what came of it. BadInput says why nothing was done."""
    from maild.cli.place import desk_of, opened, present, settings_of
    from maild.errors import BadInput
    from maild.plan.occasions import Cause
    from maild.plan.wording import problem_text
    from maild.store.apply import apply
    from maild.store.occasions import with_rules
    from maild.store.tickets import load_tickets

    settings = settings_of(rules)
    desk, now = desk_of(settings), present().now()

    def done(session: "Session") -> "Move":
        found = load_tickets(session, numbers)
        if numbers[0] not in found:
            raise BadInput(f"there is no ticket {numbers[0]}; `maild tickets list` shows them")
        move = work(session, desk, found, now)
        if move.problem:
            raise BadInput(problem_text(move.problem, move.what or other, "", ENGLISH))
        cause = Cause(f"occasion:command:{now.isoformat()}", now)
        apply(session, with_rules(session, desk, found.values(), move.effects, cause), now)
        return move

    with opened(settings, writes=True) as database:
        move = database.write_now(done)
    return f"{settings.site.reference}-{numbers[0]}", move


def _done(word: str, outcome: "tuple[str, Move]", says: str, as_json: bool) -> None:
    name, move = outcome
    if as_json:
        show_json({"command": word, "ticket": name, "to": move.what})
    else:
        say(f"{name} {says} {move.what}.")
