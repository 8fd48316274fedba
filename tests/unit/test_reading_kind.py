"""What sort of mail it is, whether a machine may answer it, and what a bounce says."""

from pathlib import Path

import pytest

from maild.mail import DeliveryReport, Kind, ParsedMail
from maild.reading import as_json, read

EML = Path(__file__).parents[1] / "fixtures" / "eml"


def mail(name: str) -> ParsedMail:
    return read((EML / f"{name}.eml").read_bytes())


def with_fields(*fields: str, body: str = "Bonjour", sender: str = "alice@client-a.example") -> ParsedMail:
    return read("\r\n".join((f"From: {sender}", *fields, "", body, "")).encode())


@pytest.mark.parametrize(
    ("name", "kind", "auto_respond"),
    [
        ("plain", Kind.MESSAGE, True),
        ("auto_submitted_no", Kind.MESSAGE, True),
        ("auto_submitted_auto_replied", Kind.AUTO_REPLY, False),
        ("auto_generated_monitoring", Kind.MESSAGE, False),
        ("precedence_bulk", Kind.MESSAGE, False),
        ("response_suppressed_by_exchange", Kind.MESSAGE, False),
        ("null_return_path", Kind.MESSAGE, False),
        ("sender_no_reply", Kind.MESSAGE, False),
        ("vacation_fr_without_headers", Kind.AUTO_REPLY, False),
        ("vacation_en_without_headers", Kind.MESSAGE, True),
        ("vacation_de_without_headers", Kind.AUTO_REPLY, False),
        ("mdn_read_receipt", Kind.AUTO_REPLY, False),
        ("mailing_list", Kind.MAILING_LIST, False),
        ("calendar_invitation", Kind.CALENDAR, True),
        ("calendar_answer", Kind.CALENDAR, False),
        ("dsn_rfc3464_failed", Kind.BOUNCE, False),
        ("dsn_rfc3464_delayed", Kind.BOUNCE, False),
        ("bounce_in_prose_of_qmail", Kind.BOUNCE, False),
    ],
)
def test_the_kind_of_a_mail_and_whether_it_may_be_answered(name: str, kind: Kind, auto_respond: bool) -> None:
    read_mail = mail(name)
    assert (read_mail.kind, read_mail.auto_respond) == (kind, auto_respond)


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: AUTO-REPLIED; owner-email=x",
        "auto-submitted: auto-notified",
        "Auto-Submitted: auto-generated",
        "Precedence: junk",
        "Precedence: list",
        "Precedence: auto_reply",
        "X-Auto-Response-Suppress: All",
        "X-Auto-Response-Suppress: OOF, AutoReply",
        "X-Autoreply: yes",
        "X-Autorespond: re: x",
        "X-Loop: support@isybuy.example",
        "Feedback-ID: 1:2:3:x",
        "List-Id: <x.example>",
        "List-Unsubscribe: <mailto:x@y.example>",
        "List-Help: <mailto:x@y.example>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Return-Path: <>",
    ],
)
def test_no_machine_answers_what_asks_for_silence(field: str) -> None:
    assert not with_fields(field).auto_respond


@pytest.mark.parametrize(
    "local",
    ["mailer-daemon", "MAILER-DAEMON", "postmaster", "no-reply", "noreply", "do-not-reply", "donotreply", "no_reply",
     "ne-pas-repondre", "boutique-noreply", "noreply+123", "notifications", "owner-list", "list-request", "bounces"],
)  # fmt: skip
def test_no_machine_answers_a_machine(local: str) -> None:
    assert not with_fields(sender=f"{local}@client-a.example").auto_respond


@pytest.mark.parametrize(
    "local", ["alice", "norbert.replyn", "contact", "support", "nora", "bounceback.club", "repondre"]
)
def test_a_person_with_a_like_name_is_answered(local: str) -> None:
    assert with_fields(sender=f"{local}@client-a.example").auto_respond


@pytest.mark.parametrize(
    "subject",
    [
        "Réponse automatique : votre demande",
        "Absence du bureau",
        "[EXTERNE] Absence du bureau",
        "Message automatique",
        "Out of Office: your request",
        "Automatic reply: your request",
        "Auto-Reply",
        "Abwesenheitsnotiz",
        "Automatische Antwort: Ihre Anfrage",
        "Respuesta automática: su solicitud",
        "Fuera de la oficina",
        "Risposta automatica: richiesta",
        "Automatisch antwoord: vraag",
        "Resposta automática: pedido",
        "Autosvar: sak",
        "Odpowiedź automatyczna: sprawa",
        "Автоматический ответ: вопрос",
        "自動返信",
    ],
)
def test_a_vacation_note_without_headers_is_known_by_its_subject(subject: str) -> None:
    assert with_fields(f"Subject: {subject}").kind is Kind.AUTO_REPLY


