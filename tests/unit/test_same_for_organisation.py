"""Whose are the requests of an organisation? The agent's who had the last one, if they are in the team and there."""

from datetime import date

import pytest
from desk_values import settings

from maild.decision import Rota
from maild.rules.assigning import assignee

DESK = settings()
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("ways", "had", "gets"),
    [
        (["same_for_organisation"], "marc@isybuy.example", "marc@isybuy.example"),
        (["same_for_organisation"], "", ""),
        (["same_for_organisation"], "left@isybuy.example", ""),
        (["same_for_organisation", "least_loaded"], "left@isybuy.example", "lea@isybuy.example"),
        (["same_as_last", "same_for_organisation"], "marc@isybuy.example", "lea@isybuy.example"),
    ],
)
def test_who_gets_it(ways: list[str], had: str, gets: str) -> None:
    rota = Rota(former="lea@isybuy.example", of_organisation=had)
    assert assignee(DESK, ways, "support", rota, MONDAY) == gets


def test_who_is_away_is_passed_over() -> None:
    away = DESK.with_absences({"marc@isybuy.example": (MONDAY, MONDAY)})
    rota = Rota(of_organisation="marc@isybuy.example")
    assert assignee(away, ["same_for_organisation"], "support", rota, MONDAY) == ""
