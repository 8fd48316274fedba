"""The outbox's rows as the sender needs them: claim, note that DATA has begun, settle, recover after a crash.

The statements are built once: each mail that leaves asks for all of them.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, case, exists, func, select, text, update
from sqlmodel import Session

from maild.crash import point
from maild.effects import NEVER_TWICE, PASSED_ON, Effect
from maild.judgement import Delivery
from maild.store.apply import apply
from maild.store.clock_doubt import IS_JUMPED_OVER
from maild.store.database import Database
from maild.store.orders import IS_PAUSED
from maild.store.tables import OUTBOX, WAITS
from maild.store.tickets import load_tickets
from maild.ticket import Ticket

# Of a mail that will not arrive (its ticket; none: it was passed on; delivery, reason, the server's words, now): what
# follows.
Tell = Callable[[Ticket | None, Delivery, str, str, datetime], Iterable[Effect]]
_UNSENT = ("queued", "sending", "uncertain")
_EARLIER = OUTBOX.alias("earlier")
_IS_BEHIND = exists().where(  # an earlier mail of the same ticket to the same recipient has not left yet
    _EARLIER.c.recipient_key == OUTBOX.c.recipient_key,
    _EARLIER.c.ticket.is_not_distinct_from(OUTBOX.c.ticket),
    _EARLIER.c.state.in_(_UNSENT),
    _EARLIER.c.id < OUTBOX.c.id,
)
_IS_NEXT = and_(
    text(WAITS),  # text: as ix_outbox_ready
    OUTBOX.c.is_personal == bindparam("personal"),
    ~_IS_BEHIND,
    ~IS_JUMPED_OVER,
)
_DUE = (
    select(
        *(OUTBOX.c.id, OUTBOX.c.template, OUTBOX.c.sender, OUTBOX.c.recipient, OUTBOX.c.data, OUTBOX.c.attempts),
        *(OUTBOX.c.created_at, OUTBOX.c.owed_from, OUTBOX.c.was_uncertain, OUTBOX.c.state, OUTBOX.c.reason),
    )
    .where(_IS_NEXT, OUTBOX.c.next_at <= bindparam("now"))
    .order_by(OUTBOX.c.next_at, OUTBOX.c.id)
    .limit(bindparam("limit"))
)
_NEXT_DUE = select(OUTBOX.c.next_at).where(_IS_NEXT).order_by(OUTBOX.c.next_at).limit(1)
_THIS = (OUTBOX.c.id == bindparam("this"), OUTBOX.c.state == "sending")
_IN_HAND = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("this"))
    .values(
        state="sending",
        is_in_data=False,
        was_uncertain=OUTBOX.c.was_uncertain | (OUTBOX.c.state == "uncertain"),
        attempts=OUTBOX.c.attempts + 1,
    )
)
_PUT_BACK = (
    update(OUTBOX)
    .where(*_THIS, ~OUTBOX.c.is_in_data)
    .values(state=case((OUTBOX.c.was_uncertain, "uncertain"), else_="queued"), attempts=OUTBOX.c.attempts - 1)
)
_IN_DATA = update(OUTBOX).where(*_THIS, ~IS_PAUSED).values(is_in_data=True)
_SETTLED = (
    update(OUTBOX)
    .where(*_THIS)
    .values(
        state=bindparam("new_state"),
        reason=bindparam("why"),
        detail=bindparam("said"),
        is_in_data=False,
        next_at=func.coalesce(bindparam("later", type_=OUTBOX.c.next_at.type), OUTBOX.c.next_at),
        ended_at=bindparam("ended"),
        attempts=OUTBOX.c.attempts - bindparam("uncounted"),
    )
)
_TWICE_IN_DATA = (
    select(OUTBOX.c.id)
    .where(OUTBOX.c.state == "sending", OUTBOX.c.is_in_data, OUTBOX.c.was_uncertain)
    .order_by(OUTBOX.c.id)
)
_UNCONFIRMED = {
    "new_state": "sent",
    "why": "unconfirmed",
    "said": "stopped while it was sent",
    "later": None,
    "uncounted": 0,
}
_ENDED = select(OUTBOX).where(OUTBOX.c.id == bindparam("this"))
_ASK_PAUSED = select(IS_PAUSED)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that this sender now has in hand."""

    id: int
    template: str
    sender: str
    recipient: str
    data: bytes
    attempts: int
    queued_at: datetime
    was_uncertain: bool
    was_refused: bool


