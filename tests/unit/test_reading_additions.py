"""What programs add is taken away; a person's sentence that only begins like it, or tells of it, stays whole.

Each row of the tables in addition_words, notice_words and signature_words has an honest neighbour here.
"""

import html

import pytest

from maild.reading.added_lines import is_added, is_sent_from
from maild.reading.markup import to_text
from maild.reading.notices import banner_length, is_notice
from maild.reading.reply_text import Cut, cut, cut_markup

QUOTE = "\n\nLe 23/11/2026 à 10:11, Support <support@desk.example> a écrit :\n> Bonjour,\n> Quel est le numéro ?\n"

# Sentences of people that begin like what telephones and programs write.
HONEST_SENDING = """\
Envoyé par courrier recommandé le 12 novembre.
Envoyé par la poste lundi en recommandé.
Envoyé par La Poste
Envoyé par Google Drive à 10 h.
Envoyé par courrier
Envoyé par mail
Envoyé par Gmail
Envoyé depuis Outlook le message reste bloqué dans la boîte d'envoi.
Envoyé de mon iPhone hier soir
Envoyé de mon iPhone le 12 novembre, sans réponse
Envoyé de mon iPhone, le message n'arrive pas
Envoyé de mon iPhone 13h
Envoyé de mon téléphone, merci de confirmer la commande 12
Envoyé de ma boîte Gmail
Envoyé depuis mon compte Google
Envoyé depuis mon poste 12
Envoyé depuis Orange
Envoyé d'Orange par transporteur
Envoyé depuis la messagerie du garage
Envoyé depuis l'appli
Envoyé avec la facture 12
Envoyé avec Colissimo pour mon iPhone
Envoyé via le formulaire mobile
Envoyé via Outlook, reçu dans Gmail
Envoyé via Outlook.
Envoyé avec Thunderbird
Sent via Gmail
Sent with Outlook
Gesendet mit Thunderbird
Envoyé depuis Outlook pour iOS sans la pièce jointe
ENVOYÉ DE MON IPHONE HIER SOIR
Télécharger Outlook échoue sur le poste 12.
Télécharger Outlook pour Android ne marche pas
Obtenir Outlook pour le poste 12
Provenance : courrier du 12 novembre
De : mon mobile 06 12 34 56 78
Sent by mail yesterday.
Sent by mobile phone to your number
Sent via the mobile app it works.
Sent via Outlook https://share.client.example/file
Sent from my iPhone https://client.example/photos
Sent from my iPhone yesterday
Sent from my iPhone at 10
Sent from my iPhone, please answer quickly
Sent from my iPhone, sorry for the delay, the invoice is wrong
Sent from my phone. Excuse my typos in the address, it is Lyon.
Sent from my phone 06 12 34 56 78
Sent from my office on Monday
Sent from my London office
Sent from my account
Sent from Samsung
Sent from the front desk
Sent from front
Sent with Google Drive
Sent with Outlook on 12 November
Sent using the Android app, nothing arrives
From my mobile I cannot log in
From my iPhone it works
From my Android phone the app crashes
Get Outlook for Android to work, please
Get Outlook for the accountants
Gesendet von meinem Kollegen Müller
Gesendet von meinem iPhone Rechnung 12
Gesendet mit der Post
Gesendet von Outlook kommt die Mail nicht an
Diese Nachricht wurde von meinem Kollegen gelesen
Diese Nachricht wurde von meinem Server abgelehnt.
Von meinem Konto gesendet
Von meinem Büro gestern gesendet.
Enviado por correo ayer
Enviado desde mi oficina de Madrid
Inviato per posta ieri
Inviato dal magazzino di Milano
Verzonden met de post
Verzonden via PostNL gisteren
Skickat från lagret i går
Wysłane pocztą wczoraj
Отправлено из Москвы вчера
我的邮件昨天发送
lähetetty eilen tiedosto puhelimesta
iPhone'dan gönderildi ama ulaşmadı"""

