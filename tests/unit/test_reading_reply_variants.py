"""Each form of a quote in each language, varied as programs vary it: names, blanks, wrapping, marks, our line lost."""

import html
import textwrap
from itertools import cycle, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail import Address
from maild.reading.markup import to_text
from maild.reading.quote_proof import Answer
from maild.reading.reply_text import MARKERS, Cut, cut, cut_markup

NAMES = [
    "Support iSYBUY",
    "iSYBUY : Support",
    "Support (niveau 2)",
    "Durand, Élise",
    "L'équipe d'assistance à la clientèle",
]
ADDRESS = "support+1042-1-70a5q@isybuy.example"
ANSWER = Answer((Address(ADDRESS, "Support"),), "Re: Facture")  # whom the answers are written to
NEW = [
    "Bonjour,\n\nC'est la facture 4711.\n\nMerci,\nAlice",
    "Le 12.",
    "4711",
    "Non :(",
    "On Tuesday 3 items were missing.",
    "Merci.\n\nJe serai de retour le 30/11/2026.\nPour ce qui presse, appelez le standard au 04 50 12 34 56.",
    "Le 30/11/2026 je serai de retour, comme convenu avec vous au téléphone hier matin.",
    "On 30 November 2026 we shall be back, as we agreed with you on the telephone yesterday.",
    "Écrivez aussi à compta@client-a.example, qui attend la facture du 12/11/2026 depuis hier.",
]

# Programs and providers put other blanks before a colon and within a date.
BLANKS = [(" :", " :"), (" :", "\u202f:"), (" :", "\xa0:"), ("2026 ", "2026\xa0"), (" ", "\xa0")]

