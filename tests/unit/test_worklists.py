"""M6: who gets which list, when, and in which order?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from desk_values import ALICE, LEA, RING, settings, ticket

from maild.config.desk import open_desk
from maild.effects import AddParticipant, Effect, QueueMail
from maild.lifecycle import Status
from maild.plan import worklists
from maild.plan.desk import Desk
from maild.plan.worklists import MOST_SHOWN, Waiting, fire, is_wanted, next_worklists
from maild.settings import Settings
from maild.simulate.look import look
from maild.sla.calendar import calendar_of
from maild.sla.weekend import is_of, weekend_before
from maild.ticket import DueTimer

PARIS = ZoneInfo("Europe/Paris")
OFFICE = {"hours": {"mon-fri": "09:00-12:30, 14:00-18:00"}, "holidays": "FR"}
MARC = "marc@isybuy.example"
BASE = open_desk(settings(), RING)


def at(text: str) -> datetime:
    """On the clock in Paris."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


def said(*lists: dict[str, Any], office: dict[str, Any] | None = OFFICE, **changes: Any) -> Settings:
    calendars = {"office": office} if office else {}
    return settings(worklists=lists or ({"to": "n1"},), calendars=calendars, **changes)


def timer(now: datetime, minutes: int = 540) -> DueTimer:
    return DueTimer(5, 0, worklists.POLICY, minutes, now.astimezone(PARIS).date().toordinal(), now)


def desk(*lists: dict[str, Any], **changes: Any) -> Desk:
    return BASE.with_settings(said(*lists, **changes))


def mails(effects: Sequence[Effect]) -> dict[str, str]:
    """The text of each list by its reader."""
    found = [effect for effect in effects if isinstance(effect, QueueMail)]
    return {mail.recipient: look(mail.data).text.replace("\u00a0", " ") for mail in found}


def shown(text: str) -> list[int]:
    """The numbers of the requests of a list, in its order."""
    return [int(line.partition("(n° ")[2].rstrip(")")) for line in text.splitlines() if line.startswith("- ")]


def came(number: int, when: str, **changes: Any) -> Waiting:
    return Waiting(ticket(number, subject=f"N{number}", **changes), at(when))


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-27 08:59", "2026-11-27 09:00"),
        ("2026-11-27 09:00", "2026-11-30 09:00"),  # the weekend has none
        ("2026-12-24 10:00", "2026-12-28 09:00"),  # nor has a holiday
        ("2027-03-26 10:00", "2027-03-30 09:00"),  # Easter Monday; the clocks have changed meanwhile
    ],
)
def test_lists_leave_on_each_day_on_which_the_desk_opens(now: str, due: str) -> None:
    [armed] = next_worklists(said(), at(now))
    assert armed.due_at == at(due)
    assert armed.step == 540


def test_a_desk_without_a_calendar_has_one_on_each_day() -> None:
    [armed] = next_worklists(said(office=None), at("2026-11-27 09:00"))
    assert armed.due_at == at("2026-11-28 09:00")


def test_no_list_leaves_unless_the_file_asks_for_one() -> None:
    assert list(next_worklists(settings(), at("2026-11-27 09:00"))) == []


def test_each_time_has_its_timer() -> None:
    two = said({"to": "n1", "at": "14:00"}, {"to": "n1", "at": "09:00"}, {"to": MARC, "at": "14:00"})
    assert [t.step for t in next_worklists(two, at("2026-11-27 10:00"))] == [540, 840]


@pytest.mark.parametrize(
    ("due", "now", "is_late_wanted"),
    [
        ("2026-11-26 09:00", "2026-11-26 09:00", True),
        ("2026-11-26 09:00", "2026-11-26 14:00", True),  # maild was down meanwhile
        ("2026-11-26 09:00", "2026-11-27 08:59", False),  # that of the new day comes at its time
        ("2026-11-26 09:00", "2026-11-27 11:00", True),
        ("2026-11-26 09:00", "2026-11-28 11:00", False),  # Saturday
    ],
)
def test_a_list_that_is_late_leaves_only_for_a_day_that_has_had_none(due: str, now: str, is_late_wanted: bool) -> None:
    assert is_wanted(said(), timer(at(due)), at(now)) == is_late_wanted