# What telephones and programs write, as seen below mails.
SENT_FROM = """\
Envoyé de mon iPhone
Envoyé d'un iPhone
Envoyé de mon mobile
Envoyé de mon mobile Orange
Envoyé de mon téléphone portable
Envoyé depuis mon appareil Galaxy
Envoyé depuis mon mobile Bouygues Telecom
Envoyé depuis mon smartphone Samsung Galaxy.
Envoyé depuis ma messagerie Orange
Envoyé depuis l’application Mail Orange
Envoyé à partir d’Outlook pour iOS<https://aka.ms/o0ukef>
Envoyé à partir de Yahoo Mail pour Android
Envoyé à partir de Courrier pour Windows
Provenance : Courrier pour Windows
Envoyé avec la messagerie sécurisée Proton Mail.
Envoyé avec Spark
Envoyé avec Tuta; profitez d'e-mails sécurisés & sans publicité :
Envoyé de mon appareil Android avec Courriel K-9 Mail. Veuillez excuser ma brièveté.
Télécharger Outlook pour Android<https://aka.ms/AAb9ysg>
Télécharger BlueMail pour Android
Sent from my iPhone
Sent from my iPhone 12 Pro Max
Sent from my SM-G960F
Sent from my Huawei phone
Sent from my Google Pixel 7
Sent from my Galaxy S21 Ultra 5G
Sent from my T-Mobile 4G LTE Device
Sent from my Sony Xperia™ smartphone
Sent from my phone, please excuse any typos.
Sent from my Android phone. Sorry for typos
Sent from Samsung Mobile
Sent from Mail for Windows
Sent from [Mail](https://go.microsoft.com/fwlink/?LinkId=550986) for Windows 10
Sent from Yahoo Mail on Android
Sent with Proton Mail secure email.
Sent with Google Workspace
Sent via Superhuman ( https://sprh.mn/?vip=alice@client-a.example )
(Sent from mobile device)
Get [Outlook for Android](https://aka.ms/ghei36)
Gesendet von Outlook für Android
Gesendet von Mail für Windows
Von meinem Samsung Gerät gesendet.
Von unterwegs gesendet
Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.
Enviado desde mi iPhone
Enviado desde Correo para Windows
Enviado do meu iPhone
Inviato da iPhone
Inviato dal mio Samsung Galaxy
Verzonden vanaf mijn iPhone
Verzonden met BlackBerry Work
Skickat från min iPhone
Sendt fra min iPhone
Wysłane z iPhone'a
Odesláno z iPhonu
Отправлено с iPhone
Lähetetty iPhonesta
iPhone'umdan gönderildi
iPhoneから送信
发自我的iPhone
從我的 iPhone 傳送
나의 iPhone에서 보냄"""

# Sentences that begin like a gateway's warning, at the very top.
HONEST_TOPS = """\
Le message externe de M. Roche n'arrive pas.
Quand un appel provient de l'extérieur, le standard ne sonne pas.
Ce message provient de l'extérieur.
Ce message provient de l'extérieur, il faut le débloquer.
Ce message provient d'un expéditeur externe ?
Attention, le message externe de M. Roche n'arrive pas.
Attention : nos messages vers l'extérieur sont bloqués.
Attention : ne cliquez pas sur le lien du portail, il est cassé.
Ne cliquez pas sur les liens de la facture, ils sont faux.
Soyez prudents avec la facture 12.
Vous n'obtenez pas souvent d'e-mail de nous.
Découvrez pourquoi cela est important : le client attend.
Sauf si vous changez l'expéditeur, rien ne part.
Attention : n'ouvrez pas les pièces jointes de cet expéditeur, c'est un virus.
Attention : ce mail provient d'un expéditeur externe. Ne cliquez pas sur le lien, c'est un faux.
Externe
(Externe)
Expéditeur externe
[externe] Le message n'arrive pas
[EXTERNAL] appears in all subjects since Monday.
Externe.
The call came from outside, nobody answered.
Users say they don't click on your links.
Do not click the links in the invoice mail, they are broken.
This email came from outside our company.
This message was sent from outside and bounced.
Warning: the e-mail from the external auditor is missing.
External
External sender
External senders are blocked since Monday.
You don't often get email from us.
Learn why this is important to our users.
Unless you change the sender, the content is safe.
Die Mail wurde von extern an uns gesendet.
Diese E-Mail wurde von extern an uns gesendet.
Diese E-Mail kommt von außerhalb.
Achtung: die externe E-Mail von Herrn Weber fehlt.
Klicken Sie bitte nicht auf den Link, er ist falsch.
Este correo proviene de fuera.
Questo messaggio arriva da un mittente esterno."""

