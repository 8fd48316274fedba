"""`maild status`: what is the daemon doing, and what lies in the store?"""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from maild.cli.options import RULES, Json, Rules
from maild.cli.output import clean, console, iso, local, say, show_json
from maild.cli.words import POLLER

if TYPE_CHECKING:
    from collections.abc import Callable

    from maild.cli.rules_state import WrittenRules
    from maild.store.auditing import LastAudit
    from maild.store.database import Database

NEXT = 5  # timers shown
EACH = 2.0  # seconds between two looks with --watch


def status(
    rules: Rules = RULES,
    as_json: Json = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on until Ctrl-C.")] = False,
) -> None:
    """Say what the daemon does, and count mails in, mails out and tickets."""
    from contextlib import ExitStack

    from maild.cli.observed import opened_beside
    from maild.cli.place import opened
    from maild.cli.rules_state import read_rules

    if watch and as_json:
        raise typer.BadParameter("--watch and --json do not go together")
    written = read_rules(rules)
    settings = written.settings
    with ExitStack() as stack:
        beside = stack.enter_context(opened_beside(settings))
        is_new = beside is not None and not settings.store.database.is_file()  # it has only been observed so far
        live = None if is_new else stack.enter_context(opened(settings))
        look = partial(_look_at_both, live, beside, rules)
        if as_json:
            show_json(look())
        elif watch:
            _watch(look)
        else:
            say(_text(look()))


def _watch(look: "Callable[[], dict[str, Any]]") -> None:
    import time

    from rich.live import Live
    from rich.text import Text

    with Live(console=console(), auto_refresh=False) as live:
        try:
            while True:
                live.update(Text(_text(look())), refresh=True)
                time.sleep(EACH)
        except KeyboardInterrupt:
            return


def _look_at_both(live: "Database | None", beside: "Database | None", rules: Path) -> dict[str, Any]:
    """The desk, as far as there is one, and an observation of it, as --json prints it."""
    from maild.cli import observed
    from maild.cli.rules_state import read_rules

    written = read_rules(rules)
    settings = written.settings
    seen = _look(live, written) if live else {"database": str(settings.store.database), "daemon": None}
    site = {"reference": settings.site.reference, "timezone": settings.site.timezone}
    return seen | {"site": site, "observation": observed.look(beside, settings) if beside else None}


def _text(seen: dict[str, Any]) -> str:
    """The same for people."""
    from maild.cli import observed

    zone, brand = ZoneInfo(seen["site"]["timezone"]), seen["site"]["reference"]
    lines = _lines(seen, zone, brand) if "inbound" in seen else ["maild has not run on this desk yet."]
    if seen["observation"]:
        boxes = (seen["observation"]["daemon"] or {}).get("mailboxes") or {}
        mailboxes = [_mailbox(name, box, zone) for name, box in boxes.items()]
        is_live = seen["daemon"] is not None
        lines += ["", *observed.lines(seen["observation"], zone, brand, mailboxes, is_live=is_live)]
    return "\n".join(clean(line.replace("\n", " ")) for line in lines)


def _look(database: "Database", written: "WrittenRules") -> dict[str, Any]:
    """The desk itself."""
    from maild.cli.health import open_alerts, room, silent_since, stopped_answers, unproved
    from maild.cli.place import present
    from maild.cli.rules_state import rules_state
    from maild.cli.running import running
    from maild.store import auditing, orders, queries
    from maild.store.tables import OUTBOX_STATES

    settings, zone = written.settings, written.settings.site.zone
    counts = database.read_now(partial(queries.counts, outbox_states=OUTBOX_STATES))
    timers = database.read_now(partial(queries.timers, limit=NEXT))
    paused = database.read_now(orders.paused_since)
    audit = database.read_now(auditing.last_audit)
    proofs = database.read_now(queries.proofs)
    daemon = running(settings.store.database)
    silent = silent_since(daemon, present().now())
    named = (daemon.get("concerns") or {}) if daemon and silent is None else {}
    return {
        "database": str(settings.store.database),
        "daemon": daemon,
        "daemon_silent_since": iso(silent, zone),
        "room": room(settings),
        "same_rules": None if not daemon else _digest(daemon) == written.version,
        "rules": rules_state(written, daemon),
        "alerts": [*open_alerts(database, zone, named), *stopped_answers(database, zone, present().now())],
        "unproved": unproved(proofs, settings),
        "inbound": counts.inbound,
        "outbox": counts.outbox,
        "outbox_paused_since": iso(paused, zone) if paused else None,
        "tickets": counts.tickets,
        "audit": _last_audit(audit, zone) if audit else None,
        "next": [
            {"ticket": t.ticket, "policy": t.policy, "step": t.step, "due_at": iso(t.due_at, zone)} for t in timers
        ],
    }


