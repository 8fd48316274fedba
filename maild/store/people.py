"""Whose references are void from now on? An epoch goes up, and what was signed for the old one is believed no more."""

from sqlalchemy import update
from sqlmodel import Session

from maild.store.tables import PARTICIPANT


def revoke_references(session: Session, key: str | None, number: int | None) -> int:
    """Revoke those of an address (compared form), of a ticket, or of that address there; on how many places."""
    where = [~PARTICIPANT.c.is_removed]
    where += [PARTICIPANT.c.key == key] if key is not None else []
    where += [PARTICIPANT.c.ticket == number] if number is not None else []
    done = session.connection().execute(update(PARTICIPANT).where(*where).values(epoch=PARTICIPANT.c.epoch + 1))
    return done.rowcount
