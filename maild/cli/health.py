"""What of `maild status` is about health: what needs the admin, and whether mail leaves?"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from maild.cli.output import iso, local

if TYPE_CHECKING:
    from maild.concern import Alert
    from maild.store.database import Database

ENGLISH = "en"  # the language of the command line


def open_alerts(database: "Database", zone: ZoneInfo) -> list[dict[str, Any]]:
    """The alerts that are open, as --json prints them. `mail`: the state of their mail in the outbox, None for none."""
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
            "details": list(alert.concern.details),
            "since": iso(alert.raised_at, zone),
            "told_at": iso(alert.told_at, zone) if mail_key(alert) in states else None,
            "mail": states.get(mail_key(alert)),
            "paged_at": iso(alert.paged_at, zone) if alert.is_paged else None,
        }
        for alert in found
    ]


def alert_lines(alerts: list[dict[str, Any]], zone: ZoneInfo) -> list[str]:
    """The same for people; nothing where all is well."""
    return [
        f"ALERT:     {alert['what']} ({', '.join(alert['details'])}), since {_minute(alert['since'], zone)}; "
        + (f"told {' and '.join(told)}" if (told := _told(alert, zone)) else "not told yet")
        for alert in alerts
    ]


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
    hint = "; time will not mend it, see `smtp:` in the rules file" if smtp.get("is_configuration") else ""
    return f"  smtp: {smtp.get('state')}{since}{error}{hint}"


def _minute(at: str, zone: ZoneInfo) -> str:
    return local(datetime.fromisoformat(at), zone)