# What gateways write there.
BANNERS = """\
[EXTERNE]
[EXTERNAL]
[External Email]
*** EXTERNE ***
-- EXTERNAL EMAIL --
[EXTERNAL] This email originated from outside of the organization.
CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you \
recognize the sender and know the content is safe.
CAUTION: This email originated from outside of Contoso. Do not click on links.
Caution: External email.
WARNING: This message was sent from outside your company. Please be careful.
EXTERNAL EMAIL: Do not click links or open attachments unless you recognize the sender.
ATTENTION : Ce message provient de l'extérieur de l'organisation. Ne cliquez pas sur les liens.
Attention : cet e-mail provient d'un expéditeur externe.
Ce message provient d'un expéditeur externe. Soyez vigilant si vous ne connaissez pas l'expéditeur.
Achtung: Diese E-Mail kommt von außerhalb der Organisation. Klicken Sie nicht auf Links.
Vorsicht: Externe E-Mail!
You don't often get email from support@desk.example. Learn why this is important
Vous n'obtenez pas souvent d'e-mail à partir de support@desk.example. Découvrez pourquoi cela est important
Sie erhalten nicht häufig E-Mails von support@desk.example. Erfahren Sie, warum dies wichtig ist"""

# Last paragraphs that hold the words of notices and of other added lines.
HONEST_ENDS = [
    "Un document confidentiel a été envoyé par erreur à un mauvais destinataire ce matin.",
    "Ce message confidentiel a été envoyé par erreur à un mauvais destinataire.",
    "Ce courriel confidentiel destiné exclusivement à M. Roche est parti par erreur chez tous les destinataires.",
    "Nous avons reçu par erreur ce message confidentiel, destiné exclusivement à un autre destinataire.",
    "Si vous avez reçu notre dossier confidentiel par erreur, merci de le détruire et d'avertir l'expéditeur.",
    "Si vous avez reçu ce message confidentiel par erreur ce matin, merci de le détruire et de prévenir l'expéditeur.",
    "Ce message et ses pièces jointes sont confidentiels et destinés exclusivement au destinataire. Le port 8080 est"
    " fermé.",
    "Ce message de confidentialité doit disparaître, il est interdit par le siège et les destinataires s'en plaignent.",
    "Toute diffusion du document confidentiel aux destinataires est interdite, sauf à la paie : corrigez la liste.",
    "Toute diffusion de ce message aux destinataires externes est interdite, c'est notre politique confidentielle.",
    "Votre antivirus a vérifié la pièce jointe confidentielle par erreur et le destinataire ne l'a jamais reçue.",
    "A confidential file was sent in error to the wrong recipient; please notify the sender and delete it.",
    "This confidential message was sent by mistake to every recipient, although it was intended solely for the board.",
    "The attachment is confidential, its disclosure is prohibited, and the wrong recipient got it in error.",
    "Eine vertrauliche Nachricht ging irrtümlich an den falschen Empfänger, bitte den Absender umgehend informieren.",
    "Diese vertrauliche E-Mail wurde irrtümlich an den falschen Empfänger gesendet, das ist untersagt.",
    "Un documento confidencial llegó por error a otro destinatario, está prohibido.",
    "Pensez à l'environnement de recette, il est tombé cette nuit.",
    "Pensez à l'environnement de recette avant d'imprimer les étiquettes.",
    "Pensez à la planète dans le titre du site.",
    "Que faut-il faire avant d'imprimer ce message sur l'étiqueteuse",
    "L'imprimante clignote avant d'imprimer ce mail, puis s'arrête.",
    "We consider the environment before printing, so send no paper invoice.",
    "Consider the environment before printing labels fails on the test system.",
    "Schließen Sie das Fenster, bevor Sie diese E-Mail ausdrucken, sonst hängt es.",
    "Sans virus",
    "Virus-free",
    "Cet e-mail a été vérifié et le virus est toujours là.",
    "This email has been checked and Avast says virus, why",
    "via mobile",
    "From mobile",
    "Avertissement",
    "Mentions légales",
    "Ce message est en erreur : la pièce jointe est interdite si vous n'êtes pas le destinataire.",
    "Ce mail contient un virus, le destinataire est prévenu et toute pièce jointe est interdite.",
    "This message contains a virus. Any attachment is prohibited. The recipient was informed of the error.",
    "Pensez à la planète : n'imprimez plus nos factures papier.",
    "Please consider the environment before printing the report.",
    "____________________\nOur mailing list is wrong, the address is\nclients@client.example",
    "____________________\nMerci de me désinscrire de la liste : jean@client.example",
    "____________________\nTo unsubscribe https://desk.example/u shows an error",
    "____________________\nI tried to unsubscribe at https://desk.example/u",
]

