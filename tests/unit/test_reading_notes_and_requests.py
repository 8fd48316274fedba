"""Is a vacation note told from a request where no header helps? A table of short ones in both kinds, and of absences
that say no more, each read in several shapes: as it stands, without accents, as HTML, above the mail that it answers.
"""

import html
import unicodedata
from base64 import b64encode
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet
from ruamel.yaml import YAML

from maild.mail import Kind
from maild.reading import read
from maild.reading.reads_like import has_label, says_automatic

TABLE = YAML(typ="safe").load(Path(__file__).parents[1] / "fixtures" / "notes_and_requests.yaml")
QUOTE = (
    "\n\nLe lun. 23 nov. 2026 à 10:11, Support <support@isybuy.example> a écrit :\n> Pouvez-vous préciser ?\n> Merci"
)
ANSWERED = ("Re: ", "AW: ", "回复: ", "答复: ")  # what people's programs put before the Subject
ACCENTED = ("fr", "es", "it", "pt")  # languages that people write without accents when their keyboard has none


def cases(sort: str) -> list[ParameterSet]:
    return [
        pytest.param(subject, text, "new" not in how, id=f"{language}-{number}")
        for language, mails in TABLE[sort].items()
        for number, (subject, text, *how) in enumerate(mails)
    ]


def kind_of(subject: str, text: str, is_answer: bool, type_: str = "text/plain") -> Kind:
    return read_mail(subject, text, is_answer, type_)[0]


def read_mail(subject: str, text: str, is_answer: bool, type_: str = "text/plain") -> tuple[Kind, bool]:
    found = read(
        b"From: Alice Durand <alice@client-a.example>\r\nTo: support@isybuy.example\r\n"
        + f"Subject: =?utf-8?B?{b64encode(subject.encode()).decode()}?=\r\n".encode()
        + (b"In-Reply-To: <o1.1042@ref.isybuy.example>\r\n" if is_answer else b"")
        + f"MIME-Version: 1.0\r\nContent-Type: {type_}; charset=utf-8\r\n\r\n".encode()
        + text.replace("\n", "\r\n").encode()
    )
    return found.kind, found.auto_respond


def without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def as_html(text: str) -> str:
    return f'<html><body><div dir="ltr">{html.escape(text).replace(chr(10), "<br>")}</div></body></html>'


@pytest.mark.parametrize(("subject", "text", "is_answer"), cases("notes"))
def test_a_vacation_note_is_a_robots(subject: str, text: str, is_answer: bool) -> None:
    assert read_mail(subject, text, is_answer) == (Kind.AUTO_REPLY, False)


@pytest.mark.parametrize(("subject", "text", "is_answer"), cases("receipts"))
def test_a_receipt_is_a_robots_until_something_else_is_said(subject: str, text: str, is_answer: bool) -> None:
    assert read_mail(subject, text, is_answer) == (Kind.AUTO_REPLY, False)
    assert kind_of(subject, f"{text}\n\nLe routeur clignote rouge.", is_answer) is Kind.MESSAGE
    assert kind_of(f"Re: {subject}", text + QUOTE, is_answer=True) is Kind.MESSAGE


def notes_and_more() -> list[ParameterSet]:
    """Each note, and whose it is with something else said in it."""
    kinds = {False: Kind.MESSAGE, True: Kind.AUTO_REPLY}
    return [
        pytest.param(subject, text, "new" not in how, kinds["told" in how], id=f"{language}-{number}")
        for language, mails in TABLE["notes"].items()
        for number, (subject, text, *how) in enumerate(mails)
    ]


@pytest.mark.parametrize(("subject", "text", "is_answer", "kind"), notes_and_more())
def test_a_note_is_a_persons_where_something_else_is_said(subject: str, text: str, is_answer: bool, kind: Kind) -> None:
    """In a paragraph or a line of its own, and within the note's own sentence; unless a program says whose it is."""
    sentence = text.rstrip(" .!。！")
    first, dot, others = text.partition(". ")
    for said in (
        f"{text}\n\nLe routeur clignote rouge.",
        f"{text}\nLe routeur clignote rouge",
        f"{sentence}, le routeur clignote rouge.",
        f"{sentence} et le routeur clignote rouge.",
        f"{sentence} (le routeur clignote rouge).",
        f"{sentence} - le routeur clignote rouge.",
        f"{sentence} : le routeur clignote rouge.",
        f"{sentence} le routeur clignote rouge.",
        f"{first}, le routeur clignote rouge{dot}{others}",
    ):
        assert kind_of(subject, said, is_answer) is kind, said