@pytest.mark.parametrize(
    "subject",
    [
        "Absence de la facture dans l'export",
        "L'export automatique ne marche plus",
        "Automatic export fails",
        "Office 365 : accès impossible",
        "Question sur la livraison",
        "Failure notice missing in the export",
        "Undeliverable goods",
        "Congrès de novembre",
    ],
)
def test_a_customer_who_speaks_of_such_things_is_no_robot(subject: str) -> None:
    read_mail = with_fields(f"Subject: {subject}", body="Bonjour, écrivez à bob@client-b.example, merci.")
    assert (read_mail.kind, read_mail.auto_respond) == (Kind.MESSAGE, True)


def test_a_label_behind_re_is_that_of_the_mail_that_is_answered() -> None:
    assert with_fields("Subject: Re: Absence du bureau", body="Bonjour, je suis absent jeudi.").kind is Kind.MESSAGE


def test_an_absence_in_the_subject_alone_is_a_persons_unless_nobody_sent_it() -> None:
    """A person writes so too, but never from the null path."""
    absence = "Subject: En congés jusqu'au 30 novembre"
    assert with_fields(absence).kind is Kind.MESSAGE
    assert with_fields(absence, "Return-Path: <>").kind is Kind.AUTO_REPLY


def test_an_absence_that_nobody_sent_is_a_programs() -> None:
    text = "Bonjour, je suis absente jusqu'au 30 novembre."
    assert with_fields("Subject: Re: Facture", body=text).kind is Kind.MESSAGE
    assert with_fields("Subject: Re: Facture", "Return-Path: <>", body=text).kind is Kind.AUTO_REPLY
    text += " Le routeur clignote."
    assert with_fields("Subject: Re: Facture", "Return-Path: <>", body=text).kind is Kind.MESSAGE


def test_a_new_mail_that_mentions_an_absence_is_a_message() -> None:
    text = "Bonjour, je serai absente du 20 au 30 novembre : qui peut valider mes factures ?"
    assert with_fields("Subject: Mes factures", body=text).kind is Kind.MESSAGE


@pytest.mark.parametrize(
    ("name", "report"),
    [
        (
            "dsn_rfc3464_failed",
            DeliveryReport(
                ("alice@client-a.example",),
                "failed",
                "5.1.1",
                ("o1.1042@ref.isybuy.example",),
                "smtp; 550 5.1.1 <alice@client-a.example>: Recipient address rejected: User unknown",
            ),
        ),
        (
            "dsn_rfc3464_delayed",
            DeliveryReport(("alice@client-a.example",), "delayed", "4.4.1", ("o1.1042@ref.isybuy.example",)),
        ),
        (
            "bounce_in_prose_of_qmail",
            DeliveryReport(
                ("alice@client-a.example",),
                "failed",
                "5.1.1",
                ("o1.1042@ref.isybuy.example",),
                "Sorry, no mailbox here by that name. (#5.1.1)",
            ),
        ),
    ],
)
def test_a_bounce_says_who_why_and_which_mail(name: str, report: DeliveryReport) -> None:
    assert mail(name).bounce == report


def test_only_a_bounce_has_a_report() -> None:
    assert mail("plain").bounce is None
    assert mail("mdn_read_receipt").bounce is None


def test_exim_names_the_recipient_in_a_header() -> None:
    read_mail = with_fields(
        "X-Failed-Recipients: bob@client-b.example",
        "Subject: Mail delivery failed: returning message to sender",
        body="A message that you sent could not be delivered to one or more of its recipients.",
        sender="Mailer-Daemon@client-b.example",
    )
    assert read_mail.bounce == DeliveryReport(("bob@client-b.example",), "failed", "")