# What the programs write above a quote whose lines bear `>`, by program and language.
ATTRIBUTIONS = {
    "gmail-fr": "Le lun. 23 nov. 2026 à 10:11, {name} <{address}> a écrit :",
    "gmail-fr-12h": "Le lun. 23 nov. 2026 à 10 h 11, {name} <{address}> a écrit :",
    "gmail-en": "On Mon, Nov 23, 2026 at 10:11 AM {name} <{address}> wrote:",
    "gmail-en-gb": "On Mon, 23 Nov 2026 at 10:11, {name} <{address}> wrote:",
    "gmail-de": "Am Mo., 23. Nov. 2026 um 10:11 Uhr schrieb {name} <{address}>:",
    "gmail-es": "El lun, 23 nov 2026 a las 10:11, {name} (<{address}>) escribió:",
    "gmail-it": "Il giorno lun 23 nov 2026 alle ore 10:11 {name} <{address}> ha scritto:",
    "gmail-pt": "Em seg., 23 de nov. de 2026 às 10:11, {name} <{address}> escreveu:",
    "gmail-nl": "Op ma 23 nov 2026 om 10:11 schreef {name} <{address}>:",
    "gmail-pl": "pon., 23 lis 2026 o 10:11 {name} <{address}> napisał(a):",
    "gmail-sv": "Den mån 23 nov. 2026 kl 10:11 skrev {name} <{address}>:",
    "gmail-da": "man. 23. nov. 2026 kl. 10.11 skrev {name} <{address}>:",
    "gmail-fi": "ma 23. marrask. 2026 klo 10.11 {name} ({address}) kirjoitti:",
    "gmail-cs": "po 23. 11. 2026 v 10:11 odesílatel {name} <{address}> napsal:",
    "gmail-hu": "{name} <{address}> ezt írta (időpont: 2026. nov. 23., H, 10:11):",
    "gmail-ro": "În lun., 23 nov. 2026 la 10:11, {name} <{address}> a scris:",
    "gmail-ru": "пн, 23 нояб. 2026 г. в 10:11, {name} <{address}>:",
    "gmail-uk": "пн, 23 лист. 2026 р. о 10:11 {name} <{address}> пише:",
    "gmail-tr": "{name} <{address}>, 23 Kas 2026 Pzt, 10:11 tarihinde şunu yazdı:",
    "gmail-el": "Στις Δευ 23 Νοε 2026 στις 10:11 π.μ., ο χρήστης {name} <{address}> έγραψε:",
    "gmail-ca": "Missatge de {name} <{address}> del dia dl., 23 de nov. 2026 a les 10:11:",
    "gmail-ja": "2026年11月23日(月) 10:11 {name} <{address}>:",
    "gmail-zh": "{name} <{address}> 于2026年11月23日周一 10:11写道：",
    "gmail-ko": "2026년 11월 23일 (월) 오전 10:11, {name} <{address}>님이 작성:",
    "apple-fr": "Le 23 nov. 2026 à 10:11, {name} <{address}> a écrit :",
    "apple-en": "On 23 Nov 2026, at 10:11, {name} <{address}> wrote:",
    "apple-de": "Am 23.11.2026 um 10:11 schrieb {name} <{address}>:",
    "apple-es": "El 23 nov 2026, a las 10:11, {name} <{address}> escribió:",
    "apple-it": "Il giorno 23 nov 2026, alle ore 10:11, {name} <{address}> ha scritto:",
    "apple-nl": "Op 23 nov 2026 om 10:11 heeft {name} <{address}> het volgende geschreven:",
    "apple-pt": "No dia 23/11/2026, às 10:11, {name} <{address}> escreveu:",
    "apple-sv": "23 nov. 2026 kl. 10:11 skrev {name} <{address}>:",
    "apple-da": "Den 23. nov. 2026 kl. 10.11 skrev {name} <{address}>:",
    "apple-nb": "23. nov. 2026 kl. 10:11 skrev {name} <{address}>:",
    "apple-pl": "Wiadomość napisana przez {name} <{address}> w dniu 23 lis 2026, o godz. 10:11:",
    "apple-ja": "2026/11/23 10:11、{name} <{address}>のメール:",
    "apple-zh": "{name} <{address}> 于2026年11月23日 10:11写道：",
    "thunderbird-fr": "Le 23/11/2026 à 10:11, {name} a écrit :",
    "thunderbird-en": "On 23/11/2026 10:11, {name} wrote:",
    "thunderbird-en-us": "On 11/23/26 10:11 AM, {name} wrote:",
    "thunderbird-de": "Am 23.11.26 um 10:11 schrieb {name}:",
    "thunderbird-es": "El 23/11/2026 a las 10:11, {name} escribió:",
    "thunderbird-it": "Il 23/11/2026 10:11, {name} ha scritto:",
    "thunderbird-nl": "Op 23-11-2026 om 10:11 schreef {name}:",
    "thunderbird-pt": "Em 23/11/2026 10:11, {name} escreveu:",
    "thunderbird-pt-pt": "Às 10:11 de 23/11/2026, {name} escreveu:",
    "thunderbird-pl": "W dniu 23.11.2026 o 10:11, {name} pisze:",
    "thunderbird-sv": "Den 2026-11-23 kl. 10:11, skrev {name}:",
    "thunderbird-cs": "Dne 23. 11. 26 v 10:11 {name} napsal(a):",
    "thunderbird-fi": "{name} kirjoitti 23.11.2026 klo 10.11:",
    "yahoo-fr": "Le lundi 23 novembre 2026 à 10:11:02 UTC+1, {name} <{address}> a écrit :",
    "yahoo-de": "Am Montag, 23. November 2026 um 10:11:02 MEZ hat {name} <{address}> Folgendes geschrieben:",
    "proton-fr": "Le lundi 23 novembre 2026 à 10:11, {name} <{address}> a écrit :",
    "proton-en": "On Monday, November 23rd, 2026 at 10:11 AM, {name} <{address}> wrote:",
    "k9-fr": "Le 23 novembre 2026 10:11:02 GMT+01:00, {name} <{address}> a écrit :",
    "spark-fr": "Le 23 nov. 2026 à 10:11 +0100, {name} <{address}>, a écrit :",
    "evolution-fr": "Le lundi 23 novembre 2026 à 10:11 +0100, {name} a écrit :",
    "roundcube-fr": "Le 2026-11-23 10:11, {name} a écrit :",
    "mutt": "On Mon, Nov 23, 2026 at 10:11:02AM +0100, {name} wrote:",
}

