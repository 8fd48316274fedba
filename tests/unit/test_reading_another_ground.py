"""A cut is sure only where a second ground agrees: mails in which one ground alone would maim what a person wrote."""

import pytest

from maild.mail import ParsedMail
from maild.reading import read

WROTE = "Le lun. 12 janv. 2026 à 09:14, Support <support@desk.example> a écrit :"
CARD = "Jean Dupont\nComptable\njean.dupont@client.example\n06 12 34 56 78"


def mail_of(
    text: str, *, subject: str = "Re: Votre demande", sender: str = "Alice Durand <alice@client.example>"
) -> ParsedMail:
    answers = "In-Reply-To: <d1@desk.example>\r\n" if subject.startswith("Re:") else ""
    head = (
        f"From: {sender}\r\nTo: Support <support@desk.example>\r\nSubject: {subject}\r\n{answers}"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    )
    return read((head + text.replace("\n", "\r\n")).encode())


def html_of(markup: str) -> ParsedMail:
    head = (
        "From: Alice Durand <alice@client.example>\r\nTo: Support <support@desk.example>\r\n"
        "Subject: Re: Votre demande\r\nIn-Reply-To: <d1@desk.example>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    )
    return read((head + markup).encode())


@pytest.mark.parametrize("greeting", ["Bonjour,", "Bonsoir", "Hello,", "Guten Tag,", "Bonjour Madame,"])
@pytest.mark.parametrize(
    "quoted",
    [
        "> Quelle version ? 4.2\n> Quel système ? Windows 11",
        "> Numéro de série : 4512-AB\n> Adresse : 12 rue des Lilas",
        "> Votre nom : Durand\n>\n> Votre téléphone : 06 12 34 56 78",
    ],
)
def test_below_a_greeting_alone_the_answers_stand_in_the_quoted_lines(greeting: str, quoted: str) -> None:
    mail = mail_of(f"{greeting}\n\n{WROTE}\n\n{quoted}")
    assert quoted.splitlines()[-1].rpartition(": ")[2] in mail.reply_text
    assert not mail.cut_is_sure


@pytest.mark.parametrize("dashes", ["-- ", "--"])
@pytest.mark.parametrize("subject", ["Re: Votre demande", "Nouveau compte"])
@pytest.mark.parametrize(
    "asks",
    [
        "Merci de créer un compte pour cette personne.",
        "Personne à rappeler",
        "Comptes à créer",
        "Nouveau contact de facturation",
    ],
)
def test_the_card_of_somebody_else_is_no_signature(asks: str, subject: str, dashes: str) -> None:
    mail = mail_of(f"Bonjour,\n\n{asks}\n\n{dashes}\n{CARD}", subject=subject)
    assert "jean.dupont@client.example" in mail.reply_text
    assert not mail.cut_is_sure


@pytest.mark.parametrize(
    "sender",
    [
        "Jean Dupont <jean.dupont@client.example>",
        "Jean Dupont <jeannot75@gmail.example>",
        "DUPONT Jean <j.dupont@client.example>",
        "Comptabilité <compta@client.example>",
        "compta@client.example",
    ],
)
def test_ones_own_card_is_one(sender: str) -> None:
    mail = mail_of(f"C'est fait.\n\n-- \n{CARD}", sender=sender)
    assert (mail.reply_text, mail.cut_is_sure) == ("C'est fait.", True)


@pytest.mark.parametrize(
    "warning",
    [
        "Attention ! N'ouvrez pas le fichier joint si vous ne connaissez pas l'expéditeur.",
        "CAUTION: Do not open the attachment unless you know the sender.",
    ],
)
@pytest.mark.parametrize("subject", ["Re: Votre demande", "Un conseil"])
def test_a_warning_that_is_all_that_was_said_stays(warning: str, subject: str) -> None:
    mail = mail_of(f"{warning}\n\nCordialement,\nAlice", subject=subject)
    assert warning in mail.reply_text
    assert not mail.cut_is_sure


def rows(subject: str, sent: str = "Envoyé : lundi 12 janvier 2026 09:14\n") -> str:
    return f"De : Support <support@desk.example>\n{sent}À : Alice Durand\nObjet : {subject}"


def test_an_older_mail_of_ours_on_another_matter_may_be_shown_and_not_answered() -> None:
    said = "Je n'ai rien eu du remboursement promis en décembre."
    text = f"{said}\n\n{rows('Remboursement de 40 euros')}\n\nOn vous rembourse 40 euros.\n\nEt je n'ai rien eu !"
    assert not mail_of(text, subject="Re: Votre imprimante [ISY-1042]").cut_is_sure
    assert mail_of(text, subject="Re: Remboursement de 40 euros").cut_is_sure


@pytest.mark.parametrize("mark", ["", "> "])
@pytest.mark.parametrize(
    "dated", ["Message du 12/01/26 à 09h14", "Message du 12/01/26 09:14", "Message du : 12/01/2026 09:14"]
)
@pytest.mark.parametrize("rule", ["========================================\n", ""])
def test_sfr_and_orange_say_when_above_their_rows(dated: str, rule: str, mark: str) -> None:
    quoted = f"{dated}\n{rows('Votre demande', sent='')}\n\nQuel est le numéro ?"
    quoted = "\n".join(mark + line for line in quoted.split("\n"))
    mail = mail_of(f"C'est la 4711.\n\n{rule}{quoted}")
    assert (mail.reply_text, mail.cut_is_sure) == ("C'est la 4711.", True)


def test_below_a_rule_a_day_is_enough_beside_the_name_of_whom_one_answers() -> None:
    header = rows("Votre demande", sent="Date : 12/01/2026\n")
    text = f"C'est la 4711.\n\n{{}}{header}\n\nQuel est le numéro ?"
    assert mail_of(text.format("=" * 40 + "\n")).reply_text == "C'est la 4711."
    assert not mail_of(text.format("")).cut_is_sure


@pytest.mark.parametrize("lead", ["<br>", "<p></p>", "<div><br></div>", "", "<br><br>"])
@pytest.mark.parametrize("mark", ["&gt; ", ""])
def test_a_blank_line_at_the_head_of_a_quote_in_html_is_part_of_it(lead: str, mark: str) -> None:
    lines = [
        "Message du 30/11/26 09:12",
        "De : Support &lt;support@desk.example&gt;",
        "A : Alice",
        "Objet : Votre demande",
    ]
    header = "<br>".join(mark + line for line in lines)
    markup = f"<div>Rien ne marche.</div><blockquote>{lead}{header}<br><div>Quelle version ?</div></blockquote>"
    mail = html_of(markup)
    assert (mail.reply_text, mail.cut_is_sure) == ("Rien ne marche.", True)


@pytest.mark.parametrize("marker", ["", "— Répondez au-dessus de cette ligne —<br>"])
def test_a_header_that_no_table_knows_is_seen_by_the_address_of_whom_one_answers(marker: str) -> None:
    header = '<td><b>"Support" &lt;support@desk.example&gt;</b><p>30/11/2026 09:12</td><td>A</td><td>Alice</td>'
    mail = html_of(f"<p>Fait.</p><table><tr>{header}</tr></table>{marker}<div>Quelle version ?</div>")
    assert "Fait." in mail.reply_text
    assert not mail.cut_is_sure


@pytest.mark.parametrize(
    "title",
    ["Mail d'origine", "Mail d’origine", "E-mail d’origine", "Mail initial", "Message initial", "Courriel d'origine"],
)
def test_a_title_between_dashes_belongs_to_the_quote(title: str) -> None:
    mail = mail_of(f"C'est fait.\n\n----- {title} -----\n{rows('Votre demande')}\n\nQuelle version ?")
    assert (mail.reply_text, mail.cut_is_sure) == ("C'est fait.", True)


@pytest.mark.parametrize(
    "register",
    [
        "Registered in England No. 0123456.",
        "Bell Ltd is registered in England and Wales under number 01234567. Registered office: 1 High Street, Leeds.",
        "Marchal SAS au capital de 40 000 €, RCS Valence 412 000 000.",
        "Sitz der Gesellschaft: Bonn, Registergericht Bonn HRB 1234.",
    ],
)
def test_a_notice_may_end_with_the_houses_entry_in_the_register(register: str) -> None:
    notice = (
        "Ce courriel et ses pièces jointes peuvent contenir des informations confidentielles. Si vous n'êtes pas le "
        "destinataire, merci de le signaler à l'expéditeur et de le supprimer."
    )
    assert mail_of(f"C'est fait.\n\nThéo\n\n{notice} {register}").reply_text == "C'est fait.\n\nThéo"
    assert register in mail_of(f"C'est fait.\n\nVoici notre mention : {register}").reply_text
