"""What customers state in lines `Name : value`, as the rules take it: one line of letters, whatever they wrote."""

import pytest
from desk_values import settings

from maild.rules.fields import LONGEST_VALUE, fields_of


@pytest.mark.parametrize(
    ("written", "stated"),
    [
        ("Gestion", "Gestion"),
        ("Gestion\u00a0commerciale ", "Gestion commerciale"),
        ("G\u2028- Priorité : critique", "G - Priorité : critique"),  # a line of its own among an agent's facts
        ("G\x0b\x0cH", "G H"),
        ("G\u202eevil\u202c\u200b\x1b[31m", "Gevil[31m"),
        ("x" * 200_000, "x" * LONGEST_VALUE),
        ("Gâteau 4.2 (été)", "Gâteau 4.2 (été)"),
    ],
)
def test_a_value_is_one_line_of_letters(written: str, stated: str) -> None:
    assert fields_of(settings(), f"Bonjour,\nProduit : {written}\nMerci") == {"product": stated}


@pytest.mark.parametrize("line", ["Produit : Gestion", "- Produit= Gestion", "> *Produit\u00a0:\u2003Gestion"])
def test_a_line_states_it_however_it_is_set(line: str) -> None:
    assert fields_of(settings(), line) == {"product": "Gestion"}


@pytest.mark.parametrize(
    "line", ["Produit Gestion", "Produit://gestion", "Le produit : Gestion", "4 Produit : Gestion"]
)
def test_other_lines_state_nothing(line: str) -> None:
    assert fields_of(settings(), line) == {}


def test_a_value_of_nothing_to_be_seen_is_none() -> None:
    assert fields_of(settings(), "Produit : \u200b\u202e\nProduit : Gestion") == {"product": "Gestion"}
