"""The outbox's rows as the sender needs them: claim, note that DATA has begun, settle, recover after a crash."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select, update

from maild.store.database import Database
from maild.store.tables import Outbox

_UNSENT = ("queued", "sending", "uncertain")


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


def _is_waiting() -> ColumnElement[bool]:
    return col(Outbox.state).in_(("queued", "uncertain"))


def _is_behind() -> ColumnElement[bool]:
    """An earlier mail of the same ticket to the same recipient has not left yet."""
    earlier = aliased(Outbox)
    return (
        select(earlier.id)
        .where(
            col(earlier.recipient_key) == col(Outbox.recipient_key),
            col(earlier.ticket).is_not_distinct_from(col(Outbox.ticket)),
            col(earlier.state).in_(_UNSENT),
            col(earlier.id) < col(Outbox.id),
        )
        .exists()
    )


class OutboxRows:
    """Implements outbox.sender.OutboxStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recover(self, now: datetime) -> None:
        """After a start: what was before DATA was surely not sent; what was in DATA may have been."""

        def work(session: Session) -> None:
            sending = update(Outbox).where(col(Outbox.state) == "sending")
            in_data = sending.where(col(Outbox.is_in_data).is_(True))
            session.exec(sending.where(col(Outbox.is_in_data).is_(False)).values(state="queued", next_at=now))
            twice = in_data.where(col(Outbox.was_uncertain).is_(True))  # it was sent again once: that is enough
            session.exec(twice.values(state="sent", is_in_data=False, ended_at=now, reason="unconfirmed"))
            session.exec(
                in_data.values(state="uncertain", is_in_data=False, next_at=now, reason="stopped-while-sending")
            )

        await self._database.write(work)

    async def claim(self, now: datetime, limit: int) -> Sequence[Claimed]:
        """The oldest due rows, at most one for each pair of ticket and recipient: their order is kept."""

        def work(session: Session) -> list[Claimed]:
            query = (
                select(Outbox)
                .where(_is_waiting(), col(Outbox.next_at) <= now, ~_is_behind())
                .order_by(col(Outbox.id))
                .limit(limit)
            )
            claimed = []
            for row in session.exec(query):
                assert row.id is not None
                was_uncertain = row.was_uncertain or row.state == "uncertain"
                row.state, row.is_in_data, row.was_uncertain = "sending", False, was_uncertain
                row.attempts += 1
                session.add(row)
                claimed.append(
                    Claimed(
                        row.id,
                        row.template,
                        row.sender,
                        row.recipient,
                        row.data,
                        row.attempts,
                        row.created_at,
                        was_uncertain,
                    )
                )
            return claimed

        return await self._database.write(work)

    async def in_data(self, id: int, now: datetime) -> None:
        """Durable before the first byte of the mail leaves: from here on a crash means `uncertain`."""

        def work(session: Session) -> None:
            session.exec(update(Outbox).where(col(Outbox.id) == id).values(is_in_data=True))

        await self._database.write(work)

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
    ) -> None:
        """What became of an attempt. `count_attempt=False`: it was the transport's failure and not the mail's."""

        def work(session: Session) -> None:
            row = session.get(Outbox, id)
            if row is None:
                return
            row.state, row.reason, row.detail, row.is_in_data = state, reason, detail[:1000], False
            row.next_at = next_at or row.next_at
            row.ended_at = None if state in _UNSENT else now
            row.attempts -= 0 if count_attempt else 1
            session.add(row)

        await self._database.write(work)

    async def next_due(self, now: datetime) -> datetime | None:
        """When the next row may be sent; None if none waits. Rows behind an earlier one of their pair are not asked."""

        def work(session: Session) -> datetime | None:
            return session.exec(select(func.min(Outbox.next_at)).where(_is_waiting(), ~_is_behind())).one()

        return await self._database.read(work)

    async def counts(self) -> dict[str, int]:
        """How many mails there are in each state."""

        def work(session: Session) -> dict[str, int]:
            return {s: int(n) for s, n in session.exec(select(Outbox.state, func.count()).group_by(Outbox.state))}

        return await self._database.read(work)
