"""D6, M15: what does the mail promise that says that a request has come?"""

from datetime import UTC, datetime
from typing import Any

import pytest
from desk_values import ALICE, RING, settings, ticket

from maild.config.desk import open_desk
from maild.plan import promising
from maild.plan.desk import Desk
from maild.plan.letters import REPLIED, to_participant
from maild.plan.promising import promise
from maild.settings import Settings
from maild.simulate.look import look

SATURDAY, TUESDAY = datetime(2026, 11, 28, 9, tzinfo=UTC), datetime(2026, 12, 1, 9, tzinfo=UTC)
OFFICE = {"hours": {"mon-fri": "09:00-18:00"}}


def with_office(**said: Any) -> Settings:
    return settings(calendars={"office": {**OFFICE, **said}})


DESK = open_desk(with_office(), RING)


def written(template: str, language: str, now: datetime, due: datetime | None) -> str:
    """The text of such a mail, as if an answer were promised by then."""
    at = ticket(language=language)
    values = {**promise(DESK, at, None, language, now), "due": due}
    mail = to_participant(DESK, template, at, ALICE, owed_for="x", now=now, automatic=REPLIED, values=values)
    return look(mail.data).text.replace("\u00a0", " ")


DUE = datetime(2026, 12, 2, 10, 30, tzinfo=DESK.settings.site.zone)
FRENCH, ENGLISH = "au plus tard le mercredi 2 décembre 2026 à 10 h 30", "by Wednesday 2 December 2026 at 10:30"


@pytest.mark.parametrize("template", ["acknowledgement", "follow_up_opened", "repeat_joined"])
def test_by_when_an_answer_comes_is_said_where_it_is_promised(template: str) -> None:
    promised = written(template, "fr", TUESDAY, DUE)
    assert f"Notre équipe vous répondra {FRENCH}." in promised
    assert "dès que possible" not in promised
    assert f"Our team will answer you {ENGLISH} at the latest." in written(template, "en", TUESDAY, DUE)
    nothing = written(template, "fr", TUESDAY, None)
    assert "Notre équipe revient vers vous dès que possible." in nothing
    assert "au plus tard" not in nothing
    assert "Our team will get back to you as soon as possible." in written(template, "en", TUESDAY, None)


def test_who_used_another_address_is_promised_the_same() -> None:
    assert f"sera traité comme toute demande, {FRENCH}." in written("wrong_channel", "fr", TUESDAY, DUE)
    assert f"dealt with like any request, {ENGLISH} at the latest." in written("wrong_channel", "en", TUESDAY, DUE)
    assert "sera traité comme toute demande." in written("wrong_channel", "fr", TUESDAY, None)


@pytest.mark.parametrize("template", ["acknowledgement", "follow_up_opened", "repeat_joined", "wrong_channel"])
def test_while_the_desk_is_closed_the_hours_and_the_next_opening_are_said(template: str) -> None:
    hours = "Notre service est ouvert du lundi au vendredi, de 9 h à 18 h"
    assert f"{hours} ; votre demande sera prise en charge dès lundi 30 novembre 2026 à 9 h." in written(
        template, "fr", SATURDAY, DUE
    )
    assert "Our opening hours are Monday to Friday, from 09:00 to 18:00; we will take up your request on " in written(
        template, "en", SATURDAY, DUE
    )
    assert "ouvert" not in written(template, "fr", TUESDAY, DUE)


def test_a_past_promise_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a second mail on the same problem whose answer is late already."""
    monkeypatch.setattr(promising, "due_of", lambda *_: DUE)
    assert promise(DESK, ticket(), None, "fr", TUESDAY)["due"] == DUE
    assert promise(DESK, ticket(), None, "fr", DUE)["due"] is None


def closures(now: str, **said: Any) -> Any:
    """What is said of a closure from 24 December to 1 January at that instant, on the clock in Paris."""
    closed = [{"from": "2026-12-24", "to": "2027-01-01", "says": {"fr": "Fermé."}, **said}]
    desk: Desk = DESK.with_settings(with_office(closed=closed))
    at = datetime.fromisoformat(now).replace(tzinfo=desk.settings.site.zone)
    return promise(desk, ticket(), None, "en", at)["closures"]  # in French, where it is said in no other


@pytest.mark.parametrize(
    ("now", "said", "is_told"),
    [
        ("2026-12-09 23:59", {}, False),  # 14 days where the file says nothing
        ("2026-12-10 00:00", {}, True),
        ("2027-01-01 23:59", {}, True),
        ("2027-01-02 00:00", {}, False),
        ("2026-12-22 23:59", {"announce": "1 day"}, False),
        ("2026-12-23 00:00", {"announce": "1 day"}, True),
        ("2026-12-23 17:59", {"announce": "6 hours"}, False),
        ("2026-12-23 18:00", {"announce": "6 hours"}, True),
    ],
)
def test_a_closure_is_told_of_from_its_announcement_to_its_end(now: str, said: dict[str, str], is_told: bool) -> None:
    assert closures(now, **said) == (("Fermé.",) if is_told else ())


def test_the_closure_that_comes_first_is_told_of_first() -> None:
    closed = [{"on": "2026-12-24", "says": "Noël."}, {"on": "2026-12-11", "says": "Inventaire."}]
    at = DESK.with_settings(with_office(closed=closed))
    assert promise(at, ticket(), None, "fr", datetime(2026, 12, 10, 9, tzinfo=UTC))["closures"] == (
        "Inventaire.",
        "Noël.",
    )


def test_a_desk_without_hours_says_none() -> None:
    assert promise(open_desk(settings(), RING), ticket(), None, "fr", SATURDAY) == {"due": None}