def test_a_list_that_the_file_has_no_longer_does_not_leave() -> None:
    now = at("2026-11-27 09:00")
    assert not is_wanted(said({"to": "n1", "at": "08:00"}), timer(now), now)
    closed_since = {**OFFICE, "closed": [{"on": "2026-11-27"}]}
    assert not is_wanted(said(office=closed_since), timer(now), now)


# day -> from when to when the weekend was that ended on it, for a desk that is open from Monday to Friday
@pytest.mark.parametrize(
    ("day", "weekend"),
    [
        ("2026-11-30", ("2026-11-27 18:00", "2026-11-30 09:00")),
        ("2026-12-01", None),
        ("2026-11-28", None),  # it is closed itself
        ("2027-03-30", ("2027-03-26 18:00", "2027-03-30 09:00")),  # Easter Monday
        ("2026-12-28", ("2026-12-24 18:00", "2026-12-28 09:00")),  # Christmas on a Friday
        ("2026-11-12", None),  # a holiday in the middle of the week is no weekend
    ],
)
def test_the_weekend_is_from_the_last_closing_to_the_next_opening(day: str, weekend: tuple[str, str] | None) -> None:
    found = weekend_before(date.fromisoformat(day), calendar_of(said()))
    assert found == ((at(weekend[0]), at(weekend[1])) if weekend else None)


def test_its_first_instant_is_of_it_and_the_opening_is_not() -> None:
    weekend = weekend_before(date(2026, 11, 30), calendar_of(said()))
    assert is_of(weekend, at("2026-11-27 18:00"))
    assert not is_of(weekend, at("2026-11-27 17:59"))
    assert is_of(weekend, at("2026-11-30 08:59"))
    assert not is_of(weekend, at("2026-11-30 09:00"))
    assert not is_of(None, at("2026-11-29 12:00"))


def test_a_desk_that_opens_on_saturdays_has_a_sunday_and_one_that_never_closes_has_no_weekend() -> None:
    six = calendar_of(said(office={"hours": {"mon-sat": "09:00-18:00"}}))
    assert weekend_before(date(2026, 11, 30), six) == (at("2026-11-28 18:00"), at("2026-11-30 09:00"))
    assert weekend_before(date(2026, 11, 30), calendar_of(said(office=None))) is None


WAITING = (
    came(1001, "2026-11-26 10:00"),
    came(1002, "2026-11-28 11:00"),
    came(1003, "2026-11-27 18:00"),
    came(1004, "2026-11-27 17:00"),
)
MONDAY = at("2026-11-30 09:00")


@pytest.mark.parametrize(
    ("now", "order"),
    [
        ("2026-11-30 09:00", [1003, 1002, 1001, 1004]),
        ("2026-11-30 11:59", [1003, 1002, 1001, 1004]),
        ("2026-11-30 12:00", [1001, 1004, 1003, 1002]),  # from noon on as on other days
        ("2026-12-01 09:00", [1001, 1004, 1003, 1002]),
    ],
)
def test_what_came_at_the_weekend_stands_first_until_noon(now: str, order: list[int]) -> None:
    assert shown(mails(fire(desk(), timer(at(now)), WAITING, at(now)))[LEA.address]) == order


def test_until_when_it_stands_first_is_a_setting() -> None:
    early = desk({"to": "n1", "weekend_until": "08:30"})
    assert shown(mails(fire(early, timer(MONDAY), WAITING, MONDAY))[LEA.address]) == [1001, 1004, 1003, 1002]


def test_the_rest_is_in_the_order_of_what_is_promised_and_what_is_late_says_so() -> None:
    promised = {1001: at("2026-12-01 12:00"), 1004: at("2026-11-30 08:00"), 1003: at("2026-11-30 10:00")}
    waiting = (*WAITING, came(1005, "2026-11-25 10:00"))
    owed = [replace(each, due_at=promised.get(each.ticket.number)) for each in waiting]
    [text] = mails(fire(desk(), timer(MONDAY), owed, MONDAY)).values()
    assert shown(text) == [1003, 1002, 1004, 1001, 1005]
    assert text.count("en retard") == 1
    late = text.partition("(n° 1004)")[2].partition("(n° 1001)")[0]
    assert "en retard : réponse promise au plus tard le lundi 30 novembre 2026 à 8 h" in late


