"""What has the admin been told? The rows of alerts, and whether their mails have left."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Row, or_, select
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session

from maild.concern import Alert, Concern
from maild.store.admin_tables import ALERT
from maild.store.tables import OUTBOX

_NEW = insert(ALERT)
_SAVED = _NEW.on_conflict_do_update(
    index_elements=["key"], set_={column.name: _NEW.excluded[column.name] for column in ALERT.c if column.name != "key"}
)


def load(session: Session, since: datetime) -> list[Alert]:
    """Those that are open, and those of which the admin heard after `since`; the oldest first."""
    lately = or_(ALERT.c.ended_at.is_(None), ALERT.c.told_at > since, ALERT.c.paged_at > since)
    return [
        _alert(row) for row in session.connection().execute(select(ALERT).where(lately).order_by(ALERT.c.raised_at))
    ]


def save(session: Session, alerts: Iterable[Alert]) -> None:
    """Each as it is now; what a row of the same key held before is forgotten."""
    for alert in alerts:
        values = {
            "key": alert.key,
            "notice": alert.concern.notice,
            "details": list(alert.concern.details),
            "raised_at": alert.raised_at,
            "told_at": alert.told_at,
            "paged_at": alert.paged_at,
            "ended_at": alert.ended_at,
        }
        session.connection().execute(_SAVED, values)


def open_alerts(session: Session) -> list[Alert]:
    """What needs the admin now, the oldest first."""
    rows = session.connection().execute(select(ALERT).where(ALERT.c.ended_at.is_(None)).order_by(ALERT.c.raised_at))
    return [_alert(row) for row in rows]


def mail_states(session: Session, keys: Collection[str]) -> dict[str, str]:
    """The state in the outbox of each mail that is owed for one of these keys."""
    rows = session.connection().execute(select(OUTBOX.c.key, OUTBOX.c.state).where(OUTBOX.c.key.in_(keys)))
    return {row.key: row.state for row in rows}


def _alert(row: Row[tuple[object, ...]]) -> Alert:
    concern = Concern(row.key, row.notice, tuple(row.details))
    return Alert(concern, row.raised_at, row.told_at, row.paged_at, row.ended_at)
