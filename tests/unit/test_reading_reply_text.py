"""What the person newly wrote: our marker first, then the quotes of the common mail programs; in doubt all of it."""

from pathlib import Path

import pytest

from maild.mail import ParsedMail
from maild.reading import read
from maild.reading.quote_proof import Answer
from maild.reading.reply_text import MARKERS, Cut, cut

EML = Path(__file__).parents[1] / "fixtures" / "eml"
FR = "Bonjour,\n\nC'est la facture 4711, de la semaine dernière.\n\nMerci,\nAlice"
EN = "Hello,\n\nIt is invoice 4711, from last week.\n\nThanks,\nAlice"


def mail(name: str) -> ParsedMail:
    return read((EML / f"{name}.eml").read_bytes())


def flat(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines())


@pytest.mark.parametrize(
    ("name", "new"),
    [
        ("reply_gmail_fr", FR),
        ("reply_gmail_fr_marker_lost", FR),
        ("reply_gmail_en", EN),
        ("reply_outlook_fr", FR),
        ("reply_outlook_fr_marker_lost", FR),
        ("reply_outlook_en_original_message", EN),
        ("reply_apple_fr", FR),
        ("reply_iphone_fr", FR),
        ("reply_thunderbird_fr_signature", FR),
        ("reply_yahoo_fr", FR),
        ("reply_proton_en", EN),
        ("reply_html_gmail_fr", FR),
        ("reply_html_outlook_fr", FR),
    ],
)
def test_only_the_new_text_of_a_reply_is_left_and_the_cut_is_sure(name: str, new: str) -> None:
    read_mail = mail(name)
    assert flat(read_mail.reply_text) == new
    assert read_mail.cut_is_sure
    assert "numéro" in read_mail.text or "Which invoice" in read_mail.text, "the whole text is kept"


def test_answers_between_the_quoted_lines_keep_the_whole_and_are_not_sure() -> None:
    read_mail = mail("reply_interleaved")
    assert read_mail.reply_text == read_mail.text
    assert not read_mail.cut_is_sure


@pytest.mark.parametrize("name", ["reply_below_the_quote", "reply_quote_without_header"])
def test_new_text_is_found_but_not_sure_where_the_form_is_unusual(name: str) -> None:
    read_mail = mail(name)
    assert read_mail.reply_text == FR
    assert not read_mail.cut_is_sure


@pytest.mark.parametrize("name", ["plain", "prose_that_looks_like_a_quote", "forward_fr"])
def test_a_mail_without_a_quote_is_kept_whole(name: str) -> None:
    read_mail = mail(name)
    assert read_mail.reply_text == read_mail.text
    assert read_mail.cut_is_sure


@pytest.mark.parametrize("marker", MARKERS.values())
@pytest.mark.parametrize("form", ["{}", "> {}", ">> {}", "  {}  ", "*{}*", "> {} "])
def test_our_marker_cuts_in_every_form(marker: str, form: str) -> None:
    found = cut(f"Voici la réponse.\n\n{form.format(marker)}\n> ancien\n")
    assert (found.text, found.is_sure) == ("Voici la réponse.", True)


def test_our_marker_cuts_where_a_program_changed_its_dashes_and_blanks() -> None:
    assert cut("Oui.\n\n- Répondez\xa0au-dessus de cette ligne -\nAncien").text == "Oui."


def test_prose_that_quotes_the_marker_is_not_cut() -> None:
    text = "J'ai lu « Répondez au-dessus de cette ligne » dans votre mail, mais je ne comprends pas."
    assert cut(text).text == text


@pytest.mark.parametrize(
    "header",
    [
        "Le lun. 23 nov. 2026 à 10:11, Support <s@isybuy.example> a écrit :",
        "Le lun. 23 nov. 2026 à 10:11, Support de la société Isybuy <s@isybuy.example>\na écrit :",
        "On Mon, Nov 23, 2026 at 10:11 AM Support <s@isybuy.example> wrote:",
        "Am 23.11.2026 um 10:11 schrieb Support:",
        "El lun, 23 nov 2026 a las 10:11, Support (<s@isybuy.example>) escribió:",
        "Il giorno lun 23 nov 2026 alle ore 10:11 Support <s@isybuy.example> ha scritto:",
        "Em seg., 23 de nov. de 2026 às 10:11, Support <s@isybuy.example> escreveu:",
        "Op ma 23 nov. 2026 om 10:11 schreef Support <s@isybuy.example>:",
        "-----Message d'origine-----\nDe : Support\nEnvoyé : lundi\nÀ : Alice\nObjet : x\n",
        "____________________\nVon: Support\nGesendet: Montag, 23. November 2026 10:11\nAn: Alice\nBetreff: x\n",
        "*From:* Support\n*Sent:* Monday, November 23, 2026 10:11 AM\n*To:* Alice\n*Subject:* x\n",
    ],
)
@pytest.mark.parametrize("mark", ["> ", ""])
def test_the_header_that_a_program_puts_above_our_marker_goes_too(header: str, mark: str) -> None:
    quoted = "\n".join(f"{mark}{line}".rstrip() for line in (MARKERS["fr"], "", "Bonjour,", "Quel numéro ?"))
    answer = Answer((), "Re: x")
    found = cut(f"{FR}\n\n{header}\n\n{quoted}\n", answer=answer)
    assert (found.text, found.is_sure) == (FR, True)
    lost = cut(f"{FR}\n\n{header}\n\n{quoted.replace(MARKERS['fr'], 'Bonjour')}\n", answer=answer)
    assert lost.text == FR


