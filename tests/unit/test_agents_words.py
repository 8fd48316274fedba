"""An agent's mail taken apart: words for the customer, commands, and whatever stops the whole mail."""

from typing import Any

import pytest
from desk_values import mail
from hypothesis import given
from hypothesis import strategies as st

from maild.mail import Address
from maild.people.commands import TABLE, read_words
from maild.people.courtesy import is_courtesy

LEA = Address("lea@isybuy.example", "Léa Martin")
MARKER = "— Répondez au-dessus de cette ligne —"


def words(text: str, *, sure: bool = True, leaks: tuple[str, ...] = ()) -> Any:
    return read_words(mail(LEA.address, reply_text=text, cut_is_sure=sure), LEA, (MARKER,), leaks)


CASES = [
    ("words alone", "Bonjour,\nvoici.", "Bonjour,\nvoici.", [], []),
    ("a command below", "Voici.\n\n#pending", "Voici.", ["pending"], []),
    ("a command above", "#attente\nVoici.", "Voici.", ["pending"], []),
    ("a command alone", "#résolu", "", ["resolve"], []),
    ("without accent, in capitals", "Voici.\n#RESOLU", "Voici.", ["resolve"], []),
    ("several", "#note\nà voir avec Hugo\n#open", "à voir avec Hugo", ["note", "open"], []),
    ("a note on its own line", "#note vu au téléphone", "vu au téléphone", ["note"], []),
    ("mistyped", "Voici.\n#pendng", "Voici.", [], ["unknown-command"]),
    ("unknown", "Voici.\n#xyzzy", "Voici.", [], ["unknown-command"]),
    ("with something after it", "Voici.\n#pending demain", "Voici.", [], ["unexpected-argument"]),
    ("in the middle", "Voici.\n#pending\nEt encore.", "Voici.\n#pending\nEt encore.", [], ["misplaced-command"]),
    ("a hash in the middle is text", "Voici.\n#1 est fait\nEt encore.", "Voici.\n#1 est fait\nEt encore.", [], []),
    ("a number sign is no command", "#1 Voici.", "#1 Voici.", [], []),
    ("nothing at all", "  \n", "", [], ["empty"]),
    ("a signature", "Voici.\n-- \nLéa Martin\nlea@isybuy.example", "Voici.", [], []),
    ("a signature without dashes", "Voici.\n\nLéa Martin\nSupport\n03 88 00 00 00", "Voici.", [], []),
    ("a signature, then a command", "Voici.\n-- \nLéa Martin\n#attente", "Voici.", ["pending"], []),
    ("a command, then a name", "C'est fait.\n#attente\nLéa Martin\n01 23 45 67 89", "C'est fait.", ["pending"], []),
    (
        "a command, then her leave",
        "C'est fait.\n#attente\n\nCordialement,\nLéa",
        "C'est fait.\n\nCordialement,",
        ["pending"],
        [],
    ),
    ("her leave without a command", "C'est fait.\n\nCordialement,\nLéa", "C'est fait.\n\nCordialement,", [], []),
    ("thanks alone are words", "Merci !", "Merci !", [], []),
    ("a command and thanks alone", "#attente\nMerci !", "Merci !", ["pending"], []),
    ("a command and a mere leave", "#attente\nCordialement,\nLéa", "", ["pending"], []),
    ("the name in the text", "Je suis Léa Martin, bonjour.", "Je suis Léa Martin, bonjour.", [], []),
    ("her own address in the text", "Écrivez à lea@isybuy.example.", None, [], ["own-address"]),
    ("our marker in the text", f"Voici.\n{MARKER}", None, [], ["internal-text"]),
]


@pytest.mark.parametrize(("what", "text", "said", "commands", "problems"), CASES, ids=[c[0] for c in CASES])
def test_an_agents_mail(what: Any, text: str, said: Any, commands: Any, problems: Any) -> None:
    read = words(text)
    assert [c.word for c in read.commands] == commands
    assert [slug for slug, _ in read.problems] == problems
    if said is not None:
        assert read.text == said


def test_a_cut_in_doubt_stops_the_mail() -> None:
    assert ("cut-in-doubt", "") in words("Voici.", sure=False).problems


def test_a_reference_in_the_text_stops_the_mail() -> None:
    assert ("internal-text", "[ISY-1-2-X]") in words("Voici.", leaks=("[ISY-1-2-X]",)).problems


def test_every_command_has_words_in_both_languages() -> None:
    assert all(set(row.help) == {"fr", "en"} and all(row.help.values()) for row in TABLE)


@given(st.text(max_size=300))
def test_any_text_is_taken_apart_without_harm(text: str) -> None:
    read = words(text)
    assert all(c.word in {row.word for row in TABLE} for c in read.commands)


COURTESIES = [
    ("Merci !", True),
    ("Merci beaucoup pour votre aide.\nBonne journée,\nAlice Durand", True),
    ("Parfait, bonne journée", True),
    ("Merci Alice, à toute l'équipe !", True),
    ("Bien reçu, je vous remercie", True),
    ("Merci c'est réglé", True),
    ("Un grand merci pour votre aide précieuse", True),
    ("Thank you very much!", True),
    ("Merci, ça bug encore", False),
    ("Merci. Et pour la facture ?", False),
    ("Merci, c'est réglé ?", False),
    ("Ce n'est pas résolu", False),
    ("Parfait ?", False),
    ("", False),
]


@pytest.mark.parametrize(("text", "expected"), COURTESIES)
def test_a_mere_thank_you_is_recognised_and_doubt_is_not(text: str, expected: Any) -> None:
    assert is_courtesy(text, "Alice Durand") is expected
