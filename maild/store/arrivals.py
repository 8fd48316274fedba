"""How does a sender write to us, and how much do we answer by machine? Rows of the transaction that acts on them.

The counts of answers are rows of the outbox, so that neither a crash nor a second look can reset them.
"""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, select, text
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session

from maild.effects import NoteArrival, StopAnswers
from maild.judgement import Arrival, Facts
from maild.mail import ParsedMail
from maild.settings import Limits
from maild.store.arrival_table import ARRIVAL, PROMPT
from maild.store.tables import ANSWERED, OUTBOX, SWITCH
from maild.threading.loops import MOST_LATELY, WINDOW

ANSWERS_STOPPED = "answers-stopped"
STOPPED_FOR = timedelta(hours=1)
_DAY, _HOUR = timedelta(hours=24), timedelta(hours=1)
_USUAL_DAYS = 7
_COLUMNS = ("came_at", "is_proved", "ticket", "text_mark", "subject_mark", "depth", "is_prompt")
_LATELY = (
    select(*(ARRIVAL.c[name] for name in _COLUMNS))
    .where(
        ARRIVAL.c.sender == bindparam("sender"),
        ARRIVAL.c.came_at > bindparam("since"),
        ARRIVAL.c.came_at <= bindparam("until"),
    )
    .order_by(ARRIVAL.c.came_at.desc(), ARRIVAL.c.inbound_id.desc())
    .limit(MOST_LATELY)
)
_PROMPT_TODAY = select(func.count()).where(
    ARRIVAL.c.sender == bindparam("sender"), ARRIVAL.c.came_at > bindparam("since"), text(PROMPT)
)
_PROMPT_AND_PROVED = _PROMPT_TODAY.where(ARRIVAL.c.is_proved)
_STOPPED_AT = select(SWITCH.c.set_at).where(SWITCH.c.name == ANSWERS_STOPPED)
_ANSWERED = select(
    _STOPPED_AT.scalar_subquery(),
    select(func.count()).where(text(ANSWERED), OUTBOX.c.created_at > bindparam("hour")).scalar_subquery(),
)
_ANSWERED_AT = select(OUTBOX.c.created_at).where(
    text(ANSWERED), OUTBOX.c.created_at > bindparam("since"), OUTBOX.c.created_at <= bindparam("until")
)
_NOTE = insert(ARRIVAL).on_conflict_do_nothing(index_elements=["inbound_id"])
_STOP = insert(SWITCH)
_STOP_AGAIN = _STOP.on_conflict_do_update(index_elements=["name"], set_={"set_at": _STOP.excluded.set_at})


def with_arrivals(session: Session, facts: Facts, mail: ParsedMail, this: Arrival) -> Facts:
    """The facts, with how the sender wrote within the hour before, and the mails of a day that came at once."""
    assert mail.sender is not None
    rows, sender = session.connection(), mail.sender.key
    lately = rows.execute(_LATELY, {"sender": sender, "since": this.came_at - WINDOW, "until": this.came_at}).all()
    prompt = 0
    if facts.answers.to_sender_day:
        # As in loops.over_budget: nobody uses up a proved sender's answers in their name.
        asked = _PROMPT_AND_PROVED if this.is_proved else _PROMPT_TODAY
        prompt = rows.scalar(asked, {"sender": sender, "since": facts.now - _DAY}) or 0
    return replace(facts, lately=tuple(Arrival(*row) for row in lately), prompt_today=int(prompt) + this.is_prompt)


def with_answers(session: Session, facts: Facts, limits: Limits) -> Facts:
    """The facts, with how many automatic answers left of late, and whether none may leave now."""
    rows = session.connection()
    stopped_at, in_hour = rows.execute(_ANSWERED, {"hour": facts.now - _HOUR}).one()
    is_stopped = stopped_at is not None and facts.now < stopped_at + STOPPED_FOR
    is_much = in_hour + 1 >= limits.automatic_per_hour and not is_stopped
    usual = _usual_hour(rows, facts.now) if is_much else 0.0
    answers = replace(facts.answers, all_hour=int(in_hour), is_stopped=is_stopped, usual_hour=usual)
    return replace(facts, answers=answers)


def _usual_hour(rows: Connection, now: datetime) -> float:
    """The answers of each day's busiest hour, in the mean of the seven days before this hour."""
    until = now - _HOUR
    found = rows.scalars(_ANSWERED_AT, {"since": until - _USUAL_DAYS * _DAY, "until": until})
    hours = Counter(int((until - at) / _HOUR) for at in found)
    busiest = [max((hours[h] for h in range(day * 24, day * 24 + 24)), default=0) for day in range(_USUAL_DAYS)]
    return sum(busiest) / _USUAL_DAYS


def answers_stopped_at(session: Session, now: datetime) -> datetime | None:
    """Since when no automatic answer leaves; None while they do."""
    at = session.connection().scalar(_STOPPED_AT)
    return at if at is not None and now < at + STOPPED_FOR else None


def note_arrival(rows: Connection, effect: NoteArrival, now: datetime) -> None:
    """Apply the effect."""
    a = effect.arrival
    row = {
        "inbound_id": effect.inbound_id,
        "sender": effect.sender,
        "came_at": a.came_at,
        "is_proved": a.is_proved,
        "ticket": a.number,
        "text_mark": a.text_mark,
        "subject_mark": a.subject_mark,
        "depth": a.depth,
        "is_prompt": a.is_prompt,
    }
    rows.execute(_NOTE, row)


def stop_answers(rows: Connection, effect: StopAnswers, now: datetime) -> None:
    """Apply the effect."""
    rows.execute(_STOP_AGAIN, {"name": ANSWERS_STOPPED, "set_at": now})