def test_a_list_holds_what_is_theirs_and_what_is_in_nobodys_hands_in_their_queues() -> None:
    waiting = (
        came(1001, "2026-11-26 10:00"),
        came(1002, "2026-11-26 11:00", assignee=MARC),
        came(1003, "2026-11-26 12:00", assignee="", status=Status.NEW),
        came(1004, "2026-11-26 13:00", assignee="gone@isybuy.example"),
        came(1005, "2026-11-26 14:00", assignee="", status=Status.NEW, queue="other"),
        came(1006, "2026-11-26 15:00", mailbox="gone"),
        came(1007, "2026-11-26 16:00", status=Status.PENDING),
    )
    texts = mails(
        fire(desk(queues={"support": {"team": "n1"}, "other": {"team": "dev"}}), timer(MONDAY), waiting, MONDAY)
    )
    assert {who: shown(text) for who, text in texts.items()} == {
        LEA.address: [1001, 1003, 1004],
        MARC: [1002, 1003, 1004],
    }


AWAY = {
    "agents": [
        {"name": "Léa Martin", "address": "lea@isybuy.example", "teams": ["n1"], "language": "en"},
        {"name": "Marc Petit", "address": MARC, "teams": ["n1"], "away": [{"from": "2026-11-30", "to": "2026-11-30"}]},
    ]
}


def test_who_is_away_gets_none_and_their_colleagues_see_whose_it_is() -> None:
    waiting = (came(1002, "2026-11-26 11:00", assignee=MARC),)
    effects = fire(desk(people=AWAY), timer(MONDAY), waiting, MONDAY)
    assert list(mails(effects)) == [LEA.address]
    assert "open, with Marc Petit, who is away" in mails(effects)[LEA.address]
    tomorrow = MONDAY + timedelta(days=1)
    assert list(mails(fire(desk(people=AWAY), timer(tomorrow), waiting, tomorrow))) == [MARC]


def test_the_links_are_those_of_somebody_on_the_ticket() -> None:
    """Who was not on it joins, each with a slot of their own."""
    free = Waiting(ticket(1002, assignee="", status=Status.NEW, participants=(ALICE,)), at("2026-11-26 11:00"))
    effects = fire(desk(), timer(MONDAY), (free,), MONDAY)
    joined = [effect.participant for effect in effects if isinstance(effect, AddParticipant)]
    assert [(p.slot, p.key) for p in joined] == [(2, LEA.address), (3, MARC)]
    texts = mails(effects)
    assert "mailto:support+1002-2-" in texts[LEA.address]
    assert "mailto:support+1002-3-" in texts[MARC]


def test_nobody_gets_an_empty_list_nor_two_of_one_time() -> None:
    twice = desk({"to": ["n1", MARC]}, {"to": "n1"})
    assert list(mails(fire(twice, timer(MONDAY), WAITING, MONDAY))) == [LEA.address]
    assert mails(fire(twice, timer(MONDAY), (), MONDAY)) == {}


def test_an_agent_of_no_team_that_is_named_gets_theirs() -> None:
    one = desk({"to": "LEA@isybuy.example"})
    waiting = (*WAITING, came(1009, "2026-11-26 11:00", assignee=MARC))
    assert list(mails(fire(one, timer(MONDAY), waiting, MONDAY))) == [LEA.address]


def test_a_long_list_is_cut_and_says_so() -> None:
    many = [replace(came(n, "2026-11-26 11:00")) for n in range(2000, 2000 + MOST_SHOWN + 7)]
    [text] = mails(fire(desk(), timer(MONDAY), many, MONDAY)).values()
    assert len(shown(text)) == MOST_SHOWN
    assert "Et 7 autres, qui n’ont pas trouvé place ici." in text
