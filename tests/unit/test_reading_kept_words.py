"""For each way in which a text is cut, honest mails that it would maim: none of the person's words is lost.

A table by class, French first. Each mail is read as an answer to us and as a first mail, which answers nothing.
"""

import pytest

from maild.mail import ParsedMail
from maild.reading import read
from maild.reading.reply_text import MARKERS

OURS = "Le lun. 23 nov. 2026 à 10:11, Support <support@isybuy.example> a écrit :\n> Bonjour,\n> Quel numéro ?"
ROWS = "De : Paul Durand <paul@x.example>\nEnvoyé : lundi 23 novembre 2026 10:11\nÀ : Jean <jean@client.example>"


def mail_of(text: str, is_answer: bool = True, kind: str = "plain", subject: str = "Votre demande") -> ParsedMail:
    answers = f"Subject: Re: {subject}\r\nIn-Reply-To: <o1.12@ref.isybuy.example>\r\n"
    head = (
        "From: Jean <jean@client.example>\r\nTo: Support <support+12-1-abc@isybuy.example>\r\n"
        f"{answers if is_answer else 'Subject: Une question' + chr(13) + chr(10)}"
        f"MIME-Version: 1.0\r\nContent-Type: text/{kind}; charset=utf-8\r\n\r\n"
    )
    return read((head + text.replace("\n", "\r\n")).encode())


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


BETWEEN = {
    "a question and an answer right below": (
        "Le 23/11/2026 à 10:11, Support a écrit :\n"
        "> Pouvez-vous nous dire si le serveur a bien redémarré cette nuit ?\nNon, il est resté éteint.\n"
        "> Cordialement\n> Le support",
        ["Non, il est resté éteint."],
    ),
    "two questions and words of one syllable": (
        "Le 23/11/2026 à 10:11, Support a écrit :\n"
        "> Pouvez-vous nous dire si le serveur a bien redémarré cette nuit ?\nNon\n"
        "> Avez-vous bien vérifié que la prise du mur est encore alimentée ?\nOui\n> Le support",
        ["Non", "Oui"],
    ),
    "the same in lower case": (
        "Le 23/11/2026 à 10:11, Support a écrit :\n"
        "> Pouvez-vous nous dire si le serveur a bien redémarré cette nuit ?\nnon\n"
        "> Avez-vous bien vérifié que la prise du mur est encore alimentée ?\noui, hier\n> Le support",
        ["non", "oui, hier"],
    ),
    "below a question that has no sign of one": (
        "Le 23/11/2026 à 10:11, Support a écrit :\n"
        "> 1. le numéro de la facture concernée par la demande que vous avez faite\nla 4711\n"
        "> 2. la date de cette facture, telle qu'elle est imprimée en haut à droite\nle 12 mars\n> Merci",
        ["la 4711", "le 12 mars"],
    ),
    "below our marker": (
        "Le 23/11/2026 à 10:11, Support a écrit :\n"
        f"> {MARKERS['fr']}\n>\n> Pouvez-vous nous dire si le serveur a bien redémarré cette nuit ?\nNon\n"
        "> Avez-vous bien vérifié que la prise du mur est encore alimentée ?\nOui\n> Le support",
        ["Non", "Oui"],
    ),
    "with words above as well": (
        "Bonjour,\n\nvoir dans le détail.\n\nLe 23/11/2026 à 10:11, Support a écrit :\n"
        "> Pouvez-vous nous dire si le serveur a bien redémarré cette nuit\nil est resté éteint\n> Cordialement",
        ["il est resté éteint"],
    ),
    "in English": (
        "On Mon, Nov 23, 2026 at 10:11 AM Support <support@isybuy.example> wrote:\n"
        "> Could you tell us whether the server was restarted during the night?\nNo.\n> The support team",
        ["No."],
    ),
    "in German": (
        "Am 23.11.2026 um 10:11 schrieb Support:\n"
        "> Können Sie uns sagen, ob der Server in dieser Nacht neu gestartet wurde?\nNein\n> Das Support-Team",
        ["Nein"],
    ),
    "a sentence that could introduce a quote, below one": (
        "Le 23/11/2026 à 10:11, Support a écrit :\n> Quel est le message ?\n\n"
        "Mon collègue Paul <paul@client.example> a écrit le 12/11/2026 à 10:30 :\n> panne 12\n",
        ["Mon collègue Paul <paul@client.example> a écrit le 12/11/2026 à 10:30 :"],
    ),
}