def test_a_note_that_nothing_but_its_words_shows_is_a_persons_below_something_else() -> None:
    for mails in TABLE["notes"].values():
        for subject, text, *how in mails:
            if "told" not in how:
                said = f"Le routeur clignote rouge. {text}"
                assert kind_of(subject, said, "new" not in how) is Kind.MESSAGE, said


@pytest.mark.parametrize(("subject", "text", "is_answer"), cases("absences"))
def test_an_absence_and_no_word_more_is_a_persons(subject: str, text: str, is_answer: bool) -> None:
    """Whoever is asked when somebody may come answers so; that it is an answer makes no robot's of it."""
    assert kind_of(subject, text, is_answer) is Kind.MESSAGE


@pytest.mark.parametrize(("subject", "text", "is_answer"), cases("requests"))
def test_a_request_is_a_persons(subject: str, text: str, is_answer: bool) -> None:
    assert kind_of(subject, text, is_answer) is Kind.MESSAGE


@pytest.mark.parametrize("sort", ["notes", "absences", "requests"])
def test_the_shape_of_the_mail_changes_nothing(sort: str) -> None:
    wanted = Kind.AUTO_REPLY if sort == "notes" else Kind.MESSAGE
    for language, mails in TABLE[sort].items():
        for subject, text, *how in mails:
            is_answer = "new" not in how
            assert kind_of(subject, as_html(text), is_answer, "text/html") is wanted, (subject, text)
            if language in ACCENTED:
                assert kind_of(without_accents(subject), without_accents(text), is_answer) is wanted, (subject, text)


@pytest.mark.parametrize("sort", ["absences", "requests"])
def test_a_persons_mail_is_theirs_above_our_quoted_mail_too(sort: str) -> None:
    for mails in TABLE[sort].values():
        for subject, text, *how in mails:
            assert kind_of(subject, text + QUOTE, "new" not in how) is Kind.MESSAGE, (subject, text)


def test_above_our_quoted_mail_a_note_is_a_robots_only_by_a_programs_word() -> None:
    """People's programs quote, those that answer rarely do: there a robot is known by its label, or says that it is."""
    seen = set()
    for mails in TABLE["notes"].values():
        for subject, text, *how in mails:
            is_titled_by_robot = "new" not in how and not subject.startswith(ANSWERED)
            is_a_robots = is_titled_by_robot or says_automatic(text) or has_label(subject)
            wanted = Kind.AUTO_REPLY if is_a_robots else Kind.MESSAGE
            assert kind_of(subject, text + QUOTE, "new" not in how) is wanted, (subject, text)
            seen.add(wanted)
    assert seen == {Kind.AUTO_REPLY, Kind.MESSAGE}


def test_a_quote_in_html_is_one_too() -> None:
    text = "Je suis absent jeudi. Vous pouvez contacter Paul."
    quote = '<blockquote type="cite">Bonjour,<br>Quand pouvons-nous passer ?</blockquote>'
    assert kind_of("Re: Passage", as_html(text), True, "text/html") is Kind.AUTO_REPLY
    assert (
        kind_of("Re: Passage", as_html(text).replace("</body>", f"{quote}</body>"), True, "text/html") is Kind.MESSAGE
    )


def test_what_a_robot_wrote_below_a_persons_words_is_not_theirs() -> None:
    """Where a mail program leaves no sign of a quote, our own acknowledgement may stand below the answer to it."""
    ours = "Bonjour\nVotre demande a bien été enregistrée sous le numéro 1042.\nCeci est un message automatique."
    assert kind_of("Re: Votre demande", f"Ok, merci, c'est bon\n\n{ours}", is_answer=True) is Kind.MESSAGE
