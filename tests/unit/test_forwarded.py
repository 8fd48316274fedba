"""Whose mail is passed on: the forms of mail programs in French and English, an attached mail, and what is none."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail import Address, Secrecy
from maild.reading import read
from maild.reading.forwarded import passed_on_in
from maild.reading.hiding import as_shown

FIXTURES = Path(__file__).parents[1] / "fixtures" / "eml"
BODY = "Bonjour,\n\nl'export plante.\n-- \nAlice"
ALICE = Address("alice@client-a.example", "Alice Durand")

HEADS = {
    "Outlook, fr": "De : Alice Durand <alice@client-a.example>\nEnvoyé : lundi 23 novembre 2026 10:11\n"
    "À : Léa Martin <lea@isybuy.example>\nObjet : Facture vide",
    "Outlook, en": "From: Alice Durand <alice@client-a.example>\nSent: Monday, November 23, 2026 10:11 AM\n"
    "To: Léa Martin <lea@isybuy.example>\nCc: Marc <marc@isybuy.example>\nSubject: Facture vide",
    "Outlook on the web, fr": "________________________________\nDe : Alice Durand <alice@client-a.example>\n"
    "Envoyé : lundi 23 novembre 2026 10:11\nÀ : Léa Martin <lea@isybuy.example>\nObjet : Facture vide",
    "Outlook 2010, en": "-----Original Message-----\nFrom: Alice Durand [mailto:alice@client-a.example]\n"
    "Sent: Monday, November 23, 2026 10:11 AM\nTo: Léa Martin\nSubject: Facture vide",
    "Gmail, fr": "---------- Forwarded message ---------\nDe : Alice Durand <alice@client-a.example>\n"
    "Date: lun. 23 nov. 2026 à 10:11\nSubject: Facture vide\nTo: Léa Martin <lea@isybuy.example>",
    "Gmail, en": "---------- Forwarded message ---------\nFrom: Alice Durand <alice@client-a.example>\n"
    "Date: Mon, Nov 23, 2026 at 10:11 AM\nSubject: Facture vide\nTo: Léa Martin <lea@isybuy.example>",
    "Thunderbird, fr": "-------- Message transféré --------\nSujet : \tFacture vide\n"
    "Date : \tMon, 23 Nov 2026 10:11:00 +0100\nDe : \tAlice Durand <alice@client-a.example>\n"
    "Pour : \tlea@isybuy.example",
    "Thunderbird, en": "-------- Forwarded Message --------\nSubject: \tFacture vide\n"
    "Date: \tMon, 23 Nov 2026 10:11:00 +0100\nFrom: \tAlice Durand <alice@client-a.example>\n"
    "To: \tlea@isybuy.example",
    "Apple Mail, fr": "Début du message réexpédié :\n\nDe: Alice Durand <alice@client-a.example>\n"
    "Objet: Facture vide\nDate: 23 novembre 2026 à 10:11:02 UTC+1\nÀ: Léa Martin <lea@isybuy.example>",
    "Apple Mail, en": "Begin forwarded message:\n\nFrom: Alice Durand <alice@client-a.example>\n"
    "Subject: Facture vide\nDate: 23 November 2026 at 10:11:02 CET\nTo: Léa Martin <lea@isybuy.example>",
}


@pytest.mark.parametrize("name", HEADS)
@pytest.mark.parametrize("above", ["", "#canal téléphone\nÀ traiter vite."])
def test_the_customer_is_named_by_the_head_of_the_program(name: str, above: str) -> None:
    found = passed_on_in(f"{above}\n\n{HEADS[name]}\n\n{BODY}".lstrip("\n"))
    assert found is not None
    assert (found.sender, found.subject, found.above, found.text) == (ALICE, "Facture vide", above, BODY)


def test_the_topmost_of_several_is_meant() -> None:
    inner = HEADS["Gmail, en"].replace("Alice Durand <alice@client-a.example>", "Jean <jean@fournisseur.example>")
    found = passed_on_in(f"{HEADS['Outlook, fr']}\n\nVoyez ceci.\n\n{inner}\n\nLe colis est perdu.")
    assert found is not None
    assert found.sender == ALICE
    assert "jean@fournisseur.example" in found.text


@pytest.mark.parametrize(
    "name",
    [
        "Durand, Alice",
        "",
        "Alice <alice@client-a.example> de la part de Bob <bob@client-a.example>",
        "alice@client-a.example; bob@client-a.example",
    ],
)
def test_nobody_is_named_where_there_is_no_address_or_more_than_one(name: str) -> None:
    found = passed_on_in(HEADS["Outlook, fr"].replace("Alice Durand <alice@client-a.example>", name) + f"\n\n{BODY}")
    assert found is None or found.sender is None


@pytest.mark.parametrize("text", ["", "Bonjour,\nvoici.", "From: Paris\nTo: Lyon\nDate: 12 March", "Objet : rien"])
def test_what_is_no_head_is_none(text: str) -> None:
    assert passed_on_in(text) is None


@pytest.mark.parametrize(
    ("file", "sender", "text"),
    [
        ("forward_apple_fr_quoted_whole.eml", "jean@fournisseur-q.example", "Le colis 55 est perdu."),
        ("forward_gmail_fr_html_only_whole.eml", "jean@fournisseur-q.example", "Le colis 55 est perdu."),
        ("forward_gmail_fr_whole.eml", "jean@fournisseur-q.example", "Le colis 55 est perdu.\n\nJean"),
        ("forward_outlook_fr_whole.eml", "jean@fournisseur-q.example", "Le colis 55 est perdu."),
        ("forward_fr.eml", "bob@client-b.example", "Le devis est faux."),
    ],
)
def test_whole_mails_of_these_programs(file: str, sender: str, text: str) -> None:
    found = passed_on_in(read((FIXTURES / file).read_bytes()).text)
    assert found is not None
    assert found.sender is not None
    assert (found.sender.address, found.text) == (sender, text)


@given(st.text(max_size=400), st.sampled_from(sorted(HEADS)), st.text(max_size=400))
def test_it_is_total(above: str, name: str, below: str) -> None:
    found = passed_on_in(f"{above}\n{HEADS[name]}\n{below}")
    assert found is None or found.sender is None or "@" in found.sender.address


def _with(*inner: EmailMessage) -> bytes:
    outer = EmailMessage()
    outer["From"], outer["To"], outer["Subject"] = "lea@isybuy.example", "support@isybuy.example", "Fwd: Facture"
    outer.set_content("Voici.")
    for mail in inner:
        outer.add_attachment(mail)
    return outer.as_bytes()


def _inner(text: str = "L'export plante.") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Alice Durand <alice@client-a.example>", "lea@isybuy.example", "Facture"
    mail["Message-ID"] = "<un@client-a.example>"
    mail.set_content(text)
    return mail


def test_one_attached_mail_is_read_with_it() -> None:
    inner = read(_with(_inner())).passed_on
    assert inner is not None
    assert (inner.sender, inner.subject, inner.text.strip()) == (ALICE, "Facture", "L'export plante.")
    assert (inner.message_id, inner.passed_on) == ("un@client-a.example", None)


def test_two_attached_mails_are_in_doubt() -> None:
    assert read(_with(_inner(), _inner("Encore."))).passed_on is None


def test_its_secrets_are_hidden_as_those_of_the_mail() -> None:
    raw = _with(_inner("Mon mot de passe : Xk9!pQ7z2"))
    inner = as_shown(read(raw), Secrecy("fr")).passed_on
    assert inner is not None
    assert "Xk9!pQ7z2" not in inner.text
