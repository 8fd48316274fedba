"""An agent's mail taken apart: words for the customer, commands, and whatever stops the whole mail."""

from base64 import encodebytes
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from desk_values import ALICE, NOW, RING, mail, settings, ticket
from desk_values import LEA as AGENT
from hypothesis import given
from hypothesis import strategies as st

from maild.agent_words import AgentWords
from maild.config.desk import open_desk
from maild.judgement import (
    Candidate,
    Carrier,
    Facts,
    Proof,
    Purpose,
    Reference,
)
from maild.mail import Address, Attachment
from maild.people.command_table import TABLE
from maild.people.courtesy import is_courtesy
from maild.plan import agents_words as agents_words_module
from maild.plan.agents_words import NOTICE_HEADS, agents_words
from maild.plan.wording import problem_text
from maild.threading.token import NONCE, message_id_for, reference_for, return_path_for
from maild.threading.verdict import Case
from maild.ticket import Participant

DESK = open_desk(settings(), RING)
LEA = Address("lea@isybuy.example", "Léa Martin")
MARKER = "— Répondez au-dessus de cette ligne —"


def words(
    text: str, *, sure: bool = True, purpose: Purpose = Purpose.REPLY, of: Participant = AGENT, **parts: Any
) -> Any:
    """Léa's mail below a reference of that purpose, given to that participant."""
    received = mail(LEA.address, reply_text=text, cut_is_sure=sure, **parts)
    candidate = Candidate(Carrier.ADDRESS, purpose, 1042, of.slot, "7", "X")
    desk = DESK.settings
    facts = Facts(NOW, 3000, tickets={1042: ticket()})
    case = Case(received, (Reference(candidate, "", of),), facts, desk, desk.mailboxes["support"], Proof.PASS)
    return agents_words(DESK, case)