class OutboxRows:
    """Implements outbox.ports.OutboxStore. `tell`: plan/undelivered.py, asked where a mail of a ticket ends badly.
    `look`: looks at the clock before anything is claimed (clock_watch.py)."""

    def __init__(
        self, database: Database, tell: Tell | None = None, look: Callable[[], Awaitable[object]] | None = None
    ) -> None:
        self._database = database
        self._tell = tell
        self._look = look

    async def recover(self, now: datetime, *, tells: bool = True) -> None:
        """While nobody sends: what was before DATA was surely not sent; what was in DATA may have been."""
        sending = update(OUTBOX).where(OUTBOX.c.state == "sending")
        in_data = sending.where(OUTBOX.c.is_in_data)

        def work(session: Session) -> None:
            rows = session.connection()
            back = case((OUTBOX.c.was_uncertain, "uncertain"), else_="queued")
            rows.execute(sending.where(~OUTBOX.c.is_in_data).values(state=back, next_at=now))
            # it was sent again once: that is enough
            for number in rows.scalars(_TWICE_IN_DATA).all():
                self._settle(session, {**_UNCONFIRMED, "this": number, "ended": now}, now, tells)
            rows.execute(
                in_data.values(state="uncertain", is_in_data=False, next_at=now, reason="stopped-while-sending")
            )

        await self._database.write(work)

    async def claim(self, now: datetime, limit: int) -> Sequence[Claimed]:
        """Due rows, people's words before machines', at most one for each pair of ticket and recipient.

        None while somebody has pulled the brake; while the clock is in doubt none that it has jumped over.
        """
        if self._look is not None:
            await self._look()

        def work(session: Session) -> list[Claimed]:
            rows = session.connection()
            if rows.scalar(_ASK_PAUSED):
                return []
            found: list[Any] = []
            for is_personal in (True, False):
                asked = {"personal": is_personal, "now": now, "limit": limit - len(found)}
                if len(found) < limit:
                    found += rows.execute(_DUE, asked).all()
            if found:
                rows.execute(_IN_HAND, [{"this": row.id} for row in found])
            point("K13")
            return [_claimed(row) for row in found]

        return await self._database.write(work)

    async def put_back(self, ids: Sequence[int], now: datetime) -> None:
        """Claimed rows that were not begun wait again."""

        def work(session: Session) -> None:
            session.connection().execute(_PUT_BACK, [{"this": number} for number in ids])

        await self._database.write(work)

    async def in_data(self, id: int, now: datetime) -> bool:
        """Durable before the first byte of the mail leaves: from here on a crash means `uncertain`.

        False: it must not leave, since somebody has pulled the brake or cancelled it after it was claimed.
        """

        def work(session: Session) -> bool:
            return session.connection().execute(_IN_DATA, {"this": id}).rowcount == 1

        return await self._database.write(work)

    async def settle(
        self,
        id: int,
        *,
        state: str,
        reason: str,
        detail: str,
        next_at: datetime | None,
        now: datetime,
        count_attempt: bool = True,
        tells: bool = True,
    ) -> None:
        """What became of an attempt; nothing for a row that is not `sending` any more.

        `count_attempt=False`: it was the transport's failure and not the mail's. `tells=False`: nobody is told.
        """
        values = {
            "this": id,
            "new_state": state,
            "why": reason,
            "said": detail[:1000],
            "later": next_at,
            "ended": None if state in _UNSENT else now,
            "uncounted": 0 if count_attempt else 1,
        }

        await self._database.write(lambda session: self._settle(session, values, now, tells))

    def _settle(self, session: Session, values: dict[str, Any], now: datetime, tells: bool) -> None:
        rows = session.connection()
        is_done = rows.execute(_SETTLED, values).rowcount == 1
        state, reason = values["new_state"], values["why"]
        is_lost = state == "refused" or (state, reason) in (("held", "our-fault"), ("sent", "unconfirmed"))
        if is_done and is_lost and tells and self._tell is not None:
            apply(session, self._consequences(session, rows, values["this"], self._tell, now), now)

    def _consequences(self, session: Session, rows: Connection, id: int, tell: Tell, now: datetime) -> Iterable[Effect]:
        row = rows.execute(_ENDED, {"this": id}).one()
        ticket = load_tickets(session, [row.ticket or 0]).get(row.ticket or 0)
        if (ticket is None and row.template != PASSED_ON) or (
            row.reason == "unconfirmed" and row.template in NEVER_TWICE
        ):
            return ()
        delivery = Delivery(
            id, row.ticket or 0, row.slot or 0, row.template, row.recipient, row.message_id, row.nonce, row.subject
        )
        return tell(ticket, delivery, row.reason, row.detail, now)

    async def next_due(self, now: datetime) -> datetime | None:
        """When the next row may be sent; None if none waits, or none may leave. Rows behind an earlier one of their
        pair are not asked."""

        def work(session: Session) -> datetime | None:
            rows = session.connection()
            if rows.scalar(_ASK_PAUSED):
                return None
            first = [rows.scalar(_NEXT_DUE, {"personal": is_personal}) for is_personal in (True, False)]
            return min((at for at in first if at is not None), default=None)

        return await self._database.read(work)

    async def is_paused(self) -> bool:
        """Whether somebody has pulled the brake."""
        return await self._database.read(lambda session: bool(session.connection().scalar(_ASK_PAUSED)))

    async def counts(self) -> dict[str, int]:
        """How many mails there are in each state."""
        query = select(OUTBOX.c.state, func.count()).group_by(OUTBOX.c.state)

        def work(session: Session) -> dict[str, int]:
            return {state: int(number) for state, number in session.connection().execute(query)}

        return await self._database.read(work)


def _claimed(row: Row[Any]) -> Claimed:
    return Claimed(
        row.id,
        row.template,
        row.sender,
        row.recipient,
        row.data,
        row.attempts + 1,
        row.owed_from or row.created_at,
        row.was_uncertain or row.state == "uncertain",
        row.reason == "refused-once",
    )
