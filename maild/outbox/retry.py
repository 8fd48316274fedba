"""When is a mail tried again, what does an attempt make of its row, and when does it end? Pure.

RFC 5321 4.5.4.1: keep trying for 4-5 days, at half an hour or more in the long run. A row that is `uncertain` is sent
again once, with the same bytes, so with the same Message-ID; what would annoy twice more than be missed is not. What
speaks of a moment (a reminder of yesterday) ends with it: see EXPIRES_AFTER.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from maild.effects import NEVER_TWICE
from maild.outbox.outcome import Deferred, Outcome, Refused, Sent, TransportDown, Uncertain

FIRST_STEPS = tuple(timedelta(minutes=m) for m in (1, 2, 5, 10, 20, 30))
THEN = ((timedelta(hours=24), timedelta(minutes=30)), (timedelta(days=5), timedelta(hours=2)))  # (up to this age, each)
GIVEN_UP_AFTER = THEN[-1][0]
# template -> how long it makes sense to deliver it (reliability 5.2); whatever is not here has GIVEN_UP_AFTER
EXPIRES_AFTER: Mapping[str, timedelta] = {
    "relance": timedelta(hours=24),  # the next one, or the end of the wait, comes soon
    "rating_request": timedelta(hours=24),
    "sla_warning": timedelta(hours=24),
    "held_digest": timedelta(hours=24),  # tomorrow's holds the same
    "worklist": timedelta(hours=12),
    "weekly_digest": timedelta(days=2),
}
RESEND_AFTER = timedelta(seconds=120)  # a late reply of the server's own queue shows by then
AFTER_REFUSAL = timedelta(minutes=2)  # see outbox/doubt.py
AS_ALL = "server-refuses-all"  # every mail was
CUT_OFF = "refused-unclear"  # the connection went, or a stop came, before more was known
LONGEST_PAUSE = timedelta(minutes=5)
LATEST_TURN = timedelta(hours=1)  # so that no mail waits long for its own after a server that has refused all


@dataclass(frozen=True, slots=True)
class Settlement:
    """What an attempt makes of a row. `next_at` None leaves the row's own."""

    state: str
    reason: str = ""
    detail: str = ""
    next_at: datetime | None = None
    count_attempt: bool = True


def next_attempt(
    attempts: int, now: datetime, first_queued_at: datetime, spread: float, template: str = ""
) -> datetime | None:
    """When to try again after `attempts` tries (1 or more); None: given up.

    `spread`, 0.9 to 1.1, keeps mails that failed together from coming back together. The first steps are taken at any
    age: a mail that waited five days for a mended transport is not given up at its first greylisting. Not so a kind of
    EXPIRES_AFTER: it has no attempt after its end.
    """
    if attempts < 1:
        raise ValueError("attempts counts those made: at least 1")
    age = now - first_queued_at
    if attempts <= len(FIRST_STEPS):
        at: datetime | None = now + FIRST_STEPS[attempts - 1] * spread
    else:
        at = next((now + each * spread for up_to, each in THEN if age < up_to), None)
    return None if at is not None and is_stale(template, first_queued_at, at) else at


def is_stale(template: str, queued_at: datetime, now: datetime) -> bool:
    """Whether a mail of a kind that speaks of its moment has outlived it, tried or not."""
    return template in EXPIRES_AFTER and now - queued_at >= EXPIRES_AFTER[template]


def _is_too_old(template: str, queued_at: datetime, now: datetime) -> bool:
    """Whether a mail that was tried has outlived its kind."""
    return now - queued_at >= EXPIRES_AFTER.get(template, GIVEN_UP_AFTER)


def pause_for(failures: int) -> float:
    """How long a transport rests after so many failures in a row (1 or more), in seconds: 1, 2, 4 .. 300."""
    return min(2.0 ** min(failures - 1, 16), LONGEST_PAUSE.total_seconds())


def is_over(template: str, was_uncertain: bool) -> bool:
    """Whether a claimed row must not be sent at all: it may have been sent, and twice would be worse than never."""
    return was_uncertain and template in NEVER_TWICE


UNCONFIRMED = Settlement("sent", "unconfirmed", count_attempt=False)
STALE = Settlement("refused", "expired", "not sent in time", count_attempt=False)
NOT_ON_TRIAL = Settlement("held", "not-in-send-only-to", count_attempt=False)  # smtp.send_only_to


def put_back(was_uncertain: bool, reason: str, detail: str = "", next_at: datetime | None = None) -> Settlement:
    """It surely did not leave this time, for no fault of its own."""
    return Settlement("uncertain" if was_uncertain else "queued", reason, detail, next_at, count_attempt=False)


def refused_once(was_uncertain: bool, refusal: Refused, now: datetime) -> Settlement:
    """Refused in words that may be meant for any mail: it is tried again before they are believed of this one."""
    waiting = "uncertain" if was_uncertain else "queued"
    return Settlement(waiting, "refused-once", f"{refusal.code} {refusal.text}", now + AFTER_REFUSAL)


def next_turn(last: datetime | None, now: datetime) -> datetime:
    """When a mail that was refused like every other is tried again: alone, since it may be meant alone after all.

    `last`: the turn that was given before.
    """
    return min(max(last or now, now) + LONGEST_PAUSE, now + LATEST_TURN)


def not_judged(
    reason: str,
    refusal: Refused,
    *,
    template: str,
    queued_at: datetime,
    was_uncertain: bool,
    was_refused: bool,
    now: datetime,
    turn: datetime,
) -> Settlement:
    """Refused, and nothing shows that this mail was meant: no failure, unless its time is over; else again at `turn`.

    `reason`: AS_ALL or CUT_OFF. A mark of `refused_once` stays, and none is made.
    """
    detail = f"{refusal.code} {refusal.text}"
    if _is_too_old(template, queued_at, now):
        return Settlement("refused", "expired", detail)
    return put_back(was_uncertain, "refused-once" if was_refused else reason, detail, turn)


def settlement(
    outcome: Outcome,
    *,
    template: str,
    attempts: int,
    queued_at: datetime,
    was_uncertain: bool,
    now: datetime,
    spread: float,
) -> Settlement:
    """What becomes of the row. A row that may have been sent once stays `uncertain` while it waits."""
    waiting = "uncertain" if was_uncertain else "queued"
    match outcome:
        case Sent(response):
            return Settlement("sent", detail=response)
        case Refused(code, text):
            return Settlement("refused", "refused", f"{code} {text}")
        case Deferred(code, text):
            next_at = next_attempt(attempts, now, queued_at, spread, template)
            detail = f"{code} {text}" if code else text
            return Settlement(waiting if next_at else "refused", "deferred" if next_at else "expired", detail, next_at)
        case Uncertain(text) if was_uncertain or template in NEVER_TWICE:
            return Settlement("sent", "unconfirmed", text)
        case Uncertain(text):
            return Settlement("uncertain", "no-reply-after-data", text, now + RESEND_AFTER)
        case TransportDown(text, _, is_said_of_mail=True):
            # said of one mail: others go first, so that it can't hold up the queue, and it has an end like any other
            if _is_too_old(template, queued_at, now):
                return Settlement("refused", "expired", text)
            return put_back(was_uncertain, "transport-down", text, now + LONGEST_PAUSE)
        case TransportDown(text):
            return put_back(was_uncertain, "transport-down", text)
