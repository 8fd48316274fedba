"""What may an operator order about mails that are to leave? The brake, another try, or that one must not leave.

Commands write this beside the running daemon, which looks at the brake before each mail.
"""

from datetime import datetime

from sqlalchemy import bindparam, delete, exists, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session

from maild.errors import BadInput
from maild.store.tables import OUTBOX, SWITCH

OUTBOX_PAUSED = "outbox-paused"
TRY_NOW = "outbox-try-now"  # until the daemon has seen it
IS_PAUSED = exists().where(SWITCH.c.name == OUTBOX_PAUSED)
_RETRIED = {"state": "queued", "reason": "retried", "attempts": 0, "was_uncertain": False, "ended_at": None}
_CAN_BE_TRIED = ("queued", "refused", "held", "uncertain")
_STATE = select(OUTBOX.c.state, OUTBOX.c.is_in_data, OUTBOX.c.reason).where(OUTBOX.c.id == bindparam("this"))


def pause(session: Session, now: datetime) -> bool:
    """From now on no mail begins to leave; False if that was so already."""
    row = {"name": OUTBOX_PAUSED, "set_at": now}
    done = session.connection().execute(insert(SWITCH).on_conflict_do_nothing(index_elements=["name"]), row)
    return done.rowcount == 1


def resume(session: Session) -> bool:
    """Mails leave again; False if nobody had paused them."""
    return session.connection().execute(delete(SWITCH).where(SWITCH.c.name == OUTBOX_PAUSED)).rowcount == 1


def paused_since(session: Session) -> datetime | None:
    """When the brake was pulled; None if it is not."""
    return session.connection().scalar(select(SWITCH.c.set_at).where(SWITCH.c.name == OUTBOX_PAUSED))


def retry(session: Session, number: int, now: datetime) -> str:
    """That mail waits to be sent now, with the same bytes; the state in which it was.

    `sent` is one that no server confirmed (reason `unconfirmed`). BadInput for any other that was sent, for one that is
    being sent, and for one that was cancelled.
    """
    state, _, reason = _state(session, number)
    if state not in _CAN_BE_TRIED and (state, reason) != ("sent", "unconfirmed"):
        words = f"{', '.join(_CAN_BE_TRIED)} or unconfirmed"
        raise BadInput(f"mail {number} is {state}; only {words} mails can be tried again")
    session.connection().execute(
        update(OUTBOX).where(OUTBOX.c.id == number).values(**_RETRIED, next_at=now, owed_from=now)
    )
    return state


def try_now(session: Session, now: datetime) -> None:
    """Ask the daemon to rest no longer from a server that did not take mail."""
    row = {"name": TRY_NOW, "set_at": now}
    session.connection().execute(insert(SWITCH).on_conflict_do_nothing(index_elements=["name"]), row)


def take_try_now(session: Session) -> bool:
    """Whether somebody asked for that since it was taken last."""
    return session.connection().execute(delete(SWITCH).where(SWITCH.c.name == TRY_NOW)).rowcount == 1


def held_for(session: Session) -> dict[str, int]:
    """How many mails are held, by the reason."""
    reasons = select(OUTBOX.c.reason, func.count()).where(OUTBOX.c.state == "held").group_by(OUTBOX.c.reason)
    return {reason: int(many) for reason, many in session.connection().execute(reasons.order_by(OUTBOX.c.reason))}


def retry_held(session: Session, reason: str, now: datetime) -> int:
    """The same for every mail that is held for that reason; how many there were."""
    these = update(OUTBOX).where(OUTBOX.c.state == "held", OUTBOX.c.reason == reason)
    return session.connection().execute(these.values(**_RETRIED, next_at=now, owed_from=now)).rowcount


def cancel(session: Session, number: int, now: datetime) -> str:
    """That mail will not leave; the state in which it was. BadInput for one that has left, or may have."""
    state, is_in_data, reason = _state(session, number)
    if state == "sent" and reason != "unconfirmed":
        raise BadInput(f"mail {number} was sent; it can't be called back")
    if state in ("sent", "uncertain") or is_in_data:
        raise BadInput(f"mail {number} may have left already; it can't be called back")
    if state in ("refused", "cancelled"):
        raise BadInput(f"mail {number} is {state}: nothing of it will leave")
    session.connection().execute(
        update(OUTBOX).where(OUTBOX.c.id == number).values(state="cancelled", reason="cancelled", ended_at=now)
    )
    return state


def cancel_held(session: Session, reason: str, now: datetime) -> int:
    """The same for every mail that is held for that reason; how many there were."""
    these = update(OUTBOX).where(OUTBOX.c.state == "held", OUTBOX.c.reason == reason)
    return session.connection().execute(these.values(state="cancelled", reason="cancelled", ended_at=now)).rowcount


def _state(session: Session, number: int) -> tuple[str, bool, str]:
    row = session.connection().execute(_STATE, {"this": number}).one_or_none()
    if row is None:
        raise BadInput(f"there is no mail {number} in the outbox; `maild outbox list` shows them")
    return row.state, row.is_in_data, row.reason