# What stands there by no will of a person.
ENDS = [
    "Ce message et ses pièces jointes sont confidentiels et destinés exclusivement à leurs destinataires. Si vous"
    " avez reçu"
    " ce message par erreur, merci d'en avertir l'expéditeur et de le détruire.",
    "Le présent courriel est confidentiel et destiné exclusivement à son destinataire. Toute diffusion est interdite.",
    "Les informations contenues dans ce message sont confidentielles. Si vous n'êtes pas le destinataire, merci de le"
    " supprimer et d'en informer l'expéditeur.",
    "This e-mail and any attachments are confidential and intended solely for the addressee. If you have received it in"
    " error, please notify the sender and delete it.",
    "The information contained in this communication is confidential. If you are not the recipient, any copying is"
    " strictly"
    " prohibited and may be unlawful.",
    "Diese E-Mail ist vertraulich und ausschließlich für den Empfänger bestimmt. Wenn Sie sie irrtümlich erhalten"
    " haben,"
    " informieren Sie bitte den Absender und löschen Sie sie.",
    "Este mensaje es confidencial y para uso exclusivo del destinatario. Si usted no es el destinatario, notifique al"
    " remitente. Su difusión está prohibida.",
    "Pensez à l'environnement avant d'imprimer ce message.",
    "Avant d'imprimer cet e-mail, pensez à l'environnement.",
    "Pensons à la planète, n'imprimons ce mail que si c'est nécessaire.",
    "Please consider the environment before printing this e-mail.",
    "Bitte denken Sie an die Umwelt, bevor Sie diese E-Mail ausdrucken.",
    "Garanti sans virus. www.avast.com",
    "Virus-free.<https://www.avast.com/sig-email?utm_medium=email>",
    "This email has been checked for viruses by Avast antivirus software.",
    "_______________________________________________\nClients mailing list\nclients@lists.client-a.example\n"
    "https://lists.client-a.example/mailman/listinfo/clients",
    "_______________________________________________\nPour vous désabonner : clients-leave@lists.client-a.example",
]

# What people write below dashes that they set between two thoughts.
PROSE = [
    "Facture 12 impayée",
    "Oui, d'accord",
    "Le service ne marche pas",
    "12 rue de la Paix est la bonne adresse",
    "Urgent, à traiter",
    "Facture 12 impayée\nFacture 14 payée",
    "Numéro de série : 4711",
    "https://client.example/capture.png",
    "select * from clients where id = 12",
    "Alice Durand\n01 23 45 67 89\nLa facture est fausse.",
    "Alice Durand\n01 23 45 67 89\n\nLa facture 12.",
    "Problème 2 : la facture 12 est fausse, merci de la corriger.",
    "Deuxième point\nla facture 12 reste introuvable",
    "La facture 12 n'arrive pas.",
    "Pouvez-vous rappeler Paul ?",
    "Et rappelez-moi au 06 12 34 56 78",
    "PS : le portail est fermé",
    "1. Ouvrir\n2. Fermer",
    "- la facture\n- l'avoir",
    "Alice Durand\n\nPS : la facture 12 est fausse.",
    "Voici le lien qui ne marche pas : https://client.example/12",
    "Problem two: the invoice is wrong, please correct it.",
    "Could you also call Paul Smith",
    "We still miss the parcel",
    "Problem zwei: die Rechnung ist falsch, bitte korrigieren.",
    "Wann kommt Herr Weber?",
    "No funciona la factura",
    "La pièce jointe confidentielle est partie par erreur chez un autre destinataire.",
]

