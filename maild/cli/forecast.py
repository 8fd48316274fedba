"""`maild forecast REF`: what will happen to this ticket, mail by mail, if nobody writes?"""

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from maild.cli.options import RULES, Json, Rules
from maild.cli.output import iso, one_line, say, show_json
from maild.cli.tickets import Ref

if TYPE_CHECKING:
    from maild.settings import Settings
    from maild.simulate.forecast import Forecast, Foreseen

LONGEST = timedelta(days=731)
_HINDRANCES = {
    "held-answer": "a held mail may be the customer's answer: reminders and the automatic end wait until it is decided "
    "on; see `maild held list`",
    "undeliverable": "mail to the requester comes back: reminders and the automatic end have stopped",
    "outbox-paused": "the outbox is paused: mails are written and do not leave; see `maild outbox resume`",
}
Until = Annotated[str, typer.Option(metavar="LENGTH|DAY", help="Such as 15d, 12h, 2w, or a day like 2026-12-24.")]


def forecast(ref: Ref, until: Until = "15d", rules: Rules = RULES, as_json: Json = False) -> None:
    """Show what will happen to a ticket if nobody writes. Nothing is sent, and nothing is changed."""
    from maild.cli.place import desk_of, opened, present, settings_of, ticket_number
    from maild.errors import BadInput
    from maild.simulate.forecast import forecast as foresee

    settings = settings_of(rules)
    number = ticket_number(ref, settings)
    now = present().now()
    end = _end(until, now, settings)
    with opened(settings):  # for what is to be said where it is not there, or of another version
        desk = desk_of(settings)
        found = asyncio.run(foresee(settings.store.database, settings.store.files, desk, number, now, end))
    if found is None:
        raise BadInput(f"there is no ticket {number}; `maild tickets list` shows them")
    if as_json:
        show_json(_json(found, settings, now, end))
    else:
        _show(found, settings, end)


def _end(text: str, now: datetime, settings: "Settings") -> datetime:
    from maild.cli.spans import day_or_length_after

    end = day_or_length_after(text, now, settings.site.zone)
    if not now < end <= now + LONGEST:
        raise typer.BadParameter(f"'{text}' is not within the next two years", param_hint="--until")
    return end


def _json(found: "Forecast", settings: "Settings", now: datetime, end: datetime) -> dict[str, Any]:
    zone = settings.site.zone
    return {
        "reference": f"{settings.site.reference}-{found.ticket.number}",
        "number": found.ticket.number,
        "status": found.ticket.status.value,
        "from": iso(now, zone),
        "until": iso(end, zone),
        "foreseen": [_one_json(one, settings) for one in found.foreseen],
        "status_then": found.after.status.value,
        "hindrances": list(found.hindrances),
    }


def _one_json(one: "Foreseen", settings: "Settings") -> dict[str, Any]:
    from maild.simulate.forecast import Change

    zone, what = settings.site.zone, one.what
    at = {"at": iso(one.at, zone)}
    if isinstance(what, str):
        return {"kind": "event", **at, "text": what}
    if isinstance(what, Change):
        return {"kind": "change", **at, "what": what.what, "before": what.before, "after": what.after}
    mail = {"template": what.template, "to": what.to, "subject": what.subject, "held": what.reason}
    return {"kind": "mail", **at, "leaves_at": iso(what.leaves_at, zone), **mail}


def _show(found: "Forecast", settings: "Settings", end: datetime) -> None:
    zone, ticket = settings.site.zone, found.ticket
    say(f"{settings.site.reference}-{ticket.number}  {one_line(ticket.subject)}")
    say(f"{ticket.status.value} now; if nobody writes until {end.astimezone(zone):%a %Y-%m-%d %H:%M}:")
    for one in found.foreseen:
        say(f"  {one.at.astimezone(zone):%a %Y-%m-%d %H:%M}  {one_line(_words(one, settings))}")
    if not found.foreseen:
        say("  nothing will happen")
    for slug in found.hindrances:
        say(f"note: {_HINDRANCES[slug]}")


def _words(one: "Foreseen", settings: "Settings") -> str:
    from maild.simulate.forecast import Change

    what = one.what
    if isinstance(what, str):
        return what
    if isinstance(what, Change):
        return f"{what.what}: {what.after or 'none'} instead of {what.before or 'none'}"
    leaves = f", leaves {what.leaves_at.astimezone(settings.site.zone):%a %Y-%m-%d %H:%M}"
    held = f" (held: {what.reason})" if what.reason else leaves if what.leaves_at > one.at else ""
    return f"mail {what.template} to {what.to}{held}: {what.subject}"
