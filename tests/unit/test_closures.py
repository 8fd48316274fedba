"""D13: who is mailed before a closure, when, and how often?"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from desk_values import RING, settings

from maild.config.desk import open_desk
from maild.effects import Effect, EndTimer, MoveTimer, QueueMail, StartTimer
from maild.plan.closures import AT_ONCE, EACH, Known, fire, foreseen, next_notices
from maild.plan.desk import Desk
from maild.reading import read
from maild.settings import Settings
from maild.sla.closures import announced
from maild.ticket import DueTimer

NOTICE = {"from": "2026-12-24", "to": "2027-01-01", "notice": "7 days"}
FIRST, LAST = date(2026, 12, 24), date(2027, 1, 1)
DUE = datetime(2026, 12, 17, 8, tzinfo=UTC)  # the opening at 9 h in Paris after the night seven days before
TIMER = DueTimer(5, 0, "closure-notice", FIRST.toordinal(), LAST.toordinal(), DUE)
BASE = open_desk(settings(), RING)


def said(*closed: dict[str, Any], customers: int = 1, **changes: Any) -> Settings:
    people = {
        "agents": [{"name": "Léa", "address": "lea@isybuy.example"}],
        "customers": [{"address": f"c{n}@client-a.example", "also": [f"autre{n}@x.example"]} for n in range(customers)],
        "organisations": [{"domain": "client-d.example"}],
    }
    office = {"hours": {"mon-fri": "09:00-18:00"}, "closed": list(closed)}
    return settings(calendars={"office": office}, people=people, queues={"support": {}}, **changes)


def desk(*closed: dict[str, Any], customers: int = 1, **changes: Any) -> Desk:
    return BASE.with_settings(said(*closed, customers=customers, **changes))


def armed(settings: Settings, now: str = "2026-12-01 10:00") -> list[datetime]:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    return [effect.due_at for effect in next_notices(settings, at) if isinstance(effect, StartTimer)]


def recipients(effects: Sequence[Effect]) -> list[str]:
    return [effect.recipient for effect in effects if isinstance(effect, QueueMail)]


def test_a_notice_is_due_so_long_beforehand_at_an_open_instant() -> None:
    assert armed(said(NOTICE)) == [DUE]
    assert armed(said({**NOTICE, "notice": "5 days"})) == [datetime(2026, 12, 21, 8, tzinfo=UTC)]  # the 19th: Saturday
    assert armed(said({**NOTICE, "notice": "12 hours"})) == [datetime(2026, 12, 23, 11, tzinfo=UTC)]


def test_without_the_key_nobody_is_mailed() -> None:
    assert armed(said({"on": "2026-12-24", "says": "Noël."})) == []


def test_of_a_closure_that_has_begun_no_timer_is_armed() -> None:
    assert armed(said(NOTICE), "2026-12-23 22:59") == [DUE]
    assert armed(said(NOTICE), "2026-12-23 23:00") == []


def test_a_change_of_how_long_beforehand_moves_the_timer() -> None:
    effects = list(next_notices(said({**NOTICE, "notice": "3 days"}), datetime(2026, 12, 1, tzinfo=UTC)))
    start, move = effects
    assert isinstance(start, StartTimer) and isinstance(move, MoveTimer)
    assert (start.step, start.round, start.due_at) == (move.step, move.round, move.due_at)
    assert (start.step, start.round) == (TIMER.step, TIMER.round)


def test_each_customer_is_told_once_by_the_first_of_their_addresses() -> None:
    effects = fire(desk(NOTICE, customers=2), TIMER, Known(), DUE)
    assert recipients(effects) == ["c0@client-a.example", "c1@client-a.example"]
    assert EndTimer(5, "fired") in effects
    again = fire(desk(NOTICE, customers=2), TIMER, Known(told={"autre0@x.example"}), DUE)
    assert recipients(again) == ["c1@client-a.example"]
    keys = [effect.key for effect in effects if isinstance(effect, QueueMail)]
    assert keys == [f"closure_notice:2026-12-24:2027-01-01:c{n}@client-a.example" for n in (0, 1)]


def test_who_can_t_be_reached_is_not_tried() -> None:
    known = Known(unreachable={"c0@client-a.example"})
    assert recipients(fire(desk(NOTICE, customers=2), TIMER, known, DUE)) == ["c1@client-a.example"]


def test_many_are_told_some_at_a_time() -> None:
    many, told, now, sizes = desk(NOTICE, customers=250), set[str](), DUE, []
    while True:
        effects = fire(many, TIMER, Known(told), now)
        told.update(recipients(effects))
        sizes.append(len(recipients(effects)))
        if EndTimer(5, "fired") in effects:
            break
        [move] = [effect for effect in effects if isinstance(effect, MoveTimer)]
        assert move.due_at == now + EACH
        now = move.due_at
    assert sizes == [AT_ONCE, AT_ONCE, 50]
    assert len(told) == 250


@pytest.mark.parametrize(
    ("now", "moved_to"),
    [
        (datetime(2026, 12, 17, 17, 0, tzinfo=UTC), datetime(2026, 12, 18, 8, tzinfo=UTC)),  # closing time is closed
        (datetime(2026, 12, 19, 12, 0, tzinfo=UTC), datetime(2026, 12, 21, 8, tzinfo=UTC)),
    ],
)
def test_while_the_desk_is_closed_it_waits_for_the_next_opening(now: datetime, moved_to: datetime) -> None:
    assert fire(desk(NOTICE), TIMER, Known(), now) == [MoveTimer(0, TIMER.policy, TIMER.step, TIMER.round, moved_to)]


@pytest.mark.parametrize("now", [datetime(2026, 12, 23, 17, tzinfo=UTC), datetime(2026, 12, 28, 9, tzinfo=UTC)])
def test_it_is_not_told_of_once_it_has_begun_or_no_opening_is_left(now: datetime) -> None:
    assert fire(desk(NOTICE), TIMER, Known(), now) == [EndTimer(5, "stale")]


def test_a_closure_that_the_file_has_no_longer_may_come_back_until_it_begins() -> None:
    [move] = fire(desk(), TIMER, Known(), DUE)
    assert isinstance(move, MoveTimer)
    assert move.due_at == datetime(2026, 12, 23, 23, tzinfo=UTC)
    assert fire(desk(), TIMER, Known(), move.due_at) == [EndTimer(5, "stale")]
    assert armed(said(NOTICE), "2026-12-20 10:00") == [DUE]  # and so it is due at once


def test_the_same_days_in_two_calendars_are_told_of_once() -> None:
    both = {"hours": {"mon-fri": "09:00-18:00"}, "closed": [NOTICE]}
    two = settings(calendars={"office": both, "hotline": both})
    assert armed(two) == [DUE]


def test_it_leaves_by_the_mailbox_by_which_they_wrote_last() -> None:
    boxes = {name: {"address": f"{name}@isybuy.example"} for name in ("support", "ibat")}
    two = desk(NOTICE, customers=2, mailboxes=boxes)
    effects = fire(two, TIMER, Known(mailboxes={"autre1@x.example": "ibat", "c0@client-a.example": "gone"}), DUE)
    senders = [e.sender.partition("+")[0].partition("@")[0] for e in effects if isinstance(e, QueueMail)]
    assert senders == ["support", "ibat"]


def test_what_is_foreseen_is_what_leaves() -> None:
    [notice] = foreseen(said(NOTICE, customers=3), datetime(2026, 12, 1, tzinfo=UTC))
    assert (notice.first, notice.last, notice.mails, notice.at) == (FIRST, LAST, 3, DUE)
    [late] = foreseen(said(NOTICE), datetime(2026, 12, 19, 12, tzinfo=UTC))
    assert late.at == datetime(2026, 12, 21, 8, tzinfo=UTC)
    [too_late] = foreseen(said(NOTICE), datetime(2026, 12, 23, 20, tzinfo=UTC))
    assert too_late.at is None
    assert list(foreseen(said(NOTICE), datetime(2026, 12, 24, tzinfo=UTC))) == []


def test_hours_of_a_day_are_told_as_such_and_are_over_with_them() -> None:
    """The service is unavailable over noon: that is neither a closed day nor told of in the afternoon."""
    noon = {"on": "2027-01-05", "hours": "12:00-14:00", "notice": "7 days", "says": "Mise à jour des serveurs."}
    told = desk(noon)
    (due,) = armed(told.settings)
    assert due == datetime(2026, 12, 29, 8, tzinfo=UTC)
    day = date(2027, 1, 5).toordinal()
    effects = fire(told, DueTimer(5, 0, "closure-notice", day, day, due), Known(), due)
    (mail,) = [effect for effect in effects if isinstance(effect, QueueMail)]
    text = " ".join(read(mail.data).text.split())
    assert "fermé le mardi 5 janvier 2027, de 12 h à 14 h. Il rouvrira le mardi 5 janvier 2027 à 14 h." in text
    zone, calendar = told.settings.site.zone, told.settings.calendars["office"]
    for minutes, is_announced in ((-1, True), (0, False)):
        at = datetime(2027, 1, 5, 14, tzinfo=zone) + timedelta(minutes=minutes)
        assert bool(list(announced(calendar, zone, at))) == is_announced


def test_hours_without_their_day_are_refused() -> None:
    with pytest.raises(ValueError, match="those of one day"):
        said({"from": "2027-01-05", "to": "2027-01-06", "hours": "12:00-14:00"})