def test_words_below_a_marked_quote_are_never_sure() -> None:
    found = cut(
        f"Oui.\n\nLe 23/11/2026 à 10:11, Support a écrit :\n> {MARKERS['fr']}\n> Quel numéro ?\n\nEt aussi 4712.\n"
    )
    assert not found.is_sure
    assert "Oui." in found.text and "Et aussi 4712." in found.text


def test_an_answer_that_is_only_an_attachment_has_no_new_text() -> None:
    found = cut(f"Le 23/11/2026 à 10:11, Support a écrit :\n\n> {MARKERS['fr']}\n>\n> Quel numéro ?\n\n-- \nAlice\n")
    assert (found.text, found.is_sure) == ("", True)


def test_a_quote_without_marks_and_nothing_new_above_it_is_kept_and_not_sure() -> None:
    text = f"De : Support\nEnvoyé : lundi\nÀ : Alice\nObjet : x\n\n{MARKERS['fr']}\nQuel numéro ?"
    found = cut(text)
    assert (found.text, found.is_sure) == (text, False)


@pytest.mark.parametrize(
    "line",
    [
        "Envoyé de mon iPhone",
        "Envoyé depuis mon Samsung Galaxy",
        "Envoyé à partir d’Outlook pour iOS",
        "Sent from my iPhone",
        "Get Outlook for Android",
        "Gesendet von Outlook für Android",
        "Enviado desde mi iPhone",
        "Inviato da iPhone",
        "Verzonden vanaf mijn iPhone",
        "Verstuurd vanaf mijn iPhone",
        "Az iPhone-omról küldve",
        "Trimis de pe iPhone-ul meu",
        "Στάλθηκε από το iPhone μου",
        "Надіслано з iPhone",
        "Enviat des del meu iPhone",
        "Outlook für iOS<https://aka.ms/o0ukef> beziehen",
        "Outlook voor Android<https://aka.ms/AAb9ysg> downloaden",
        "Obter o Outlook para iOS",
        "Скачать Outlook для Android",
        "Envoyé avec la messagerie sécurisée [Proton Mail](https://proton.me/).",
        "Sent with [Proton Mail](https://proton.me/) secure email.",
        "Envoyé de mon appareil Android avec K-9 Mail. Veuillez excuser ma brièveté.",
    ],
)
def test_what_a_telephone_adds_is_cut(line: str) -> None:
    assert cut(f"C'est fait.\n\n{line}\n").text == "C'est fait."


def test_a_sentence_about_sending_stays() -> None:
    text = "Envoyé de mon côté hier soir, mais la facture que vous demandez manque toujours dans le dossier.\nMerci"
    assert cut(text).text == text


def test_a_separator_may_hold_the_blanks_of_html() -> None:
    text = '好的，谢谢。\n\n------------------&nbsp;原始邮件&nbsp;------------------\n发件人: "Support";\n您好'
    assert cut(text).text == "好的，谢谢。"


def test_a_short_answer_below_a_long_quoted_line_is_no_rest_of_it() -> None:
    """What a program wrapped had no room in the line above; whatever could have stood there is somebody's answer."""
    head = "Le 12/01/2026 à 09:14, Support a écrit :"
    quoted = "> Nous avons bien reçu votre demande du 12 et un technicien la regarde"
    assert "Merci." in cut(f"{head}\n{quoted}.\nMerci.\n> Quelle version ?\n7.2").text
    assert "Non." in cut(f"{head}\n{quoted[:61]}\nNon.\n> Quelle version ?\n7.2").text
    assert "7.2" in cut(f"{head}\n{quoted}\ndepuis hier\n> Quelle version ?\n\n7.2").text


def test_a_signature_is_cut_and_dashes_in_the_text_are_not() -> None:
    assert cut("C'est fait.\n\n-- \nAlice Durand\nClient A") == Cut("C'est fait.", True)
    listed = "Bonjour\n-- \n" + "ligne\n" * 40
    assert cut(listed).text == listed.strip()
