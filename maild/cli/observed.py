"""What has an observation seen, and what would maild have done? `maild status` shows it, and `maild run --observe` ends
with it."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from maild.cli.health import unproved, unproved_lines
from maild.cli.output import iso, local, one_line
from maild.cli.place import opened
from maild.cli.running import running
from maild.cli.words import VERDICTS
from maild.errors import BadConfig
from maild.observe import observed_place
from maild.settings import Settings
from maild.store import observed, queries
from maild.store.database import Database, Session

LAST = 20  # mails shown, and timers


@contextmanager
def opened_beside(settings: Settings) -> Iterator[Database | None]:
    """The store of an observation of this desk, while a command reads it; None where there is none that can be read."""
    place = observed_place(settings)
    if not place.store.database.is_file():
        yield None
        return
    with ExitStack() as stack:
        database = None
        with suppress(BadConfig):  # of an older maild: the next observation makes it anew or brings it up to date
            database = stack.enter_context(opened(place))
        yield database


def look(database: Database, settings: Settings) -> dict[str, Any] | None:
    """All of it, as --json prints it; None where nothing was observed yet."""
    zone, daemon = settings.site.zone, running(database.path)

    def work(
        session: Session,
    ) -> tuple[datetime, observed.Tally, Sequence[observed.Observed], Sequence[observed.Unsent], dict[str, list[str]]]:
        since = observed.observing_since(session)
        if since is None:
            raise LookupError
        before = observed.Known(since)
        mails, proofs = observed.mails(session, before, last=LAST), queries.proofs(session, since=since)
        return (
            since,
            observed.tally(session, since),
            mails,
            observed.owed_by_the_clock(session, before, last=LAST),
            proofs,
        )

    try:
        since, totals, mails, timers, proofs = database.read_now(work)
    except LookupError:
        return None
    return {
        "database": str(database.path),
        "daemon": daemon,
        "since": iso(since, zone),
        "mails": sum(totals.verdicts.values()),
        "verdicts": totals.verdicts,
        "would_send": totals.templates,
        "unproved": unproved(proofs, settings),
        "last": [_mail(mail, zone) for mail in mails],
        "timers": [{"at": iso(t.at, zone), "ticket": t.ticket, **_unsent(t)} for t in timers],
    }


def _mail(mail: observed.Observed, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": mail.id,
        "at": iso(mail.at, zone),
        "mailbox": mail.mailbox,
        "from": mail.sender,
        "subject": mail.subject,
        "verdict": mail.verdict,
        "reason": mail.reason,
        "disposition": mail.disposition,
        "ticket": mail.ticket,
        "queue": mail.queue,
        "assignee": mail.assignee,
        "rules": [{"rule": name, "line": line} for name, line in mail.rules],
        "would_send": [_unsent(unsent) for unsent in mail.unsent],
    }


def _unsent(unsent: observed.Unsent) -> dict[str, Any]:
    return {"template": unsent.template, "to": unsent.recipient}


def lines(seen: dict[str, Any], zone: ZoneInfo, brand: str, mailboxes: Sequence[str], *, is_live: bool) -> list[str]:
    """The same for people, with `mailboxes`, a line each; one line in all where the desk has gone live since."""
    since = _local(seen["since"], zone)
    if is_live and seen["daemon"] is None:
        return [f"An observation since {since} is kept in {Path(seen['database']).name}; `--observed` shows it."]
    if seen["daemon"] is None:
        head = f"maild has observed since {since}, and does not now: nothing was moved or sent."
    else:
        head = f"maild is observing since {since}, process {seen['daemon'].get('pid', '?')}: nothing is moved or sent."
    return [head, *mailboxes, *_counts(seen), *_last(seen, zone, brand)]


def _counts(seen: dict[str, Any]) -> Iterator[str]:
    """How many mails of each verdict, and how many of each template."""
    yield f"mails seen:       {seen['mails']}"
    yield from (f"  {count:>5}  {verdict}: {VERDICTS.get(verdict, '')}" for verdict, count in seen["verdicts"].items())
    yield from unproved_lines(seen["unproved"])
    yield f"would have sent:  {sum(seen['would_send'].values())}"
    yield from (f"  {count:>5}  {template}" for template, count in seen["would_send"].items())


def _last(seen: dict[str, Any], zone: ZoneInfo, brand: str) -> Iterator[str]:
    """The last mails and timers, three lines a mail at most."""
    if seen["last"]:
        yield "the last mails, and what would have become of them:"
    for mail in seen["last"]:
        yield f"{_local(mail['at'], zone)}  {mail['from'] or '?'}  {one_line(mail['subject'])}"
        where = f": {brand}-{mail['ticket']}" if mail["ticket"] else ""
        queue = f", queue {mail['queue']}" if mail["queue"] else ""
        assignee = f", for {mail['assignee']}" if mail["assignee"] else ""
        rules = "".join(f"; rule '{one_line(r['rule'])}' (line {r['line']})" for r in mail["rules"])
        yield f"    {mail['verdict']} ({mail['reason']}){where}{queue}{assignee}{rules}"
        if mail["would_send"]:
            yield f"    would send {', '.join(_words(unsent) for unsent in mail['would_send'])}"
    if seen["timers"]:
        yield "by the clock:"
    for timer in seen["timers"]:
        yield f"{_local(timer['at'], zone)}  {brand}-{timer['ticket']}: would send {_words(timer)}"


def _words(unsent: dict[str, Any]) -> str:
    return f"{unsent['template']} to {unsent['to']}"


def _local(written: str, zone: ZoneInfo) -> str:
    return local(datetime.fromisoformat(written), zone)


def farewell(settings: Settings) -> list[str]:
    """What an observation has seen in all, and how to go live."""
    place, zone = observed_place(settings), settings.site.zone
    with opened(place) as database:
        seen = look(database, settings)
    if seen is None:
        return []
    since = _local(seen["since"], zone)
    return [
        f"maild has observed since {since}. Nothing was moved or sent.",
        *_counts(seen),
        "Mail by mail: `maild status`. A ticket: `maild explain --ticket REF --observed`.",
        "What would have been written: `maild outbox list --observed`, and `maild outbox show ID --observed`.",
        "",
        *_going_live(settings, datetime.fromisoformat(seen["since"]).astimezone(zone)),
    ]


def _going_live(settings: Settings, since: datetime) -> Iterator[str]:
    """What `maild run` will make of the mails that were seen."""
    yield "To go live: `maild run`."
    if settings.store.database.is_file():
        yield "It goes on from its own database: what has come since it ended is worked, the mails seen here among it."
    else:
        for name, box in settings.mailboxes.items():
            begins = box.begins_at(settings.site.zone)
            if begins == "now":
                yield f"  {name}: it takes what comes after its own start (`from: now`), and not the mails seen here;"
                yield f"    to have it work them too, write `from: {since:%Y-%m-%d}` in this mailbox first."
            elif begins == "all":
                yield f"  {name}: it takes every mail of the folder (`from: all`), the mails seen here among them."
            else:
                yield f"  {name}: it takes every mail since {begins:%Y-%m-%d} (`from`), the mails seen here among them."
    own = observed_place(settings).store
    yield f"{own.database.name}* and {own.files.name} hold copies of customers' mail: delete them once you are live."
