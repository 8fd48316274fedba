"""What of `maild status` is about health: what needs the admin, and whether mail leaves?"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from maild.cli.output import iso, local
from maild.cli.words import ENGLISH, details
from maild.judgement import Proof

if TYPE_CHECKING:
    from maild.concern import Alert
    from maild.settings import Settings
    from maild.store.database import Database

SILENT_AFTER = timedelta(seconds=15)  # the daemon speaks every two seconds
ENOUGH_MAILS = 3  # of people: fewer prove nothing of a mailbox


def silent_since(daemon: dict[str, Any] | None, now: datetime) -> datetime | None:
    """When a daemon that runs has spoken last, if that was too long ago: it is stuck, or has no room to write."""
    try:
        said = datetime.fromisoformat(str((daemon or {}).get("said_at")))
    except ValueError:
        return None
    return said if now - said > SILENT_AFTER else None


def room(settings: "Settings") -> list[dict[str, Any]]:
    """Disks of the store with little room, as --json prints them. Asked here: without room nobody can write it."""
    from maild.cli.place import given
    from maild.store.room import low_disks

    if given.get():  # a simulation has no disk of its own
        return []
    store = settings.store
    low = low_disks([store.database.parent, store.files])
    return [{"folder": str(disk.folder), "free_mib": disk.free >> 20, "is_full": disk.is_full} for disk in low]


def room_lines(disks: list[dict[str, Any]], alerts: list[dict[str, Any]]) -> list[str]:
    """The same for people, unless an alert says it already."""
    told = {alert["key"] for alert in alerts}
    return [
        f"DISK FULL: nothing can be written in {disk['folder']}: no mail is received or sent until there is room"
        if disk["is_full"]
        else f"disk low:  {disk['free_mib']} MiB left in {disk['folder']}"
        for disk in disks
        if disk["is_full"] or f"disk-low:{disk['folder']}" not in told
    ]


def unproved(proofs: dict[str, list[str]], settings: "Settings") -> list[dict[str, Any]]:
    """Mailboxes at which no sender was proved though a server is named that should: as --json prints them."""
    return [
        {"mailbox": name, "mails": len(proofs[name]), "authserv_id": box.trust.judge}
        for name, box in settings.mailboxes.items()
        if box.trust.judge and len(proofs.get(name, ())) >= ENOUGH_MAILS and set(proofs[name]) == {Proof.NONE}
    ]


def unproved_lines(found: list[dict[str, Any]]) -> list[str]:
    """The same for people."""
    return [
        f"{box['mailbox']}: no sender was proved: 0 of {box['mails']} mails carry a result of {box['authserv_id']} "
        "that counts; see `trust` in docs/rules.md"
        for box in found
    ]


def open_alerts(database: "Database", zone: ZoneInfo, concerns: dict[str, Any]) -> list[dict[str, Any]]:
    """The alerts that are open, as --json prints them. `mail`: the state of their mail in the outbox, None for none.

    `concerns`: what the daemon names just now. A matter that it does not name any more is over, and open for a while.
    """
    from maild.plan.alerts import mail_key
    from maild.store import alerts
    from maild.store.database import Session
    from maild.writing.wording import word

    def read(session: Session) -> tuple[list["Alert"], dict[str, str]]:
        found = alerts.open_alerts(session)
        return found, alerts.mail_states(session, [mail_key(alert) for alert in found])

    found, states = database.read_now(read)
    return [
        {
            "key": alert.key,
            "notice": alert.concern.notice,
            "what": word(alert.concern.notice, ENGLISH),
            "details": list(concerns.get(alert.key, {}).get("details") or alert.concern.details),
            "since": iso(alert.raised_at, zone),
            "until": None,
            "over_since": _over_since(concerns.get(alert.key), zone),
            "told_at": iso(alert.told_at, zone) if mail_key(alert) in states else None,
            "mail": states.get(mail_key(alert)),
            "paged_at": iso(alert.paged_at, zone) if alert.is_paged else None,
        }
        for alert in found
    ]


def stopped_answers(database: "Database", zone: ZoneInfo, now: datetime) -> list[dict[str, Any]]:
    """The same for automatic answers of which there were too many: no part of the daemon names it from then on, since
    the stop, the word to the admin and its end are all in the store (limits.automatic_per_hour)."""
    from maild.plan.holding import stopped_key
    from maild.store import alerts, arrivals
    from maild.store.database import Session
    from maild.writing.wording import word

    def read(session: Session) -> tuple[datetime | None, dict[str, str]]:
        at = arrivals.answers_stopped_at(session, now)
        return at, alerts.mail_states(session, [stopped_key(at)]) if at else {}

    at, states = database.read_now(read)
    if at is None:
        return []
    mail = next(iter(states.values()), None)
    return [
        {
            "key": arrivals.ANSWERS_STOPPED,
            "notice": arrivals.ANSWERS_STOPPED,
            "what": word(arrivals.ANSWERS_STOPPED, ENGLISH),
            "details": [local(at + arrivals.STOPPED_FOR, zone)],
            "since": iso(at, zone),
            "until": iso(at + arrivals.STOPPED_FOR, zone),
            "over_since": None,
            "told_at": iso(at, zone) if mail else None,
            "mail": mail,
            "paged_at": None,
        }
    ]


def alert_lines(alerts: list[dict[str, Any]], zone: ZoneInfo) -> list[str]:
    """The same for people; nothing where all is well."""
    return [_alert_line(alert, zone) for alert in sorted(alerts, key=lambda alert: bool(alert["over_since"]))]


def _alert_line(alert: dict[str, Any], zone: ZoneInfo) -> str:
    since = f"{alert['what']} ({details(alert['notice'], alert['details'])}), since {_minute(alert['since'], zone)}"
    if alert["over_since"]:
        return f"over:      {since}; over since {_minute(alert['over_since'], zone)}"
    told = _told(alert, zone)
    return f"ALERT:     {since}; " + (f"told {' and '.join(told)}" if told else "not told yet")


def _over_since(concern: dict[str, Any] | None, zone: ZoneInfo) -> str | None:
    if concern is None or concern.get("is_here", True):
        return None
    return iso(datetime.fromisoformat(concern["last_at"]), zone)


def _told(alert: dict[str, Any], zone: ZoneInfo) -> list[str]:
    told = []
    if alert["mail"] is not None:
        told.append(f"by mail {_minute(alert['told_at'], zone)} ({alert['mail']})")
    if alert["paged_at"] is not None:
        told.append(f"by the command {_minute(alert['paged_at'], zone)}")
    return told


def smtp_line(smtp: dict[str, Any], when: Callable[[object], str]) -> str:
    """Whether mail leaves, as the daemon says; `when` writes an instant of its for people."""
    since = f" since {when(smtp.get('failing_since'))}" if smtp.get("failing_since") else ""
    error = f": {smtp['error']}" if smtp.get("error") else ""
    is_stuck = smtp.get("is_configuration") and smtp.get("state") == "failing"
    hint = "; time will not mend it, see `smtp:` in the rules file" if is_stuck else ""
    return f"  smtp: {smtp.get('state')}{since}{error}{hint}"


def _minute(at: str, zone: ZoneInfo) -> str:
    return local(datetime.fromisoformat(at), zone)