# The names of the rows From, Sent, To, Subject in Outlook and its kin, and a date.
ROWS = {
    "fr": ("De :", "Envoyé :", "À :", "Objet :", "lundi 23 novembre 2026 10:11"),
    "fr-date": ("De :", "Date :", "À :", "Objet :", "lundi, 23 novembre 2026 à 10:11"),
    "fr-zimbra": ("De:", "Envoyé:", "À:", "Objet:", "Lundi 23 Novembre 2026 10:11:02"),
    "en": ("From:", "Sent:", "To:", "Subject:", "Monday, November 23, 2026 10:11 AM"),
    "de": ("Von:", "Gesendet:", "An:", "Betreff:", "Montag, 23. November 2026 10:11"),
    "es": ("De:", "Enviado:", "Para:", "Asunto:", "lunes, 23 de noviembre de 2026 10:11"),
    "it": ("Da:", "Inviato:", "A:", "Oggetto:", "lunedì 23 novembre 2026 10:11"),
    "pt": ("De:", "Enviado:", "Para:", "Assunto:", "segunda-feira, 23 de novembro de 2026 10:11"),
    "pt-br": ("De:", "Enviada em:", "Para:", "Assunto:", "segunda-feira, 23 de novembro de 2026 10:11"),
    "nl": ("Van:", "Verzonden:", "Aan:", "Onderwerp:", "maandag 23 november 2026 10:11"),
    "pl": ("Od:", "Wysłane:", "Do:", "Temat:", "poniedziałek, 23 listopada 2026 10:11"),
    "sv": ("Från:", "Skickat:", "Till:", "Ämne:", "den 23 november 2026 10:11"),
    "da": ("Fra:", "Sendt:", "Til:", "Emne:", "23. november 2026 10:11"),
    "fi": ("Lähettäjä:", "Lähetetty:", "Vastaanottaja:", "Aihe:", "maanantai 23. marraskuuta 2026 10.11"),
    "cs": ("Od:", "Odesláno:", "Komu:", "Předmět:", "pondělí 23. listopadu 2026 10:11"),
    "hu": ("Feladó:", "Elküldve:", "Címzett:", "Tárgy:", "2026. november 23., hétfő 10:11"),
    "tr": ("Kimden:", "Gönderildi:", "Kime:", "Konu:", "23 Kasım 2026 Pazartesi 10:11"),
    "ru": ("От:", "Отправлено:", "Кому:", "Тема:", "23 ноября 2026 г. 10:11"),
    "el": ("Από:", "Στάλθηκε:", "Προς:", "Θέμα:", "Δευτέρα, 23 Νοεμβρίου 2026 10:11"),
    "ja": ("差出人:", "送信日時:", "宛先:", "件名:", "2026年11月23日 10:11"),
    "zh": ("发件人:", "发送时间:", "收件人:", "主题:", "2026年11月23日 10:11"),
    "ko": ("보낸 사람:", "보낸 날짜:", "받는 사람:", "제목:", "2026년 11월 23일 월요일 오전 10:11"),
}


RULES = ["", "________________________________\n", "-----Message d'origine-----\n", "\n\n"]


def old_words(has_marker: bool) -> str:
    return (f"{MARKERS['fr']}\n\n" if has_marker else "") + "Bonjour Alice,\n\nQuel est le numéro ?\n\nLe support"


def marked(text: str, mark: str) -> str:
    return "\n".join(f"{mark}{line}".rstrip() for line in text.split("\n"))


def wrapped(line: str, width: int) -> str:
    return "\n".join(textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)) if width else line


@pytest.mark.parametrize("form", ATTRIBUTIONS)
@pytest.mark.parametrize("has_marker", [True, False])
def test_the_words_above_a_line_that_introduces_a_quote_are_new(form: str, has_marker: bool) -> None:
    """All names, answers and widths; marks, gaps and blanks take turns, so that each meets each width."""
    habits = cycle(product(("> ", ">"), ("\n\n", "\n"), BLANKS))
    for name, new, width in product(NAMES, NEW, (0, 64, 76)):
        mark, gap, (plain, odd) = next(habits)
        line = wrapped(ATTRIBUTIONS[form].format(name=name, address=ADDRESS), width).replace(plain, odd)
        text = f"{new}{gap}{line}\n{gap[1:]}{marked(old_words(has_marker), mark)}\n"
        found = cut(text, answer=ANSWER)
        assert (found.text, found.is_sure) == (new, True), text