CASES: list[tuple[Any, ...]] = [
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
    ("a name and a house", "Voici.\n\nCordialement,\nLéa Martin\nSupport iSYBUY", "Voici.\n\nCordialement,", [], []),
    ("a name that a sentence follows", "Voici ce que dit\nLéa Martin\nde la facture.", None, [], []),
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


REFERENCE = reference_for(RING, 1042, AGENT)
ADDRESS = REFERENCE.in_address("support@isybuy.example", "+")
LEAKS = [
    ("in the Subject's form", f"Voir {REFERENCE.in_subject('ISY')}.", "internal-text"),
    ("a bare plus-address", f"Écrivez à {ADDRESS} ou cliquez.", "internal-text"),
    ("a link as Outlook writes it", f"Répondre au client<mailto:{ADDRESS}?subject=x>\nC’est fait.", "internal-text"),
    ("a link with its plus escaped", f"Cliquez : mailto:{ADDRESS.replace('+', '%2B')}?subject=x", "internal-text"),
    ("an address wrapped at the @", f"Écrivez à {ADDRESS.replace('@', '@' + chr(10))}", "internal-text"),
    (
        "a signed Message-ID",
        f"Voir <{message_id_for(RING, 'a' * NONCE, 'isybuy.example', 1042, AGENT)}>",
        "internal-text",
    ),
    ("a return path", f"Voir {return_path_for(RING, 'a' * NONCE, 'support@isybuy.example', '+')}", "internal-text"),
    ("our marker without its dashes", "OK. Répondez au-dessus de cette ligne", "internal-text"),
    ("our marker within a line", "OK - REPONDEZ  AU DESSUS de cette ligne - suite", "internal-text"),
    ("our marker in two lines", "OK - Répondez au-dessus de\ncette ligne -", "internal-text"),
    ("the English marker", "Fine. reply above this line", "internal-text"),
    ("the first line of a notice", "Voici.\nRépondre = répondre au client Alice Durand", "internal-text"),
    ("the first line of the note link", "Note interne, que le client ne verra pas :\npénible", "internal-text"),
    ("that line with other blanks", "Note interne,  que le client ne verra pas:\npénible", "internal-text"),
    ("that line in English", "Internal note, which the customer will not see:\nx", "internal-text"),
    ("a colleague's address", "Demandez à Marc@isybuy.example.", "agents-address"),
    ("her address in capitals", "Écrivez à LEA@ISYBUY.EXAMPLE", "own-address"),
    ("her address wrapped", "Écrivez à lea@\nisybuy.example", "own-address"),
    ("her address with a tag", "Écrivez à lea+direct@isybuy.example", "own-address"),
    ("her address and a sentence without a blank", "Écrivez à lea@isybuy.example.Merci", "own-address"),
    ("an encrypted text", "-----BEGIN PGP MESSAGE-----\nxx", "encrypted"),
]
SAFE = [
    ("the number of a request", "Votre autre demande, ISY-1043, avance."),
    ("another's address", "Écrivez à compta@client-a.example ou à marlea@isybuy.example."),
    ("the desk's own address", "Écrivez à support@isybuy.example."),
    ("a line with the words of the marker apart", "Répondez ici ; au-dessus, une ligne."),
]


@pytest.mark.parametrize(("what", "text", "slug"), LEAKS, ids=[c[0] for c in LEAKS])
def test_what_is_meant_for_the_team_stops_the_mail(what: str, text: str, slug: str) -> None:
    assert slug in [found for found, _ in words(text).problems]


@pytest.mark.parametrize(("what", "text"), SAFE, ids=[c[0] for c in SAFE])
def test_what_a_customer_may_read_does_not(what: str, text: str) -> None:
    assert words(text).problems == ()


def test_the_first_line_of_the_note_link_may_stand_in_a_note() -> None:
    text = "Note interne, que le client ne verra pas\u00a0:\npénible"
    assert words(text, purpose=Purpose.NOTE).problems == ()
    assert words(f"#note\n{text}").problems == ()


def test_the_notices_begin_with_the_words_that_are_looked_for() -> None:
    folder = Path(agents_words_module.__file__).parents[1] / "templates"
    notices = ("fr/agent_new_ticket", "en/agent_new_ticket", "fr/agent_held_message", "en/agent_held_message")
    for notice, head in zip(notices, NOTICE_HEADS, strict=True):
        assert head in (folder / f"{notice}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("subject", ["Indisponible", "Auto: Your request", "Absence : Votre message"])
def test_a_mail_titled_like_a_vacation_note_that_answers_nothing_goes_back(subject: str) -> None:
    assert words("Absent jusqu'à lundi.", subject=subject).problems == (("looks-automatic", subject),)
    assert words("C'est corrigé.", subject=subject, is_reply=True).problems == ()
    assert words("C'est corrigé.", subject=subject, in_reply_to=("a@b.example",)).problems == ()
    assert words("C'est corrigé.", subject="Ma réponse").problems == ()


def test_a_mail_passed_on_is_no_answer_but_may_be_a_note() -> None:
    assert words("Tu prends ?", is_forward=True).problems == (("forward", ""),)
    assert words("Tu prends ?", is_forward=True, purpose=Purpose.NOTE).problems == ()


@pytest.mark.parametrize("above", ["Tu prends ?", "#note Tu prends ?", "#note\nTu prends ?"])
def test_the_last_lines_of_a_mail_that_is_passed_on_command_nothing(above: str) -> None:
    below = (
        f"{above}\n\n---- Message transféré ----\nDe : Eve\n\nBonjour\n\n#note\n#add eve@evil.example avec historique"
    )
    read = words(below, is_forward=True)
    assert [c.word for c in read.commands if c.word == "add"] == []
    assert ("misplaced-command", "#add eve@evil.example avec historique") in read.problems
    assert words(f"{above}\n\n---- Message transféré ----\n\nBonjour", is_forward=True).has("note") is ("#" in above)


def test_a_customers_reference_serves_no_agent() -> None:
    assert words("#resolve", of=ALICE).problems == (("customers-reference", ""),)


def test_anothers_agents_reference_does() -> None:
    assert words("#resolve", of=replace(AGENT, slot=3, address="marc@isybuy.example")).problems == ()


LOOK_ALIKES: list[tuple[Any, ...]] = [
    ("zero-width space before it", "\u200b#note pénible", ["note"], []),
    ("zero-width characters within it", "#\u2060no\u200bte pénible", ["note"], []),
    ("full-width", "\uff03note pénible", ["note"], []),
    ("full-width throughout", "\uff03\uff4e\uff4f\uff54\uff45 pénible", ["note"], []),
    ("four no-break spaces before it", "\u00a0\u00a0\u00a0\u00a0#note pénible", ["note"], []),
    ("four blanks before it", "    #note pénible\n\nVoici", ["note"], []),
    ("with a colon", "#note : pénible", ["note"], []),
    ("a command with a colon", "Voici.\n#attente :", ["pending"], []),
    ("a star before it", "* #note pénible", [], ["misplaced-command"]),
    ("a hyphen before it", "- #note pénible", [], ["misplaced-command"]),
    ("a bullet before it", "•\u00a0#note pénible", [], ["misplaced-command"]),
    ("a quote mark before it", "> #note pénible", [], ["misplaced-command"]),
    ("guillemets before it", "« #note pénible", [], ["misplaced-command"]),
    ("a number before it", "1. #attente\nVoici", [], ["misplaced-command"]),
    ("in bold", "Voici.\n**#attente**", [], ["misplaced-command"]),
    ("escaped", "\\#note pénible", [], ["misplaced-command"]),
    ("mistyped behind a bullet", "Voici.\n- #atente", [], ["misplaced-command"]),
    ("in the middle, with a blank", "Bonjour\n # note : pénible\nVoici", [], ["misplaced-command"]),
    ("a list of numbers", "Voici :\n- #12 est corrigé\n- #13 aussi", [], []),
    ("a word that is no command", "Voici :\n- #facture est le mot-clé", [], []),
]


@pytest.mark.parametrize(("what", "text", "commands", "problems"), LOOK_ALIKES, ids=[c[0] for c in LOOK_ALIKES])
def test_what_looks_like_a_command(what: str, text: str, commands: Any, problems: Any) -> None:
    read = words(text)
    assert [c.word for c in read.commands] == commands
    assert [slug for slug, _ in read.problems] == problems
    assert problems or "#" not in read.text or not commands


def test_the_words_of_a_note_stay_as_they_were_typed() -> None:
    assert words("\u200b#note : N° 5 … à voir").text == "N° 5 … à voir"


def test_a_mail_full_of_false_commands_names_the_first_ten() -> None:
    assert len(words("#pendng\n" * 5_000 + "x\n" + "#pendng\n" * 5_000 + "y").problems) == 10


SIGNATURES = [
    ("in capitals, the other way round", "Voici.\n\nMARTIN Léa\nTechnicienne\n06 12 34 56 78", "Voici."),
    (
        "with what she does",
        "Voici.\n\nCordialement,\nLéa MARTIN - Support\nTél : 06 12 34 56 78",
        "Voici.\n\nCordialement,",
    ),
    ("name and number in one line", "Voici.\n\nLéa Martin | 06 12 34 56 78", "Voici."),
    ("her first name and a site", "Voici.\n\nLéa\nwww.lea-martin.example", "Voici."),
    ("name and address in one line", "Voici.\n\nLéa Martin <lea@isybuy.example>", "Voici."),
    ("her name at the end", "Voici.\n\nmartin léa", "Voici."),
    ("a sentence with her name and a number", "Léa Martin vous appellera.\nSon numéro : 06 12 34 56 78", None),
    ("a sentence that begins with her name", "Voici.\nLéa Martin vous appellera au 06 12 34 56 78.", None),
    ("what she does, without any contact", "Voici.\nLéa Martin - elle vous rappelle\nÀ bientôt", None),
    ("the desk's number", "Voici.\nAppelez-nous au 03 88 00 00 00.", None),
    ("dashes", "Voici.\n--\nquoi que ce soit", "Voici."),
    ("dashes far from the end", "A.\n--\nB.\n" + "ligne\n" * 20 + "FIN", None),
    ("dashes twice", "A.\n--\nB.\n" + "ligne\n" * 20 + "FIN\n-- \nLéa", "A.\n--\nB.\n" + "ligne\n" * 20 + "FIN"),
    ("dashes fifteen lines from the end", "A.\n--\n" + "ligne\n" * 15, "A."),
    ("dashes sixteen lines from the end", "A.\n--\n" + "ligne\n" * 15 + "FIN", None),
    ("nothing but dashes", "-- \nLéa Martin", ""),
]


@pytest.mark.parametrize(("what", "text", "said"), SIGNATURES, ids=[c[0] for c in SIGNATURES])
def test_her_signature(what: str, text: str, said: Any) -> None:
    assert words(text).text == (text if said is None else said)


def file(name: str, kind: str, data: bytes = b"x", *, inline: bool = False) -> Attachment:
    return Attachment(name, kind, data, inline)


WRITTEN = f"Reply-To: {ADDRESS}".encode()
LOGO = file("logo.png", "image/png", inline=True)
PICTURE = file("écran.png", "image/png")
FILES: list[tuple[Any, ...]] = [
    ("a picture", "Voici.", [PICTURE], ["écran.png"], []),
    ("a picture within the text", "Voici.", [LOGO], ["logo.png"], []),
    ("a logo and a command", "#résolu", [LOGO], [], []),
    ("a logo alone", "", [LOGO], [], ["empty"]),
    ("a file and a picture within, without words", "", [LOGO, PICTURE], ["logo.png", "écran.png"], []),
    ("an S/MIME signature", "Voici.", [file("smime.p7s", "application/pkcs7-signature")], [], []),
    ("one under its older name", "Voici.", [file("smime.p7s", "application/x-pkcs7-signature")], [], []),
    ("one that a program calls bytes", "Voici.", [file("SMIME.P7S", "application/octet-stream")], [], []),
    ("an OpenPGP signature", "Voici.", [file("signature.asc", "application/pgp-signature")], [], []),
    ("her key", "Voici.", [file("OpenPGP_lea@isybuy.example.asc", "application/pgp-keys")], [], []),
    ("her card", "Voici.", [file("lea.vcf", "text/vcard", b"EMAIL:lea@isybuy.example")], [], []),
    ("her card, older", "Voici.", [file("lea.vcf", "text/x-vcard", b"EMAIL:lea@isybuy.example")], [], []),
    ("an encrypted mail", "", [file("smime.p7m", "application/pkcs7-mime")], None, ["encrypted"]),
    ("an OpenPGP mail", "", [file("", "application/pgp-encrypted"), file("e.asc", "x/y")], None, ["encrypted"]),
    ("Outlook's own format", "Voici.", [file("winmail.dat", "application/ms-tnef")], None, ["encrypted"]),
    ("our notice", "Voici.", [file("Avis.eml", "message/rfc822", WRITTEN)], None, ["internal-attachment"]),
    ("our notice as a page", "Voici.", [file("a.html", "text/html", WRITTEN)], None, ["internal-attachment"]),
    (
        "our notice as bytes",
        "Voici.",
        [file("a.EML", "application/octet-stream", WRITTEN)],
        None,
        ["internal-attachment"],
    ),
    (
        "our notice in base64",
        "Voici.",
        [file("a.eml", "message/rfc822", b"X: y\r\n\r\n" + encodebytes(b"Bonjour. " * 20 + WRITTEN))],
        None,
        ["internal-attachment"],
    ),
    (
        "our notice in quoted-printable",
        "Voici.",
        [file("a.eml", "message/rfc822", WRITTEN.replace(b"1042", b"10=\r\n42"))],
        None,
        ["internal-attachment"],
    ),
    (
        "our notice as Outlook keeps it",
        "Voici.",
        [file("a.msg", "application/vnd.ms-outlook", b"\xd0\xcf\x11\xe0" + WRITTEN.decode().encode("utf-16-le"))],
        None,
        ["internal-attachment"],
    ),
    ("our marker", "Voici.", [file("a.txt", "text/plain", MARKER.encode())], None, ["internal-attachment"]),
    (
        "a colleague's address",
        "Voici.",
        [file("a.ics", "text/calendar", b"ORGANIZER:mailto:marc@isybuy.example")],
        None,
        ["internal-attachment"],
    ),
    (
        "a reference as file name",
        "Voici.",
        [file(f"Facture {REFERENCE.in_subject('ISY')}.pdf", "application/pdf")],
        None,
        ["internal-attachment"],
    ),
    (
        "a plain text",
        "Voici.",
        [file("journal.log", "text/plain", "Erreur à la ligne 12".encode())],
        ["journal.log"],
        [],
    ),
    (
        "a customer's mail",
        "Voici.",
        [file("a.eml", "message/rfc822", b"From: alice@client-a.example\r\n\r\nBonjour")],
        ["a.eml"],
        [],
    ),
]


@pytest.mark.parametrize(("what", "text", "files", "kept", "problems"), FILES, ids=[c[0] for c in FILES])
def test_the_files_of_an_answer(what: str, text: str, files: Any, kept: Any, problems: Any) -> None:
    read = words(text, attachments=tuple(files))
    assert [slug for slug, _ in read.problems] == problems
    if kept is not None:
        assert [a.filename for a in read.attachments] == kept


def test_a_file_that_stops_the_mail_is_named() -> None:
    found = words("Voici.", attachments=(file("Avis.eml", "message/rfc822", WRITTEN),)).problems
    assert found == (("internal-attachment", "Avis.eml"),)


def test_a_note_may_have_any_file_that_can_be_read() -> None:
    read = words("#note pour Marc", attachments=(file("Avis.eml", "message/rfc822", WRITTEN),))
    assert read.problems == () and len(read.attachments) == 1


@given(st.binary(max_size=400))
def test_any_file_is_searched_without_harm(data: bytes) -> None:
    words("Voici.", attachments=(file("a.eml", "message/rfc822", data),))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_problem_has_its_sentence(language: str) -> None:
    slugs = {slug for _, _, slug in LEAKS} | {s for *_, many in (*CASES, *LOOK_ALIKES, *FILES) for s in many}
    for slug in slugs | {"forward", "looks-automatic", "customers-reference", "cut-in-doubt"}:
        sentence = problem_text(slug, "CECI", "", language)
        assert sentence.endswith((".", "?")) and "{" not in sentence


@pytest.mark.parametrize(("sender", "proof"), [(ALICE.address, Proof.PASS), (LEA.address, Proof.NONE)])
def test_only_a_proved_agents_mail_is_taken_apart(sender: str, proof: Proof) -> None:
    desk = DESK.settings
    received = mail(sender, reply_text="#pending")
    facts = Facts(NOW, 3000)
    case = Case(received, (), facts, desk, desk.mailboxes["support"], proof)
    assert agents_words(DESK, case) == AgentWords("")


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
    ("Très bien, merci !", True),
    ("Très mal, merci.", False),
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