@pytest.mark.parametrize("name", BETWEEN)
def test_an_answer_between_quoted_lines_is_kept_and_never_sure(name: str) -> None:
    text, answers = BETWEEN[name]
    found = mail_of(text)
    assert not found.cut_is_sure
    assert set(answers) <= set(lines_of(found.reply_text))


def test_answers_at_the_end_of_quoted_lines_are_kept_with_the_whole() -> None:
    text = "Le 23/11/2026 à 10:11, Support a écrit :\n> Quel numéro ? 4711\n> Quelle date ? le 12"
    assert (mail_of(text).reply_text, mail_of(text).cut_is_sure) == (text, False)


def test_the_rest_of_a_line_that_a_program_wrapped_is_no_answer_and_yet_never_sure() -> None:
    wrapped = (
        "> Nous avons bien noté que le serveur ne redémarre plus depuis la mise\nà jour\n"
        "> de la semaine dernière, et nous cherchons avec le fournisseur d'où cela\nvient.\n"
    )
    found = mail_of(f"C'est bien cela.\n\nLe 23/11/2026 à 10:11, Support a écrit :\n{wrapped}> \n> Le support")
    assert (found.cut_is_sure, "C'est bien cela." in found.reply_text) == (False, True)


# Mails without a program's quote: whatever they look like, all of it stays. One row a mail, by what it resembles.
WHOLE = {
    # a line that introduces a quote
    "a client asks": (
        "Bonjour,\n\nLe client Dupont <dupont@x.example> me demande ceci :\nPeut-on avoir un avoir ?\n\nMerci"
    ),
    "reported this": (
        "Hello,\n\nOn Monday 12 January 2026 at 10:30 John <john@x.example> reported this:\nIt hangs.\n\nThanks"
    ),
    "my colleague wrote": (
        "Bonjour,\n\nMon collègue Paul a écrit le 12/11/2026 à 10:30 :\nL'export plante.\n\nQue faire ?"
    ),
    "the customer called": (
        "Suite.\n\nLe 12/11/2026 à 10:30 le client Dupont <dupont@x.example> a signalé :\nplus de son\n\nMerci"
    ),
    "a date and an address": "Rappel\n\nLe 12/11/2026 à 10:30, point avec Paul <paul@x.example> :\n- export\n- avoir",
    "told by a customer": (
        "Voici son avis\n\nLe 12/11/2026 à 10:30, notre cliente Anne <anne@x.example> a écrit :\nTout va.\n\nJ'attends."
    ),
    "an undated sentence": "Bonjour\n\nPaul Durand <paul@x.example> écrit :\nil manque deux cartons\n\nBien à vous",
    "a line of a log": "Le journal\n\n23/11/2026 10:11 refus de <paul@x.example>\n23/11/2026 10:12 idem\n\nMerci",
    "received from": "Bonjour,\n\nReçu le 23/11/2026 à 10:11 de Paul <paul@x.example> :\nplus de papier\n\nMerci",
    "German, name first": "Kurz\n\nHerr Weber schrieb am 12.11.2026 um 10:30:\nEs hängt.\n\nWas nun?",
    "name first": "Suivi\n\nHier soir Paul a écrit le 12/11/2026 à 10:30 :\nil plante\n\nMerci",
    "German": ("Hallo,\n\nunser Kunde Weber <weber@x.example> fragt am 12.11.2026 um 10:30:\nWann kommt es?\n\nGruß"),
    "German told": "Guten Tag,\n\nam 12.11.2026 um 10:30 hat mein Kollege Paul geschrieben:\nEs hängt.\n\nWas tun?",
    "Spanish": "Hola:\n\nEl 12/11/2026 a las 10:30 mi jefe Luis <luis@x.example> preguntó:\n¿cuándo?\n\nGracias",
    "marked by hand": "Bonjour,\n\nLe client Dupont <dupont@x.example> me demande ceci :\n> Peut-on avoir un avoir ?",
    "a colleague, marked": "Voyez\n\nMon collègue Paul a écrit le 12/11/2026 à 10:30 :\n> L'export plante.",
    "only a greeting above": "Bonjour,\n\nLe 12/11/2026 à 10:30, Paul <paul@x.example> a écrit :\ntout va\n\nEt moi ?",
    # rows
    "a pasted mail": f"Voici le mail du client :\n\n{ROWS}\nObjet : export\n\nL'export plante depuis hier",
    "a pasted mail, no colon": f"Je vous transmets le mail du client.\n\n{ROWS}\nObjet : export\n\nL'export plante",
    "a pasted mail of the same Subject": (
        "Voici la réponse de Paul\n\nDe : Paul\nEnvoyé : lundi 23 novembre 2026 10:11\nÀ : Jean\n"
        "Objet : RE: Votre demande\n\nIl plante chez moi aussi"
    ),
    "a pasted mail below a rule": (
        f"Voici le mail reçu hier\n\n________________________________\n{ROWS}\nObjet : export\n\nL'export plante"
    ),
    "a pasted mail between dashes": (
        f"Je vous colle le message du client\n\n-----Message d'origine-----\n{ROWS}\nObjet : export\n\nIl plante"
    ),
    "a pasted mail in English": (
        "Please see the mail of our client\n\nFrom: Paul <paul@x.example>\nSent: Monday, November 23, 2026 10:11 AM\n"
        "To: Jean\nSubject: export\n\nIt hangs\n\nWhat now?"
    ),
    "a pasted mail in German": (
        "Anbei die Mail vom Kunden\n\nVon: Paul <paul@x.example>\nGesendet: Montag, 23. November 2026 10:11\n"
        "An: Jean\nBetreff: Export\n\nEs hängt"
    ),
    "a transfer to be changed": (
        "Merci de changer le transfert\n\nDe : compta@client.example\nÀ : paul@client.example\nObjet : tous\n\n"
        "à partir de lundi."
    ),
    "a transfer from your address": (
        "Merci de bloquer\n\nDe : support@isybuy.example\nÀ : paul@client.example\nObjet : tous\n\njusqu'à lundi."
    ),
    "a transport": "Le transport\n\nDe : Paris\nÀ : Lyon\nDate : 12/03/2026 10:30\nObjet : 3 palettes\n\nPeut-on ?",
    "a transport on a day": "Un bus\n\nDe : Paris\nÀ : Lyon\nDate : lundi 12 mars 2026\nObjet : 3 palettes\n\nAlors ?",
    "a meeting": "Visite\n\nDate : 12/03/2026 10:30\nDe : Jean\nÀ : Paul\nObjet : devis\n\nMerci de confirmer.",
    "a slip": "Un mot\n\nDe la part de : Paul\nDe : Paul\nPour : Jean\nObjet : clés\nDate : 12/03/2026\n\nPerdues",
    "a form in English": "The form:\n\nFrom: Paris\nTo: Lyon\nDate: 12/03/2026 10:30\nSubject: 3 boxes\n\nAny news?",
    "a form in German": "Fahrt\n\nVon: Köln\nAn: Bonn\nDatum: 12.03.2026 10:30\nBetreff: 3 Kisten\n\nGeht das?",
    # separators and markers
    "a title between dashes": (
        "Bonjour,\n\n-- Message original --\n\nc'est le titre de mon article, pouvez-vous le publier ?"
    ),
    "our line, cited": (
        f"Que veut dire la ligne\n\n{MARKERS['fr']}\n\ndans vos mails ? Elle gêne mes clients.\n\nMerci"
    ),
    "our line, cited after a colon": f"Vos mails disent :\n\n{MARKERS['fr']}\n\nPeut-on l'enlever ?",
    "our line, cited, and a new sentence": (
        f"Je ne comprends pas cette ligne\n\n{MARKERS['fr']}\n\nOù faut-il écrire ?\n\nJean"
    ),
    "our line, in English": (
        f"Please remove the line\n\n{MARKERS['en']}\n\nfrom your mails, our clients stumble on it."
    ),
    "the line of another desk": (
        "Que faire de la phrase\n\n##- Veuillez saisir votre réponse au-dessus de cette ligne -##\n\ndans vos mails ?"
    ),
    # quoted lines
    "a console": "Bonjour,\n\n> show status\n> ERROR 12 : disque plein",
    "a console after a sentence": "Bonjour,\n\nLa console affiche\n\n> show status\n> ERROR 12 : disque plein",
    "menus": "Bonjour,\n\nj'ouvre\n\n> Fichier > Exporter\n> PDF\n\net rien ne se passe",
    "amounts": "Les montants :\n\n> 100 € : refusé\n> 200 € : accepté",
}