@pytest.mark.parametrize("form", [form for form, line in ATTRIBUTIONS.items() if "{address}" in line])
def test_the_same_where_the_quote_bears_no_marks(form: str) -> None:
    for name, new, gap, has_marker in product(NAMES, NEW, ("\n\n", "\n"), (True, False)):
        line = ATTRIBUTIONS[form].format(name=name, address=ADDRESS)
        text = f"{new}{gap}{line}\n\n{old_words(has_marker)}\n"
        found = cut(text, answer=ANSWER)
        assert (found.text, found.is_sure) == (new, True), text


@pytest.mark.parametrize("language", ROWS)
@pytest.mark.parametrize("has_marker", [True, False])
def test_the_words_above_a_block_of_rows_are_new(language: str, has_marker: bool) -> None:
    sender, sent, to, subject, date = ROWS[language]
    habits = cycle(product((" ", "\xa0", "\u202f"), ("", "*"), RULES))
    for name, new in product(NAMES, NEW):
        blank, bold, rule = next(habits)
        rows = [
            (sender, f"{name} <{ADDRESS}>"),
            (sent, date),
            (to, "Alice <alice@client-a.example>"),
            (subject, "x : y"),
        ]
        for order in (rows, [rows[1], rows[0], *rows[2:]], [rows[3], rows[1], rows[0], rows[2]]):
            block = "\n".join(f"{bold}{label}{bold} {value}".replace(" :", f"{blank}:") for label, value in order)
            text = f"{new}\n\n{rule}{block}\n\n{old_words(has_marker)}\n"
            found = cut(text, answer=ANSWER)
            assert (found.text, found.is_sure) == (new, True), text


@pytest.mark.parametrize("form", ATTRIBUTIONS)
def test_answers_between_the_lines_are_kept_and_never_sure(form: str) -> None:
    line = ATTRIBUTIONS[form].format(name="Support", address=ADDRESS)
    text = f"Bonjour,\n\n{line}\n> Quel numéro ?\n\nLe 4711.\n\n> Quelle date ?\n\nLe 3 mars.\n\n> Merci\n"
    found = cut(text)
    assert not found.is_sure
    assert all(answer in found.text for answer in ("Bonjour", "Le 4711.", "Le 3 mars."))


@pytest.mark.parametrize("form", ATTRIBUTIONS)
def test_an_answer_below_the_quote_is_found_and_never_sure(form: str) -> None:
    line = ATTRIBUTIONS[form].format(name="Support", address=ADDRESS)
    found = cut(f"{line}\n{marked(old_words(True), '> ')}\n\nLe 4711.\n")
    assert (found.text, found.is_sure) == ("Le 4711.", False)


# How programs lay their line and the quote out in HTML; `{line}` is the line, `{quote}` the quoted HTML.
LAYOUTS = {
    "gmail": '<div class="gmail_quote"><div class="gmail_attr">{line}<br></div><blockquote>{quote}</blockquote></div>',
    "thunderbird": '<div class="moz-cite-prefix">{line}<br></div><blockquote type="cite">{quote}</blockquote>',
    "apple": '<div><br><blockquote type="cite"><div>{line}</div><br><div>{quote}</div></blockquote></div>',
    "proton": '<div class="protonmail_quote">{line}<br><blockquote type="cite">{quote}</blockquote></div>',
    "yahoo": '<div class="yahoo_quoted"><div><div>{line}</div><div><br></div><div>{quote}</div></div></div>',
    "unnamed": "<div>{line}</div><blockquote>{quote}</blockquote>",
}


def of_html(new: str, layout: str, line: str, below: str = "") -> Cut:
    quote = f"<p>{MARKERS['fr']}</p><p>Quel est le numéro ?</p><p>Le support</p>"
    markup = f"<html><body><div>{html.escape(new).replace(chr(10), '<br>')}</div>" + LAYOUTS[layout].format(
        line=html.escape(line), quote=quote
    )
    markup += f"{below}</body></html>"
    return cut_markup(markup, to_text(markup), ANSWER)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("form", ATTRIBUTIONS)
def test_the_same_in_html_alone(form: str, layout: str) -> None:
    for name, new in product(NAMES, NEW):
        found = of_html(new, layout, ATTRIBUTIONS[form].format(name=name, address=ADDRESS))
        assert (found.text, found.is_sure) == (new, True), (name, new)