def test_the_json_is_that_of_maild_parse() -> None:
    seen = as_json(mail("dsn_rfc3464_failed"))
    assert list(seen) == [
        "from", "to", "cc", "subject", "message_id", "in_reply_to", "references", "date", "text", "reply_text", "html",
        "attachments", "kind", "auto_respond", "bounce", "language", "defects",
    ]  # fmt: skip
    assert seen["from"] == {"name": "Mail Delivery System", "address": "MAILER-DAEMON@mx.client-a.example"}
    assert seen["date"] == "2026-11-23T09:00:00+01:00"
    assert seen["bounce"] == {"recipients": ["alice@client-a.example"], "action": "failed", "status": "5.1.1"}
    assert seen["attachments"][1]["content_type"] == "message/rfc822"
    assert as_json(mail("no_from_field"))["from"] is None


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: no",
        'Auto-Submitted: "no"',
        "Auto-Submitted: NO (by hand)",
        "Auto-Submitted: (by hand) no",
        "Auto-Submitted: no; owner-email=x",
        "Auto-Submitted: none",
        "Auto-Submitted: false",
        "Auto-Submitted:",
        "X-Vacation:",
        "X-Autoreply: no",
        "X-Auto-Reply: 0",
        "X-Autorespond: false",
        "X-Autoresponder: none",
        "List-Id:",
        "X-Loop:",
    ],
)
def test_a_field_that_says_no_or_nothing_marks_no_robot(field: str) -> None:
    read_mail = with_fields(field, "Subject: Panne", body="Bonjour, l'export plante.")
    assert (read_mail.kind, read_mail.auto_respond) == (Kind.MESSAGE, True)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        (["List-Id: <x.example>"], Kind.MAILING_LIST),
        (["List-Post: <mailto:x@x.example>"], Kind.MAILING_LIST),
        (["Mailing-List: contact x@x.example; run by ezmlm"], Kind.MAILING_LIST),
        (["Precedence: List"], Kind.MAILING_LIST),
        (
            ["List-Unsubscribe: <https://x.example/u>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"],
            Kind.MAILING_LIST,
        ),
        (["List-Unsubscribe: <https://x.example/u>", "Precedence: bulk"], Kind.MAILING_LIST),
        (["List-Unsubscribe: <https://x.example/u>", "Feedback-ID: 1:2:3:brevo"], Kind.MAILING_LIST),
        # What sales tools and services for sending add to one person's mail.
        (["List-Unsubscribe: <https://x.example/u>"], Kind.MESSAGE),
        (["List-Unsubscribe: <mailto:u@x.example>", "List-Help: <https://x.example>"], Kind.MESSAGE),
        (["List-Help: <https://x.example>"], Kind.MESSAGE),
        (["Feedback-ID: 1:2:3:x"], Kind.MESSAGE),
        (["Precedence: bulk"], Kind.MESSAGE),
        (["List-Unsubscribe:", "Precedence: bulk"], Kind.MESSAGE),
    ],
)
def test_a_list_says_that_it_is_one(fields: list[str], kind: Kind) -> None:
    read_mail = with_fields(*fields, "Subject: Export", body="Bonjour, l'export plante.")
    assert (read_mail.kind, read_mail.auto_respond) == (kind, False)


def test_a_vacation_note_over_a_list_is_a_note() -> None:
    note = "Bonjour,\nJe suis absente du bureau jusqu'au 30 novembre.\nCordialement,\nAlice"
    fields = ("List-Id: <x.example>", "In-Reply-To: <x@isybuy.example>", "Subject: Réponse automatique : Export")
    assert with_fields(*fields, body=note).kind is Kind.AUTO_REPLY


def in_parts(root: str, *parts: str, fields: str = "Subject: Export") -> ParsedMail:
    """A mail of these parts, each with its own header; `root` is its type."""
    head = f"From: alice@client-a.example\nTo: support@isybuy.example\n{fields}\nMIME-Version: 1.0\n"
    body = "".join(f"--b\nContent-Type: {part}\n" for part in parts)
    return read(f"{head}Content-Type: {root}; boundary=b\n\n{body}--b--\n".encode())


WORDS = "text/plain; charset=utf-8\n\nLe serveur ne répond plus, aidez-moi.\n"
RECEIPT = (
    "message/disposition-notification\n\nReporting-UA: x\nDisposition: manual-action/MDN-sent-manually; displayed\n"
)
COMPLAINT = "message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n"


@pytest.mark.parametrize("part", [RECEIPT, COMPLAINT], ids=["receipt", "complaint"])
def test_a_report_counts_in_its_own_place(part: str) -> None:
    kind = part.partition("\n")[0].removeprefix("message/")
    assert in_parts(f"multipart/report; report-type={kind}", WORDS, part).kind is Kind.AUTO_REPLY
    assert in_parts("multipart/report", WORDS, part).kind is Kind.AUTO_REPLY
    wrapped = f"multipart/report; boundary=c\n\n--c\nContent-Type: {WORDS}--c\nContent-Type: {part}--c--\n"
    assert in_parts("multipart/mixed", wrapped, "text/plain\n\nA gateway's footer.\n").kind is Kind.AUTO_REPLY
    assert in_parts("multipart/mixed", WORDS, part).kind is Kind.MESSAGE
    assert in_parts("multipart/mixed", WORDS, wrapped).kind is Kind.MESSAGE


