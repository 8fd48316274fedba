"""By which words does an answer say what a request is about, whose own subject said nothing?"""

from time import process_time

import pytest
from desk_values import mail
from hypothesis import given
from hypothesis import strategies as st

from maild.threading.naming import LONGEST, subject_named

NAMED = [
    ("its own subject", "Export vide", "Bonjour,\nLe PDF est blanc.", "Export vide"),
    ("without our reference", "Export vide [ISY-1001-1-7YA9R-4ERR-6Q01]", "", "Export vide"),
    ("a subject of courtesy says nothing", "Ma réponse", "Le PDF est blanc.", "Le PDF est blanc"),
    ("a line that states it", "Bonjour", "Voici.\nObjet : le PDF est blanc\nMerci", "le PDF est blanc"),
    ("in English", "Hello", "Subject: blank PDF", "blank PDF"),
    ("with an equals sign, as forms write it", "Bonjour", "Sujet = PDF blanc", "PDF blanc"),
    ("a stated one that says nothing", "Bonjour", "Objet : problème\nLe PDF est blanc.", "Le PDF est blanc"),
    ("before any other line", "Bonjour", "Depuis mardi.\nObjet : PDF blanc", "PDF blanc"),
    ("the first line behind the greeting", "Bonjour", "Bonjour Madame Lefèvre,\nLe PDF est blanc.", "Le PDF est blanc"),
    ("what stands behind it on its line", "Bonjour", "Bonjour, le PDF est blanc", "le PDF est blanc"),
    ("a greeting without a comma", "Bonjour", "Bonjour Léa\nLe PDF est blanc", "Le PDF est blanc"),
    ("the first sentence of a line", "Bonjour", "Le PDF est blanc. Depuis hier.", "Le PDF est blanc"),
    ("not what only announces", "Bonjour", "Voici les précisions demandées :\nPDF blanc", "PDF blanc"),
    ("no other field", "Bonjour", "Version : 4.2\nPDF blanc", "PDF blanc"),
    ("nor a field without a value", "Bonjour", "Version :\nPDF blanc", "PDF blanc"),
    (
        "but a sentence that goes on behind a colon",
        "Bonjour",
        "L'impression ne marche plus depuis lundi : rien ne sort",
        "L'impression ne marche plus depuis lundi : rien ne sort",
    ),
    (
        "an address of a page is no field",
        "Bonjour",
        "https://x.example/export est vide",
        "https://x.example/export est vide",
    ),
    ("not the leave", "Bonjour", "Cordialement, la direction", ""),
    ("nor the sender's name", "Bonjour", "Merci\nAlice Durand", ""),
    ("nothing at all", "", "", ""),
    ("only signs", "???", "!!!\n...", ""),
]


@pytest.mark.parametrize(("title", "text", "named"), [row[1:] for row in NAMED], ids=[row[0] for row in NAMED])
def test_what_a_request_is_about(title: str, text: str, named: str) -> None:
    assert subject_named(mail(title=title, reply_text=text), "ISY") == named


def test_a_long_line_is_cut_at_a_word() -> None:
    named = subject_named(mail(title="Bonjour", reply_text="exportation " * 100), "ISY")
    assert named.endswith("exportation …")
    assert len(named) <= LONGEST + 2


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_gives_one_line_or_nothing(title: str, text: str) -> None:
    named = subject_named(mail(title=title, reply_text=text), "ISY")
    assert "\n" not in named
    assert len(named) <= max(LONGEST + 2, len(title), len(text))


@pytest.mark.parametrize(
    "line", ["a" * 100_000, "bonjour" * 20_000, "a :" * 50_000, " " * 100_000, "bonjour" + "," * 100_000]
)
def test_a_hostile_line_takes_no_time(line: str) -> None:
    started = process_time()
    subject_named(mail(title="", reply_text="\n".join([line] * 200)), "ISY")
    assert process_time() - started < 1