@pytest.mark.parametrize("layout", [layout for layout in LAYOUTS if layout != "yahoo"])
def test_words_below_a_quote_in_html_are_kept_and_never_sure(layout: str) -> None:
    found = of_html(
        "Oui.", layout, ATTRIBUTIONS["gmail-fr"].format(name="S", address=ADDRESS), "<p>Et aussi la 12.</p>"
    )
    assert not found.is_sure
    assert "Oui." in found.text and "Et aussi la 12." in found.text


# Honest words that look like something else: all of them stay.
HONEST = [
    "Bonjour,\n\nLe 12 mars 2026 à 10:30, Paul <paul@a.example> nous a écrit :\n« bla »\n\nMerci",
    "Bonjour,\n\nJ'ai écrit le 12/03/2026 à 10:30 à support@isybuy.example :\n- facture\n- avoir\n\nMerci",
    "Bonjour,\n\nCoordonnées :\nDe : Alice\nEnvoyé : jamais reçu\nObjet : colis\n\nMerci",
    "Bonjour\n\nFrom: my point of view\nTo: be clear\nSubject: none\n\nI want a refund.",
    "Logs:\n2026-11-23 10:11:02 ERROR user <alice@client-a.example>:\nstack\nmore\n",
    "Le log :\n\n2026-11-23 10:11:02 Sent to <alice@client-a.example>\n2026-11-23 10:11:03 bounce\n\nAlors ?",
    "Bonjour,\n\nDate : 12/03/2026\nDe : alice@client-a.example\nMontant : 12 €\n\nPouvez-vous vérifier ?",
    "Hi,\n\n--- a/file.txt\n+++ b/file.txt\n@@ -1 +1 @@\n-old\n+new\n\nThat is my patch.",
    "Bonjour,\n\n----------\nPartie 1 : rien\n----------\nPartie 2 : tout\n",
    "Bonjour\n\nContrat du 23/11/2026 à 10:11, signé par Paul Durand :\narticle 1\narticle 2",
    "Rendez-vous le 23/11/2026 à 10:00 avec paul@client-a.example :\n- point 1\n- point 2",
    "On 12/03/2026 I wrote:\nplease refund\nand nobody answered",
    "Colis 12\n\nExpéditeur : Alice\nDestinataire : Paul\nDate : 12/03/2026 10:11\nObjet : colis\nPoids : 2\n\nPerdu",
    "Am 12.03.2026 um 10:00 hat mir Herr Weber (weber@firma.example) geschrieben:\nIch bekomme Geld zurück.\nWann?",
    "Le technicien a écrit : \n> SELECT * FROM x\nmais cela ne marche pas",
    "Bonjour,\n\nDe: 9h\nà: 12h\nDate: 12/03/2026\n\nSuis-je couvert ?",
    "Objet : réclamation\n\nBonjour,\n\nje réclame.\n\nDe : moi\nÀ : vous",
    "Sent from the warehouse on Monday, nothing arrived.",
    "Envoyé par mon collègue Paul hier soir.",
    "Envoyé depuis notre agence de Lyon le 12 mars.",
    "La facture :\n\nEnvoyé avec ma commande, rien reçu",
    "Mon message\n\nVirus free PC needed",
    "Bonjour,\n\nattention, l'expéditeur externe a changé.\n\nMerci",
    "ATTENTION : le colis vient de l'extérieur de l'UE\n\nQuels frais ?",
    "Bonjour,\n\nCi-joint.\n\nCe message est confidentiel, destinataire : la paie.",
    "1. Ouvrir\n2. Cliquer\n--\n3. Fermer\n4. Dire merci",
    "Merci\n\nMobile\n06 12 34 56 78",
    "Le compte 2026 <alice@client-a.example>:\nsolde 12",
    "Subject: x\nFrom: alice@a.example\n\nBody",
    "Bonjour, mon adresse :\n\nDe : Alice Durand <alice@client-a.example>\nSociété : Client A",
    "Bonjour,\n\nle 12/03/2026 10:11 Paul <p@x.example>\na dit non\n\nMerci",
    "Bonjour,\n\nVotre devis du 12/03/2026 (contact : paul@client-a.example) :\nligne 1\nligne 2",
    'Je cite votre mail du 23/11/2026 :\n"Nous vous rappelons"\nRien depuis.',
    "Objet: Re: export\nDate: demain\nDe: vous\n\nMerci",
    "Message original : perdu\nMerci de le renvoyer",
    "-- Message original --\n\nC'est le titre de mon article, pouvez-vous le publier ?",
    "Bonjour,\nmon adresse a changé :\nalice@nouveau.example\n\nMerci de l'utiliser.",
    "Le 12 mars 2026, le technicien <tech@x.example> est passé.\nRésultat :\nrien",
    "On Monday I called.\nOn Tuesday, March 3, 2026 at 10:00 they promised (ticket@x.example):\n- a refund\n- a call",
    "Bonjour\n\nVia mobile\n\nle site ne marche pas",
    "Le site ne marche pas via mobile",
    "Envoyé depuis l'appli, mon message n'est jamais arrivé.",
    "Sent by Outlook, the mail bounced. Why?",
    "Enviado por correo ayer",
    "Gesendet von Outlook kommt die Mail nicht an, warum?",
    "Merci\n\nPaul\n--\nPS : appelez-moi au 06 12 34 56 78",
    "Disclaimer",
    "Merci\n\nConfidentialité :",
    "Avertissement\n\nJ'ai reçu un avertissement.",
    "unsubscribe",
    "Bonjour\n____________________\nMerci de me désinscrire\nde la liste",
    "Bonjour,\n----------------------------------------\nUnsubscribe me please",
    "From: 12 To: 14 pm works.\nSent: yes\nSubject: call",
    "Alice <alice@client-a.example> a écrit :",
    "Réponse 1 :\n> oui\nRéponse 2 :\n> non",
    "A: oui\nB: non\nDe: rien\nObjet: x\nDate: 3/3/2026",
    "Pour: moi\nDe: vous\nDate: 03/03/2026 10:00\n\nJe veux ce créneau",
    "RDV\n\nDe: 03/03/2026 10:00\nÀ: 03/03/2026 12:00\nObjet: visite\n\nConfirmez svp",
]