# What stands below dashes where only `-- ` makes a signature of it.
SHORT = ["Alice", "alice durand", "06 12 34 56 78", "le support client", "Alice Durand\nDirectrice", "Client A\nLyon"]

CARDS = [
    "Alice Durand\nClient A SARL",
    "Alice Durand\nTél. : 01 23 45 67 89",
    "Alice Durand\nDirectrice des ventes\nClient A SARL\n12 rue de la Paix\n75002 Paris\nalice@client.example",
    "*Joe Smith | Director, Product Management*",
    "Jonas Sterr\nInhaber | Client A\n\nE-Mail: jonas@client.example",
    "Cordialement,\nAlice Durand",
    "Alice Durand | Support\nCLIENT A - 12, rue de la République - 69002 Lyon\nTél. : +33 4 12 34 56 78",
    "Mit freundlichen Grüßen\nJonas Weber\nTel. 089 123456",
    "[image: logo]\nAlice Durand\nalice@client.example\nDécouvrez nos offres !",
    "L'équipe support\nsupport@client.example",
    "Alice de la Tour\nHead of Sales\nwww.client.example",
    "Alice Durand\n\nThis e-mail is confidential and intended solely for the addressee. If you received it in error,\n"
    "please notify the sender and delete it.",
]


@pytest.mark.parametrize("line", HONEST_SENDING.split("\n"))
def test_a_sentence_about_sending_is_a_persons_wherever_it_stands(line: str) -> None:
    assert not is_sent_from(line)
    for text in (line, f"Bonjour,\n\n{line}", f"Bonjour,\n\n{line}\n\nJean", f"C'est fait.\n\n{line}"):
        assert cut(text + QUOTE) == Cut(text, True)
        assert cut(text, answer=None) == Cut(text, True)


@pytest.mark.parametrize("line", SENT_FROM.split("\n"))
def test_what_a_telephone_or_a_program_writes_goes_where_it_stands_last(line: str) -> None:
    assert cut(f"C'est fait.\n\n{line}{QUOTE}") == Cut("C'est fait.", True)
    assert cut(f"C'est fait.\n\n{line}\n\n-- \nAlice Durand\nClient A{QUOTE}") == Cut("C'est fait.", True)


@pytest.mark.parametrize("line", ["Envoyé de mon iPhone", "Sent from my phone.", "Gesendet von Outlook für Android"])
@pytest.mark.parametrize("text", ["{}", "Bonjour,\n\n{}", "Hello Paul,\n\n{}", "Guten Tag Herr Weber,\n\n{}"])
def test_where_nothing_else_would_be_left_the_line_stays_and_is_in_doubt(line: str, text: str) -> None:
    said = text.format(line)
    assert cut(said + QUOTE) == Cut(said, False)
    assert cut(said, answer=None) == Cut(said, False)


@pytest.mark.parametrize("line", ["Envoyé de mon téléphone.", "Sent from my iPhone", "Envoyé depuis Outlook"])
def test_the_line_stays_where_words_stand_below_it_or_it_is_shown(line: str) -> None:
    for text in (f"Bonjour,\n\n{line}\n\nJean", f"Voici ce que je lis :\n\n{line}", f"Cette signature\n\n{line}"):
        assert cut(text + QUOTE) == Cut(text, True)


def test_the_link_of_its_maker_goes_with_the_line_and_nobody_elses() -> None:
    assert cut("C'est fait.\n\nSent with Tuta\nhttps://tuta.com" + QUOTE) == Cut("C'est fait.", True)
    own = "C'est fait.\n\nSent from my iPhone\nhttps://client.example/photos"
    assert cut(own + QUOTE) == Cut(own, True)


@pytest.mark.parametrize("line", HONEST_TOPS.split("\n"))
@pytest.mark.parametrize("below", ["Merci.", "\nMerci de le débloquer.", "Please explain.", "Bitte sperren."])
def test_a_first_sentence_is_a_persons_though_it_speaks_of_mail_from_outside(line: str, below: str) -> None:
    assert banner_length(f"{line}\n{below}".split("\n")) == 0
    assert cut(f"{line}\n{below}{QUOTE}") == Cut(f"{line}\n{below}", True)