ANSWER = "text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n"
ACCEPTED = "text/plain; charset=utf-8\n\nAlice Durand a accepté.\n"
NOTHING = "text/plain\n\n\n"


@pytest.mark.parametrize(
    ("root", "words", "subject", "kind"),
    [
        ("multipart/alternative", ACCEPTED, "Accepté : Point de suivi", Kind.CALENDAR),
        ("multipart/mixed", ACCEPTED, "Accepté : Point de suivi", Kind.CALENDAR),
        ("multipart/alternative", ACCEPTED, "Refuser : Point de suivi", Kind.CALENDAR),
        ("multipart/alternative", ACCEPTED, "Hyväksytty: Point de suivi", Kind.CALENDAR),
        ("multipart/mixed", NOTHING, "Point de suivi", Kind.CALENDAR),
        # What a person writes beside it or in it is for somebody to read.
        ("multipart/mixed", WORDS, "Export", Kind.MESSAGE),
        ("multipart/mixed", WORDS, "Accepté : Point de suivi", Kind.MESSAGE),
        ("multipart/alternative", WORDS, "Accepté : Point de suivi", Kind.MESSAGE),
        ("multipart/alternative", WORDS, "Point de suivi", Kind.MESSAGE),
    ],
)
def test_an_answer_to_an_invitation_hides_no_request(root: str, words: str, subject: str, kind: Kind) -> None:
    read_mail = in_parts(root, words, ANSWER, fields=f"Subject: {subject}")
    assert read_mail.kind is kind
    assert read_mail.auto_respond is (kind is Kind.MESSAGE)


ALSO = [
    "Pouvez-vous apporter aussi un écran ? Mon imprimante ne marche plus.",
    "Mon imprimante ne marche plus.",
    "D'accord pour jeudi. J'ai besoin d'un badge pour Paul.",
    "Merci de préparer trois écrans.",
    "Could you bring a screen too?",
    "My printer is broken.",
    "Thursday is fine. We need two badges.",
    "Können Sie einen Monitor mitbringen?",
    "Mein Drucker funktioniert nicht.",
    "Donnerstag passt. Ich brauche zwei Ausweise.",
]
MARKED = "Content-Class: urn:content-classes:calendarmessage"


@pytest.mark.parametrize("text", ALSO)
def test_a_field_of_a_calendar_hides_no_request(text: str) -> None:
    """It is one more ground, as a title is; alone, or where something is asked for, it proves nothing."""
    words = f"text/plain; charset=utf-8\n\n{text}\n"
    fields = f"Subject: Accepté : Point de suivi\n{MARKED}"
    assert in_parts("multipart/alternative", words, ANSWER, fields=fields).kind is Kind.MESSAGE
    assert in_parts("multipart/mixed", words, ANSWER, fields=fields).kind is Kind.MESSAGE
    assert with_fields(fields.replace("\n", "\r\n"), body=text).kind is Kind.MESSAGE
    assert with_fields(MARKED, "Subject: Imprimante", body=text).kind is Kind.MESSAGE


def test_a_field_of_a_calendar_stands_for_the_title_where_nothing_is_asked_for() -> None:
    words = "text/plain; charset=utf-8\n\nAlice Durand viendra.\n"
    for fields, kind in ((f"Subject: Point\n{MARKED}", Kind.CALENDAR), ("Subject: Point", Kind.MESSAGE)):
        assert in_parts("multipart/mixed", words, ANSWER, fields=fields).kind is kind
    assert with_fields(MARKED, "Subject: Point", body="").kind is Kind.CALENDAR
    assert with_fields(MARKED, "Subject: Point", body="Le routeur clignote.").kind is Kind.MESSAGE