@pytest.mark.parametrize("is_answer", [True, False], ids=["answer", "first mail"])
@pytest.mark.parametrize("name", WHOLE)
def test_a_mail_without_a_programs_quote_loses_nothing(name: str, is_answer: bool) -> None:
    found = mail_of(WHOLE[name], is_answer)
    assert lines_of(found.reply_text) == lines_of(WHOLE[name])


# What stands above our own mail's quote, and looks like a part of its header.
ABOVE_A_QUOTE = [
    *(words for words in WHOLE.values() if "\n> " not in words),
    "C'est bon pour moi.\n\nRappel : 12/11/2026 10:30\nPaul Durand\n<paul@x.example>",
    "Il passe le 12/11/2026 à 10:30 avec\nPaul <paul@x.example>",
    "La commande\n\nDe : Paris\nÀ : Lyon\nDate : 12/03/2026 10:30\nObjet : 3 palettes",
    "Rendez-vous le 12/11/2026 à 10:30 avec paul@x.example\nEnvoyez le compte rendu à anne@x.example :",
    "Je note pour le 12/11/2026 à 10:30 :",
    f"C'est urgent.\n\n{ROWS}\nObjet : export\n\nL'export plante",
    f"C'est urgent.\n\n-----Message d'origine-----\n{ROWS}\nObjet : export\n\nplante : oui\nNous voyons cela.",
]
MARKED = OURS.replace("> Bonjour", f"> {MARKERS['fr']}\n> Bonjour")