@pytest.mark.parametrize("text", HONEST)
def test_honest_words_stay_whatever_they_look_like(text: str) -> None:
    assert cut(text, answer=ANSWER).text == text.strip()
    assert cut(text, answer=None).text == text.strip()


def test_a_mail_with_more_dates_than_are_looked_at_is_kept_and_not_sure() -> None:
    log = "\n".join(f"2026-11-23 10:11 line {n}" for n in range(500))
    found = cut(f"Le journal :\n{log}\n\n{ATTRIBUTIONS['gmail-fr'].format(name='S', address=ADDRESS)}\n\n> x")
    assert not found.is_sure
    assert "line 499" in found.text


PIECES = st.sampled_from(
    [
        *("Bonjour,", "", "", "Le 12.", "De : Paris", "À : Lyon", "--", "-- ", "____________________", "Objet : x"),
        *("> cité", ">", ">> plus tôt", "Envoyé de mon iPhone", "Support <s@isybuy.example>", "a écrit :", "\ue002"),
        *("De : Support <s@isybuy.example>", "Envoyé : lundi 23 novembre 2026 10:11", "-----Message d'origine-----"),
        *(MARKERS["fr"], "— Répondez au-dessus", "de cette ligne —", "Début du message transféré :", "[EXTERNE]"),
        *("Le lun. 23 nov. 2026 à 10:11, S <s@isybuy.example> a écrit :", "Le lun. 23 nov. 2026 à 10:11, S", "réponse"),
    ]
)


@given(st.lists(PIECES, max_size=14))
def test_whatever_the_pieces_nothing_is_invented_and_a_sure_cut_has_a_reason(pieces: list[str]) -> None:
    """Each line of the cut is a line of the mail, in order; where a cut is sure, what it left out had a reason."""
    found = cut("\n".join(pieces))
    rest = iter(line.strip() for line in pieces)
    assert all(line.strip() in rest for line in found.text.split("\n") if line.strip())
    has_reason = {"Envoyé de mon iPhone", "[EXTERNE]", "--", "-- ", "____________________"}
    quoting = [
        n for n, piece in enumerate(pieces) if (piece and piece[0] in ">-—\ue002") or "2026" in piece or "@" in piece
    ]
    if found.is_sure and not quoting and not has_reason & set(pieces):
        assert found.text == "\n".join(pieces).strip()
