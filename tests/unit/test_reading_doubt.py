"""Where nobody can tell what is new, or whose words they are, the mail says so: pointers, forwards, sealed mail."""

from pathlib import Path

import pytest

from maild.mail import ParsedMail
from maild.reading import read
from maild.reading.forward import is_forward, is_reply, without_prefixes
from maild.reading.markers import FORWARD_PREFIXES, REPLY_PREFIXES
from maild.reading.quote_proof import Answer
from maild.reading.reply_text import MARKERS, Cut, cut

EML = Path(__file__).parents[1] / "fixtures" / "eml"
OUTLOOK = "De : Support\nEnvoyé : lundi 23 novembre 2026 10:11\nÀ : Alice\nObjet : x\n\nQuel numéro ?\n4711"
ANSWER = Answer(subject="Re: x")


def mail(name: str) -> ParsedMail:
    return read((EML / f"{name}.eml").read_bytes())


@pytest.mark.parametrize(
    "words",
    [
        "Mes réponses ci-dessous.",
        "Bonjour,\n\nJe réponds en rouge.\n\nCordialement,\nLéa",
        "See below",
        "My answers are inline.",
        "Réponses dans le texte",
        "Voir plus bas, en bleu",
        "I answered in line, in red.",
    ],
)
@pytest.mark.parametrize(
    "head", ["{}", f"{MARKERS['fr']}\n{{}}", "Le 23/11/2026 à 10:11, S <s@isybuy.example> a écrit :\n{}"]
)
def test_words_that_point_below_leave_the_cut_in_doubt(words: str, head: str) -> None:
    found = cut(f"{words}\n\n{head.format(OUTLOOK)}", answer=ANSWER)
    assert not found.is_sure
    assert "4711" in found.text


def test_answers_in_red_are_kept_with_the_whole() -> None:
    found = mail("reply_outlook_fr_answers_in_red")
    assert not found.cut_is_sure
    assert found.reply_text == found.text


def test_a_pointer_far_above_the_end_leaves_the_cut_sure() -> None:
    steps = "\n".join(f"{n}. Faites ceci." for n in range(10))
    assert cut(f"Suivez les étapes ci-dessous :\n{steps}\n\n{OUTLOOK}", answer=ANSWER).is_sure


@pytest.mark.parametrize("name", ["forward_fr", "forward_outlook_fr", "forward_apple_fr_subject_changed"])
def test_a_mail_that_is_passed_on_says_so(name: str) -> None:
    assert mail(name).is_forward


@pytest.mark.parametrize("name", ["plain", "reply_gmail_fr", "reply_outlook_fr", "reply_outlook_en_original_message"])
def test_a_mail_that_is_not_passed_on_does_not_say_so(name: str) -> None:
    assert not mail(name).is_forward


@pytest.mark.parametrize(
    ("subject", "says_so"),
    [
        ("Fwd: x", True),
        ("TR : x", True),
        ("FW:x", True),
        ("WG: x", True),
        ("[ISY-1042] Tr: Re: x", True),
        ("[Fwd: x]", True),
        ("Re: TR: x", False),
        ("Trains: horaires", False),
        ("Fwd x", False),
        ("", False),
        ("[" * 5_000, False),
    ],
)
def test_the_first_prefix_of_the_subject_counts(subject: str, says_so: bool) -> None:
    assert is_forward(subject, "Bonjour") == says_so


@pytest.mark.parametrize("prefix", REPLY_PREFIXES)
def test_each_programs_prefix_of_an_answer_is_known(prefix: str) -> None:
    for written in (f"{prefix}: x", f"{prefix.upper()} : x", f"[EXT] {prefix}[2]: x", f"***SPAM*** {prefix}：x"):
        assert is_reply(written), written
        assert not is_forward(written, ""), written
        assert without_prefixes(f"TR: {written}") == "x"
    assert not is_reply(f"{prefix} x")
    assert not is_reply(f"TR: {prefix}: x")


@pytest.mark.parametrize("prefix", FORWARD_PREFIXES)
def test_each_programs_prefix_of_a_mail_passed_on_is_known(prefix: str) -> None:
    for written in (f"{prefix}: x", f"{prefix.upper()} : x", f"[EXT] {prefix}: Re: x"):
        assert is_forward(written, ""), written
        assert not is_reply(written), written
        assert without_prefixes(f"Re: {written}") == "x"


@pytest.mark.parametrize("subject", ["I am out of office", "Re-export", "[1042] Facture", "Ha ha: trop drôle"])
def test_words_are_no_prefixes(subject: str) -> None:
    assert not is_reply(subject)
    assert without_prefixes(subject) == subject.removeprefix("[1042] ")


@pytest.mark.parametrize(
    ("name", "types"),
    [
        ("smime_enveloped", ["application/pkcs7-mime"]),
        ("pgp_encrypted", ["application/pgp-encrypted", "application/octet-stream"]),
        ("smime_signed", ["application/pkcs7-signature"]),
        ("winmail_dat", ["application/ms-tnef"]),
    ],
)
def test_what_is_sealed_or_signed_is_seen_by_its_attachments(name: str, types: list[str]) -> None:
    assert [attachment.content_type for attachment in mail(name).attachments] == types


def test_the_text_of_a_signed_mail_is_read_as_usual() -> None:
    assert mail("smime_signed").text.strip() == "Bonjour,"
    assert mail("pgp_encrypted").text == mail("smime_enveloped").text == ""


@pytest.mark.parametrize("count", [3, 5_000])
def test_additions_of_telephones_go_however_many(count: int) -> None:
    assert cut("C'est fait.\n" + "Sent from my iPhone\n" * count) == Cut("C'est fait.", True)


def test_a_number_too_long_for_a_character_is_read() -> None:
    assert "Bonjour" in mail("html_number_too_long").text