@pytest.mark.parametrize("words", ABOVE_A_QUOTE)
def test_such_words_above_the_quote_of_our_mail_are_never_lost_for_sure(words: str) -> None:
    for quote in (OURS, MARKED, f"> {MARKERS['fr']}\n> Bonjour,"):
        found = mail_of(f"{words}\n\n{quote}")
        kept = lines_of(found.reply_text)[: len(lines_of(words))] == lines_of(words)
        assert kept or (not found.cut_is_sure and ROWS in words)


def test_words_on_one_line_with_a_programs_are_kept() -> None:
    found = mail_of(f"C'est bon pour moi {OURS}")
    assert (found.reply_text, found.cut_is_sure) == ("C'est bon pour moi", True)
    found = mail_of(f"Merci.\nC'est bon pour moi--- {OURS}")
    assert (found.reply_text, found.cut_is_sure) == ("Merci.\nC'est bon pour moi", True)


@pytest.mark.parametrize("new", ["Oui", "4711", "Le 12.", "Merci,", "Merci !", "Bonjour,\n\nC'est fait.\n\nJean"])
def test_an_answer_above_the_quote_of_our_mail_stays_exact_and_sure(new: str) -> None:
    outlook = ROWS.replace("Paul Durand <paul@x.example>", "Support <support@isybuy.example>")
    for quote in (OURS, MARKED, f"{outlook}\nObjet : Votre demande\n\nBonjour,\n\nQuel numéro ?"):
        found = mail_of(f"{new}\n\n{quote}")
        assert (found.reply_text, found.cut_is_sure) == (new, True)


HTML = {
    "a blockquote": "<p>Bonjour</p><blockquote>Erreur 12 : disque plein</blockquote>",
    "a blockquote after a sentence": "<p>La console affiche</p><blockquote>Erreur 12 : disque plein</blockquote>",
    "Gmail's button for a citation": (
        '<div>La console affiche</div><blockquote class="gmail_quote">Erreur 12 : disque plein</blockquote>'
    ),
    "rows": (
        "<p>Voici le mail du client</p><p><b>De :</b> Paul &lt;paul@x.example&gt;<br><b>Envoyé :</b> lundi 23 novembre"
        " 2026 10:11<br><b>À :</b> Jean<br><b>Objet :</b> export</p><p>Erreur 12 : disque plein</p>"
    ),
    "rows as Outlook lays them out": (
        '<p>Je vous colle le mail du client.</p><div id="divRplyFwdMsg"><b>De :</b> Paul &lt;paul@x.example&gt;<br>'
        "<b>Envoyé :</b> lundi 23 novembre 2026 10:11<br><b>Objet :</b> export</div><p>Erreur 12 : disque plein</p>"
    ),
}


