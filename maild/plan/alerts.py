"""Of what is the admin told now, by mail and by the command, and in which words? Concerns and alerts in, alerts out.

A matter is raised once it has lasted as long as its PATIENCE, is told once, and ends when nobody has named it for
GONE_AFTER. Come again it is told again, but no sooner than a day after the last time.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from maild.concern import Alert, Concern
from maild.effects import QueueMail
from maild.mail import Address
from maild.plan import letters
from maild.plan.letters import AUTOMATIC, Desk
from maild.writing.wording import word

PATIENCE: Mapping[str, timedelta] = {  # by notice; what is not here is raised at once
    "mailbox-login": timedelta(minutes=2),  # told within five (reliability I20)
    "mailbox-down": timedelta(minutes=15),
    "intake-failing": timedelta(minutes=5),
    "disk-full": timedelta(minutes=1),
    "database": timedelta(minutes=1),
}
# By notice: while one of these is there, the first only follows from it, and nobody is told.
FOLLOWS: Mapping[str, frozenset[str]] = {
    "mailbox-down": frozenset({"disk-full", "database"}),
    "intake-failing": frozenset({"disk-full", "database"}),
    "disk-low": frozenset({"disk-full"}),
}
AT_ONCE = frozenset({"smtp-configuration", "smtp-down", "smtp-refuses-all", "disk-full", "database"})  # by the command
GONE_AFTER = timedelta(minutes=5)  # so that a connection that comes and goes is one matter
AGAIN_AFTER = timedelta(hours=24)
MAIL_LEAVES_WITHIN = timedelta(minutes=15)  # if not, the command is run
MOST_AN_HOUR = 10  # of mails, and of runs; the others wait for their turn
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Presence:
    """A concern that was named lately: since when without a break, when last, and whether just now."""

    concern: Concern
    since: datetime
    last_at: datetime
    is_here: bool = True


def faulty_templates(desk: Desk) -> list[Concern]:
    """Templates that gave way: until they are loaded anew, since nobody knows which mail would meet the fault again."""
    failures = desk.failures.values()
    return [Concern(f"template-failed:{f.file}", "template-failed", (f"{f.file}:{f.line}", f.what)) for f in failures]


def remembered(alerts: Iterable[Alert], now: datetime) -> dict[str, Presence]:
    """After a start: what was open may still be so, and gets the time to show it."""
    return {a.key: Presence(a.concern, a.raised_at, now, is_here=False) for a in alerts if a.is_open}


def merged(found: Iterable[Alert], here: Mapping[str, Alert]) -> dict[str, Alert]:
    """What the database knows, read late, and what came meanwhile: nothing that was told is told again."""
    alerts = dict(here)
    for old in found:
        new = here.get(old.key)
        if new is None:
            alerts[old.key] = old
        else:
            base = old if old.is_open else new
            alerts[old.key] = replace(base, told_at=old.told_at, paged_at=new.paged_at or old.paged_at)
    return alerts


def noted(seen: Mapping[str, Presence], present: Iterable[Concern], now: datetime) -> dict[str, Presence]:
    """What was seen lately, with what is there now; the others stay until they are gone."""
    found = {key: replace(p, is_here=False) for key, p in seen.items() if now - p.last_at < GONE_AFTER}
    for concern in present:
        before = seen.get(concern.key)
        since = before.since if before is not None and before.is_here else now
        found[concern.key] = Presence(concern, since, now)
    return found


def changed(seen: Mapping[str, Presence], alerts: Mapping[str, Alert], now: datetime) -> list[Alert]:
    """Alerts that begin, begin again, or end now."""
    here = {p.concern.notice for p in seen.values() if p.is_here}
    begun = []
    for p in seen.values():
        notice, before = p.concern.notice, alerts.get(p.concern.key)
        lasts = p.is_here and now - p.since >= PATIENCE.get(notice, timedelta(0))
        if lasts and not FOLLOWS.get(notice, frozenset()) & here and (before is None or not before.is_open):
            told, paged = (before.told_at, before.paged_at) if before is not None else (None, None)
            begun.append(Alert(p.concern, p.since, told, paged))
    return begun + [replace(a, ended_at=now) for a in alerts.values() if a.is_open and a.key not in seen]


def to_tell(seen: Mapping[str, Presence], alerts: Iterable[Alert], now: datetime) -> list[Alert]:
    """Of these the admin gets a mail now, the oldest first."""
    alerts = sorted(alerts, key=lambda a: a.raised_at)
    room = MOST_AN_HOUR - sum(a.told_at is not None and now - a.told_at < _HOUR for a in alerts)
    wanted = [a for a in alerts if a.is_open and not a.is_told and seen[a.key].is_here and _is_long_ago(a.told_at, now)]
    return wanted[: max(room, 0)]


def to_page(alerts: Iterable[Alert], sent: Collection[str], now: datetime) -> list[Alert]:
    """For these the command is run now: what concerns the way out itself, and then what has not left by it in time.

    `sent`: the keys of the `late_mails` that have left. What concerns the way out waits for no turn: it is rare.
    """
    alerts = sorted(alerts, key=lambda a: a.raised_at)
    room = MOST_AN_HOUR - sum(a.paged_at is not None and now - a.paged_at < _HOUR for a in alerts)
    wanted = [a for a in alerts if _is_unpaged(a, now)]
    urgent = [a for a in wanted if _is_urgent(a)]
    late = [a for a in wanted if _is_late(a, now) and mail_key(a) not in sent]
    return urgent + late[: max(room - len(urgent), 0)]


def late_mails(alerts: Iterable[Alert], now: datetime) -> list[str]:
    """The keys of the mails that should have left by now: for those that have not the command is run."""
    return [mail_key(a) for a in alerts if _is_unpaged(a, now) and _is_late(a, now)]


def _is_unpaged(alert: Alert, now: datetime) -> bool:
    return alert.is_open and not alert.is_paged and _is_long_ago(alert.paged_at, now)


def _is_urgent(alert: Alert) -> bool:
    """Whether a mail may not come through, so that nobody waits for it."""
    return alert.concern.notice in AT_ONCE


def _is_late(alert: Alert, now: datetime) -> bool:
    if _is_urgent(alert) or not alert.is_told or alert.told_at is None:
        return False
    return now - alert.told_at >= MAIL_LEAVES_WITHIN


def _is_long_ago(at: datetime | None, now: datetime) -> bool:
    return at is None or now - at >= AGAIN_AFTER


def is_past(alert: Alert, now: datetime) -> bool:
    """Whether it matters no more: it ended, and the next time of the same matter may be told at once."""
    return not alert.is_open and _is_long_ago(alert.told_at, now) and _is_long_ago(alert.paged_at, now)


def mail_key(alert: Alert) -> str:
    """What the mail is owed for: the matter, this time."""
    return f"alert:{alert.key}:{alert.raised_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"


def alert_mail(desk: Desk, alert: Alert, now: datetime) -> QueueMail:
    """The mail to the admin."""
    return letters.to_address(
        desk,
        "admin_alert",
        next(iter(desk.settings.mailboxes)),
        Address(desk.settings.admin),
        owed_for=mail_key(alert),
        now=now,
        automatic=AUTOMATIC,
        language=desk.settings.site.language,
        values=_values(desk, alert),
    )


def page(desk: Desk, alert: Alert) -> dict[str, Any]:
    """The same for the command, as JSON: `what` in a line, `text` with what to do, in the words of the mail."""
    site = desk.settings.site
    values = {"site": site.name, "desk": site.name, **_values(desk, alert)}
    return bare_page(desk, alert) | {"text": desk.renderer.render("admin_alert", site.language, values).text}


def bare_page(desk: Desk, alert: Alert) -> dict[str, Any]:
    """What can be said even where the template can't be rendered."""
    site, concern = desk.settings.site, alert.concern
    return {
        "site": site.name,
        "notice": concern.notice,
        "key": concern.key,
        "since": alert.raised_at.astimezone(site.zone).isoformat(timespec="seconds"),
        "what": word(concern.notice, site.language),
        "text": "\n".join(concern.details),
    }


def _values(desk: Desk, alert: Alert) -> dict[str, Any]:
    since = alert.raised_at.astimezone(desk.settings.site.zone)
    return {"notice": alert.concern.notice, "details": alert.concern.details, "since": since}
