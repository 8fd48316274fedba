"""What was written on a ticket of which no agent was told, and for what its requester was asked? Read for few mails."""

from sqlalchemy import bindparam, select
from sqlmodel import Session

from maild.judgement import Said, Story
from maild.store.tables import MESSAGE, OUTBOX
from maild.threading.turning import REQUEST
from maild.ticket import Visibility

_SAID = (
    select(MESSAGE.c.text, MESSAGE.c.inbound_id, MESSAGE.c.is_verified)
    .where(MESSAGE.c.ticket == bindparam("number"), MESSAGE.c.visibility == str(Visibility.PUBLIC))
    .order_by(MESSAGE.c.id)
)
_ASKED = select(OUTBOX.c.key).where(OUTBOX.c.ticket == bindparam("number"), OUTBOX.c.template == REQUEST)


def story_of(session: Session, number: int) -> tuple[Story, tuple[int, ...]]:
    """The story of that ticket, and for each thing said the number of the received mail by which it came, or 0."""
    rows = session.connection()
    said = rows.execute(_SAID, {"number": number}).all()
    asked = tuple(rows.scalars(_ASKED, {"number": number}))
    story = Story(tuple(Said(row.text, None, bool(row.is_verified)) for row in said), asked)
    return story, tuple(row.inbound_id or 0 for row in said)