@pytest.mark.parametrize("is_answer", [True, False], ids=["answer", "first mail"])
@pytest.mark.parametrize("name", HTML)
def test_the_same_in_html(name: str, is_answer: bool) -> None:
    assert "Erreur 12 : disque plein" in mail_of(HTML[name], is_answer, "html").reply_text


def test_a_citation_of_the_persons_own_above_a_quote_in_html_is_kept_and_not_sure() -> None:
    line = "Le lun. 23 nov. 2026 à 10:11, Support &lt;support@isybuy.example&gt; a écrit :"
    quote = f'<div class="gmail_attr">{line}</div><blockquote class="gmail_quote">Quel numéro ?</blockquote>'
    for cited in HTML.values():
        found = mail_of(f'{cited}<div>Que faire ?</div><div class="gmail_quote">{quote}</div>', kind="html")
        assert not found.cut_is_sure
        assert "Erreur 12 : disque plein" in found.reply_text and "Que faire ?" in found.reply_text


def test_a_quote_below_the_border_of_windows_mail_is_cut_though_its_rows_bear_no_address() -> None:
    border = "border-top-color: rgb(229, 229, 229); border-top-width: 1px; border-top-style: solid;"
    rows = "<b>De :</b> Le service<br><b>Envoyé :</b> lundi 23 novembre 2026 10:11<br><b>À :</b> Jean"
    found = mail_of(f'<div>Oui.</div><div style="padding: 5px; {border}">{rows}</div><p>Quel numéro ?</p>', kind="html")
    assert (found.reply_text, found.cut_is_sure) == ("Oui.", True)


# In an answer nobody can tell whose these are: the cut is never sure.
PASTED = [
    "Les montants\n\n> 100 € : refusé\n> 200 € : accepté",
    f"C'est urgent.\n\n{ROWS}\nObjet : export\n\nL'export plante depuis hier",
    f"C'est urgent.\n\n-----Message d'origine-----\n{ROWS}\nObjet : export\n\nL'export plante depuis hier",
    "C'est urgent.\n\nLe 12/11/2026 à 10:30, Paul <paul@x.example> a écrit :\n\nL'export plante.\n\nEt pour moi ?",
    "C'est urgent.\n\nLe 12/11/2026 à 10:30, Paul a écrit :\n\nL'export plante.\n\nEt pour moi ?",
]


@pytest.mark.parametrize("text", PASTED)
def test_what_a_third_person_wrote_or_nobody_introduced_is_never_cut_for_sure(text: str) -> None:
    assert not mail_of(text).cut_is_sure
    assert mail_of(text, is_answer=False).reply_text == text


@pytest.mark.parametrize(
    "head",
    [
        ROWS.replace("Paul Durand <paul@x.example>", "Support <support@isybuy.example>") + "\nObjet : x",
        ROWS.replace("Paul Durand <paul@x.example>", "Support") + "\nObjet : x",
        ROWS.replace("Paul Durand <paul@x.example>", "Le service") + "\nObjet : RE: [ISY-12] Votre  demande",
        ROWS.replace("paul@x.example", "contact@isybuy.example") + "\nObjet : Votre demande",
        "-----Message d'origine-----\nDe : Le service\nEnvoyé : lundi 23 novembre 2026 10:11\nÀ : Jean\nObjet : x",
        "Le lun. 23 nov. 2026 à 10:11, Support <support@isybuy.example> a écrit :",
        "Am 23.11.2026 um 10:11 schrieb Unser Haus <support+12-9-zz@isybuy.example>:",
    ],
)
def test_a_quote_without_marks_is_sure_where_it_names_whom_the_mail_is_written_to(head: str) -> None:
    found = mail_of(f"Bonjour,\n\nC'est la 4711.\n\n{head}\n\nBonjour,\n\nQuel numéro ?\n")
    assert (found.reply_text, found.cut_is_sure) == ("Bonjour,\n\nC'est la 4711.", True)