def _digest(daemon: dict[str, Any]) -> str:
    rules = daemon.get("rules")
    return str(rules.get("digest", "")) if isinstance(rules, dict) else ""


def _local(written: object, zone: ZoneInfo) -> str:
    """An instant as the daemon wrote it, for people of the site; '' where it wrote none."""
    try:
        return local(datetime.fromisoformat(str(written)), zone)
    except ValueError:
        return ""


def _lines(seen: dict[str, Any], zone: ZoneInfo, brand: str) -> list[str]:
    """The desk itself, for people."""
    from maild.cli.health import alert_lines, room_lines, smtp_line, unproved_lines
    from maild.cli.rules_state import rules_lines

    lines = []
    daemon = seen["daemon"]
    if daemon is None:
        lines.append(f"maild is not running on {Path(seen['database']).name}.")
    elif not daemon:
        lines.append(f"maild is running on {Path(seen['database']).name}, and has not said yet what it does.")
    else:
        started = _local(daemon.get("started_at"), zone)
        lines.append(f"maild {daemon.get('version')} is running since {started}, process {daemon['pid']}.")
        if seen["daemon_silent_since"]:
            silent = _local(seen["daemon_silent_since"], zone)
            lines.append(f"The daemon has said nothing since {silent}: what follows of it is of then.")
        lines += [_mailbox(name, box, zone) for name, box in (daemon.get("mailboxes") or {}).items()]
        lines += [smtp_line(smtp, lambda at: _local(at, zone)) for smtp in (daemon.get("smtp"),) if smtp]
    lines += rules_lines(seen["rules"], zone)
    lines += room_lines(seen["room"], seen["alerts"])
    lines += alert_lines(seen["alerts"], zone)
    lines += unproved_lines(seen["unproved"])
    lines += [
        f"mails in:  {_counted(seen['inbound'])}",
        f"mails out: {_counted(seen['outbox'])}",
        *_paused(seen, zone),
        f"tickets:   {_counted(seen['tickets']) or 'none'}",
    ]
    lines += _audited(seen["audit"], zone)
    for timer in seen["next"]:
        due = timer["due_at"][:16].replace("T", " ")
        lines.append(f"next:      {due}  {brand}-{timer['ticket']}, {timer['policy']} step {timer['step']}")
    return lines


def _last_audit(audit: "LastAudit", zone: ZoneInfo) -> dict[str, Any]:
    return {"at": iso(audit.at, zone), "mails": audit.mails, "differences": [d.line() for d in audit.differences]}


def _audited(audit: dict[str, Any] | None, zone: ZoneInfo) -> list[str]:
    if audit is None:
        return []
    count = len(audit["differences"])
    found = "no difference" if not count else f"{count} difference{'s' if count > 1 else ''}: maild audit --folder"
    return [f"audit:     {_local(audit['at'], zone)}, {audit['mails']:,} mails, {found}"]


def _paused(seen: dict[str, Any], zone: ZoneInfo) -> list[str]:
    since = _local(seen["outbox_paused_since"], zone)
    return [f"           PAUSED since {since}: no mail leaves until `maild outbox resume`"] if since else []


def _mailbox(name: str, box: dict[str, Any], zone: ZoneInfo) -> str:
    error = f": {box['error']}" if box.get("error") else ""
    sweep = _local(box.get("last_sweep"), zone) or "never"
    state = str(box.get("state"))
    state = f"{POLLER.get(state, state)} since {_local(box.get('since'), zone)}{error}"
    also = [f"{box[key]} {words}" for key, words in _ALSO.items() if box.get(key)]
    counts = ", ".join([f"kept {box.get('kept')}", f"filed {box.get('filed')}", *also])
    return f"  mailbox {name}: {state}; last sweep {sweep}, {counts}"


_ALSO = {  # what the daemon says of a mailbox, where it is not zero
    "left_alone": "older left alone",
    "too_large": "too large to be taken",
    "unreadable": "not handed over by the server",
    "lost": "kept, but their files lost",
}


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {word}" for word, count in counts.items())