@pytest.mark.parametrize("line", BANNERS.split("\n"))
@pytest.mark.parametrize("width", [0, 5])
def test_a_gateways_warning_goes_from_the_top(line: str, width: int) -> None:
    words = line.split(" ")
    wrapped = "\n".join(" ".join(words[n : n + width]) for n in range(0, len(words), width)) if width else line
    for gap in ("\n", "\n\n"):
        assert cut(f"{wrapped}{gap}La facture 12.{QUOTE}") == Cut("La facture 12.", True)


@pytest.mark.parametrize("end", HONEST_ENDS)
@pytest.mark.parametrize("above", ["Bonjour,", "Bonjour,\n\nUn mot sur ceci."])
def test_a_last_paragraph_is_a_persons_though_it_holds_the_words_of_notices(end: str, above: str) -> None:
    assert not is_added(end) and not is_notice(end, 2)
    text = f"{above}\n\n{end}"
    assert cut(text + QUOTE) == Cut(text, True)
    assert cut(text, answer=None) == Cut(text, True)


@pytest.mark.parametrize("end", ENDS)
def test_a_notice_speaks_of_the_mail_that_it_stands_in_and_goes(end: str) -> None:
    assert cut(f"C'est fait.\n\n{end}{QUOTE}") == Cut("C'est fait.", True)


@pytest.mark.parametrize("above", ["Notre clause :", "Voici le texte à mettre sous nos mails.", "« Le début"])
def test_a_notice_that_somebody_shows_stays(above: str) -> None:
    quoted = "« " if above.startswith("«") else ""
    text = f"Bonjour,\n\n{above}\n\n{quoted}{ENDS[0]}"
    assert cut(text + QUOTE) == Cut(text, True)


def test_names_with_their_addresses_below_a_rule_are_a_list() -> None:
    text = "Fermez ces comptes.\n\n--\nPaul Durand paul@client.example\nMarie Dupont marie@client.example"
    assert cut(text + QUOTE) == Cut(text, False)


@pytest.mark.parametrize("words", PROSE)
@pytest.mark.parametrize("dashes", ["--", "-- ", "—", "–", "__"])
@pytest.mark.parametrize("gap", ["", "\n"])
def test_words_below_dashes_stay_and_are_in_doubt(words: str, dashes: str, gap: str) -> None:
    text = f"Bonjour,\n\nProblème 1 : l'export plante.\n\n{dashes}\n{gap}{words}"
    assert cut(text + QUOTE) == Cut(text, False)
    assert cut(text, answer=None) == Cut(text, False)


@pytest.mark.parametrize("words", SHORT)
def test_a_few_words_are_a_signature_below_its_own_mark_alone(words: str) -> None:
    assert cut(f"C'est fait.\n\n-- \n{words}{QUOTE}") == Cut("C'est fait.", True)
    for dashes in ("--", "—", "–", "__"):
        text = f"C'est fait.\n\n{dashes}\n{words}"
        assert cut(text + QUOTE) == Cut(text, False)


@pytest.mark.parametrize("card", CARDS)
@pytest.mark.parametrize("dashes", ["--", "-- ", "—"])
def test_a_card_below_dashes_goes(card: str, dashes: str) -> None:
    assert cut(f"C'est fait.\n\n{dashes}\n{card}{QUOTE}") == Cut("C'est fait.", True)


@pytest.mark.parametrize(
    "end",
    [
        *("--\nProblème 2 : la facture 12 est fausse.", "--\n\nFacture 12 impayée", "— \nEt la facture 14."),
        *("Envoyé par la poste lundi en recommandé.", "Sent via the mobile app it works.", HONEST_ENDS[0]),
    ],
)
def test_the_same_in_html_alone(end: str) -> None:
    lines = f"Bonjour,\n\nProblème 1 : l'export plante.\n\n{end}".split("\n")
    quote = '<div class="gmail_quote"><div class="gmail_attr">Le 23/11/2026 à 10:11, S &lt;s@desk.example&gt; a écrit :'
    quote += "</div><blockquote>Quel numéro ?</blockquote></div>"
    markup = "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in lines)
    found = cut_markup(markup + quote, to_text(markup + quote))
    assert found.text.split() == " ".join(lines).split()
    assert found.is_sure == (end[0] not in "-—")
