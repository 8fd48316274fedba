"""Which tickets hold all of these words: in their subject, in what was written in them, or in who is on them?

The database narrows by pattern, where any letter that may bear an accent stands for every letter; what is left is
compared in plain letters. Newest first, so that the walk ends as soon as enough are found. Reads only.
"""

import re
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlmodel import Session

from maild.people.internal import plain
from maild.store.tables import MESSAGE, PARTICIPANT, TICKET

MOST_WORDS, LONGEST_WORD = 8, 60
MOST_CANDIDATES = 500  # tickets that are compared word by word
_SPECIAL, _ESCAPED = re.compile(r"([%_!])"), r"!\1"
_ACCENTED = re.compile(r"[aceinouy]|[^\x00-\x7f]")


def words_of(written: str) -> tuple[str, ...]:
    """The words that are looked for, in plain letters, each once."""
    found = (word.strip(".,;:!?\"'()«»“”") for word in plain(written).split())
    return tuple(dict.fromkeys(word[:LONGEST_WORD] for word in found if word))[:MOST_WORDS]


def search(session: Session, written: str, limit: int) -> tuple[list[int], bool]:
    """The numbers of at most `limit` tickets, the newest first, and whether there may be more."""
    words = words_of(written)
    if not words:
        return [], False
    rows = session.connection()
    query = select(TICKET.c.number, TICKET.c.subject).where(and_(*map(_holds, words)))
    candidates = rows.execute(query.order_by(TICKET.c.number.desc()).limit(MOST_CANDIDATES)).all()
    found: list[int] = []
    for number, subject in candidates:
        if _is_in(session, words, number, subject):
            if len(found) == limit:
                return found, True
            found.append(number)
    return found, len(candidates) == MOST_CANDIDATES


def _holds(word: str) -> ColumnElement[bool]:
    pattern = f"%{_ACCENTED.sub('_', _SPECIAL.sub(_ESCAPED, word))}%"
    texts = select(MESSAGE.c.id).where(MESSAGE.c.ticket == TICKET.c.number, MESSAGE.c.text.like(pattern, escape="!"))
    people = select(PARTICIPANT.c.slot).where(
        PARTICIPANT.c.ticket == TICKET.c.number,
        or_(PARTICIPANT.c.key.like(pattern, escape="!"), PARTICIPANT.c.name.like(pattern, escape="!")),
    )
    return or_(TICKET.c.subject.like(pattern, escape="!"), exists(texts), exists(people))


def _is_in(session: Session, words: Sequence[str], number: int, subject: str) -> bool:
    rows = session.connection()
    people = rows.execute(select(PARTICIPANT.c.key, PARTICIPANT.c.name).where(PARTICIPANT.c.ticket == number))
    texts = rows.scalars(select(MESSAGE.c.text).where(MESSAGE.c.ticket == number))
    whole = plain("\n".join((subject, *(part for row in people for part in row), *texts)))
    return all(word in whole for word in words)