@pytest.mark.parametrize(
    ("sender", "path", "subject", "body"),
    [
        (
            "Mail Delivery Service Dupont <contact@mds.example>",
            None,
            "Notre file",
            "Bob ne reçoit rien : mailbox full.",
        ),
        ("Mail Delivery Service <contact@mds.example>", "contact@mds.example", "Delivery failed", "User unknown, why?"),
        (
            "Mail Delivery System GmbH <contact@mds.example>",
            None,
            "Delivery failed",
            "The order could not be delivered.",
        ),
        ("Le Mail Delivery Subsystem <x@client-a.example>", None, "Notre file", "Bob : mailbox full."),
        ("Jean <jean@mail-router.example>", None, "Notre file", "Bob : mailbox full."),
        (
            "Postmaster <postmaster@a.example>",
            "postmaster@a.example",
            "Mail delivery failed",
            "Bob ne reçoit rien.\n550 5.1.1",
        ),
    ],
)
def test_a_person_with_a_servers_name_is_a_person(sender: str, path: str | None, subject: str, body: str) -> None:
    fields = [f"Return-Path: <{path}>"] if path else []
    assert with_fields(*fields, f"Subject: {subject}", body=body, sender=sender).kind is Kind.MESSAGE


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Mail delivery failed", "Mon mail à bob@x.example est revenu : 550 5.1.1 user unknown. Le compte est actif."),
        ("Undelivered Mail Returned to Sender", "Le mail vers bob@x.example est revenu.\n550 5.1.1 user unknown"),
        ("Échec de la remise", "Bob n'a pas reçu le mail : boîte pleine (552 5.2.2), d'après le serveur."),
        ("Nicht zugestellt", "Die Mail an bob@x.example kam zurück: 550 5.1.1 user unknown"),
    ],
)
def test_a_person_whose_return_path_is_null_is_a_person(subject: str, body: str) -> None:
    read_mail = with_fields("Return-Path: <>", f"Subject: {subject}", body=body)
    assert (read_mail.kind, read_mail.auto_respond) == (Kind.MESSAGE, False)
    returned = f"{body}\n\n----- Original message -----\nMessage-ID: <o1.1042@ref.isybuy.example>\nTo: bob@x.example\n"
    assert with_fields("Return-Path: <>", f"Subject: {subject}", body=returned).kind is Kind.BOUNCE


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        (
            "Delivery failed depuis lundi",
            "Nos mails vers bob@x.example sont refusés (550 5.1.1 user unknown). Que faire ?",
        ),
        ("Undelivered mail", "Nos mails vous reviennent : undeliverable, user unknown. Pouvez-vous regarder ?"),
        ("Échec de la remise", "Le mail n'a pas pu être remis à bob@x.example, merci d'autoriser notre serveur."),
        ("Message non remis", "Le message n'a pas été distribué à Bob. J'ai besoin de son adresse."),
        (
            "Mail delivery failed",
            "Mail to bob@x.example could not be delivered, user unknown. Can you check his account?",
        ),
        ("Delivery failure", "Our mail to bob@x.example is rejected: recipient address rejected. Please help."),
        ("Undeliverable", "User unknown for bob@x.example. Please check why your gateway rejects us."),
        ("Unzustellbar", "Mails an bob@x.example wurden nicht zugestellt. Können Sie das prüfen?"),
        ("Zustellung", "Die Mail an bob@x.example ist unzustellbar: user unknown. Warum lehnen Sie ab?"),
        ("Nicht zugestellt", "Mails wurden nicht zugestellt (550 5.1.1). Bitte prüfen Sie das Konto von Bob."),
    ],
)
@pytest.mark.parametrize(
    "sender", ["Service informatique <postmaster@client.example>", "Mail Delivery System <alice@client.example>"]
)
def test_a_postmaster_who_asks_is_a_person_where_no_path_is_known(sender: str, subject: str, body: str) -> None:
    assert with_fields(f"Subject: {subject}", body=body, sender=sender).kind is Kind.MESSAGE
    assert with_fields(f"Subject: {subject}", body=body, sender="mailer-daemon@mx.example").kind is Kind.BOUNCE


@pytest.mark.parametrize(
    "sender",
    [
        "Mail Delivery System <MAILER-DAEMON@mx.example>",
        '"Mail Delivery System" <x@mx.example>',
        "Mail Delivery Subsystem <x@mx.example>",
        "MAILER-DAEMON (Mail Delivery System)",
        "MAILER-DAEMON@mx.example (Mail Delivery System)",
        "Mail Delivery System (mx1) <x@mx.example>",
        "Internet Mail Delivery <x@mx.example>",
        "MDaemon@mx.example",
    ],
)
def test_a_server_is_known_by_its_name(sender: str) -> None:
    fields = ("Return-Path: <>", "Subject: Undelivered Mail Returned to Sender")
    text = "<bob@client-b.example>: 550 5.1.1 user unknown"
    assert with_fields(*fields, body=text, sender=sender).kind is Kind.BOUNCE
