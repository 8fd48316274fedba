"""The accidents of agents who work by mail, over a real store: what a customer's mails then hold, and what not."""

import re
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from desk_values import RING, settings
from road import ALICE, LEA, Road, letter, links

from maild.config.desk import open_desk
from maild.plan.agent import MOST_COMMAND_MAILS
from maild.store import queries
from maild.store.watching import Ending

MARC = "marc@isybuy.example"
ADMIN = "admin@isybuy.example"


@pytest.fixture
async def road(tmp_path: Path) -> AsyncIterator[Road]:
    made = Road(tmp_path)
    await made.receive(letter(ALICE, name="first"))
    yield made
    await made.database.close()


def reply_to(mail: EmailMessage) -> str:
    return str(mail["reply-to"]).rpartition("<")[2].rstrip(">")


async def answer(road: Road, text: str, *, sender: str = LEA, to: str = "", **more: str) -> Ending:
    """A mail of an agent's under their own notice."""
    more.setdefault("name", f"a{len(await road.queued())}")
    return await road.receive(letter(sender, text, to=to or reply_to(await road.last(LEA)), **more))


def parts(*files: tuple[str, str, str], text: str = "Voici.", kind: str = "multipart/mixed") -> tuple[str, str]:
    """The head and the body of a mail with files: (type, name, octets)."""
    body = [f"--b\nContent-Type: text/plain; charset=utf-8\n\n{text}"] if text else []
    for number, (content_type, name, octets) in enumerate(files):
        field = f'Content-Disposition: attachment; filename="{name}"'
        if content_type.startswith("image/"):
            field = f'Content-Disposition: inline; filename="{name}"\nContent-ID: <p{number}@x>'
        body.append(f"--b\nContent-Type: {content_type}\n{field}\n\n{octets}")
    return f"Content-Type: {kind}; boundary=b", "\n".join([*body, "--b--"])


async def enclose(
    road: Road, *files: tuple[str, str, str], text: str = "Voici.", kind: str = "multipart/mixed"
) -> Ending:
    head, body = parts(*files, text=text, kind=kind)
    raw = letter(LEA, body, to=reply_to(await road.last(LEA)), name="files", head=f"MIME-Version: 1.0\n{head}")
    return await road.receive(raw.replace(b"Content-Type: text/plain; charset=utf-8\r\n", b"", 1))


async def to_alice(road: Road) -> list[EmailMessage]:
    """The customer's mails after the acknowledgement."""
    mails = [m for m in await road.queued() if m.recipient == ALICE and m.template != "acknowledgement"]
    return [message_from_bytes(m.data, policy=policy.default) for m in mails]


def whole(mail: EmailMessage) -> str:
    """Everything that a reader of the mail could find: heads, texts and files."""
    heads = "\n".join(f"{name}: {value}" for name, value in mail.items())
    found = [p.get_payload(decode=True) for p in mail.walk() if not p.is_multipart()]
    return "\n".join([heads, *(octets.decode("utf-8", "replace") for octets in found if isinstance(octets, bytes))])


async def agents_canaries(road: Road) -> list[str]:
    """What no customer may ever read: the agents' references in all forms, their addresses, our own words to them."""
    mail = await road.last(LEA)
    plus = re.search(r"\+(\d+-\d+-[0-9a-z]+)@", reply_to(mail))
    inside = re.search(r"\[ISY-[^\]]+\]", str(mail["subject"]))
    assert plus and inside
    return [plus[1], inside[0], str(mail["message-id"]).strip("<>"), LEA, MARC, "Répondre = répondre", "06 12 34 56 78"]


async def refusal(road: Road) -> str:
    last = [m for m in await road.queued() if m.template == "command_refused"][-1]
    assert last.recipient == LEA
    return whole(message_from_bytes(last.data, policy=policy.default))


NOTICE = "notice"
LEAKING_FILES = [
    ("our notice as an attached mail", "message/rfc822", "Avis.eml"),
    ("our notice as a page", "text/html", "avis.html"),
    ("our notice as a file of any kind", "application/octet-stream", "avis.eml"),
]


@pytest.mark.parametrize(("what", "kind", "name"), LEAKING_FILES, ids=[c[0] for c in LEAKING_FILES])
async def test_a_file_that_holds_the_inside_comes_back(road: Road, what: str, kind: str, name: str) -> None:
    notice = [m for m in await road.queued() if m.recipient == LEA][-1].data.decode().replace("\r\n", "\n")
    ending = await enclose(road, (kind, name, notice))
    assert (ending.verdict, ending.reason) == ("agent_reply", "internal-attachment")
    assert await to_alice(road) == []
    assert f"«\u00a0{name}\u00a0»" in await refusal(road)


SILENT = [
    ("an S/MIME signature", ("application/pkcs7-signature", "smime.p7s", f"CERT {LEA}"), "multipart/signed"),
    ("a card", ("text/vcard", "lea.vcf", f"EMAIL:{LEA}\nTEL:06 12 34 56 78"), "multipart/mixed"),
    ("a key", ("application/pgp-keys", f"OpenPGP_{LEA}.asc", LEA), "multipart/mixed"),
]


@pytest.mark.parametrize(("what", "file", "kind"), SILENT, ids=[c[0] for c in SILENT])
async def test_what_a_mail_program_adds_does_not_leave(
    road: Road, what: str, file: tuple[str, str, str], kind: str
) -> None:
    await enclose(road, file, ("application/pdf", "facture.pdf", "%PDF"), kind=kind)
    [mail] = await to_alice(road)
    assert "Voici." in whole(mail) and "facture.pdf" in [a.get_filename() for a in mail.iter_attachments()]
    assert [a for a in mail.iter_attachments() if a.get_filename() == file[1]] == []
    assert [canary for canary in await agents_canaries(road) if canary in whole(mail)] == []


ENCRYPTED = [
    ("S/MIME", ("application/pkcs7-mime", "smime.p7m", "MIAG"), "multipart/mixed", ""),
    ("OpenPGP", ("application/pgp-encrypted", "v.asc", "Version: 1"), "multipart/encrypted", ""),
    ("Outlook", ("application/ms-tnef", "winmail.dat", f"xx {LEA}"), "multipart/mixed", "Voici."),
]


@pytest.mark.parametrize(("what", "file", "kind", "text"), ENCRYPTED, ids=[c[0] for c in ENCRYPTED])
async def test_what_cannot_be_read_comes_back(
    road: Road, what: str, file: tuple[str, str, str], kind: str, text: str
) -> None:
    ending = await enclose(road, file, text=text, kind=kind)
    assert ending.reason == "encrypted"
    assert await to_alice(road) == []
    assert "sans chiffrement" in await refusal(road)


async def test_a_file_sent_with_a_command_and_no_words_arrives(road: Road) -> None:
    await enclose(road, ("application/pdf", "avoir.pdf", "%PDF"), text="#attente")
    [mail] = await to_alice(road)
    assert [a.get_filename() for a in mail.iter_attachments()] == ["avoir.pdf"]
    assert (await road.ticket()).status == "pending"


async def test_a_file_sent_with_the_end_arrives_with_it(road: Road) -> None:
    await enclose(road, ("application/pdf", "avoir.pdf", "%PDF"), text="#résolu")
    [mail] = await to_alice(road)
    assert [a.get_filename() for a in mail.iter_attachments()] == ["avoir.pdf"]
    assert (await road.ticket()).status == "resolved" and (await road.queued())[-1].template == "resolved"


async def test_a_logo_below_a_command_is_no_answer(road: Road) -> None:
    ending = await enclose(road, ("image/png", "logo.png", "x"), text="#attente")
    assert ending.verdict == "agent_command"
    assert await to_alice(road) == []


TEXTS = [
    ("a link of the notice", "Répondre au client<mailto:{address}?subject=x>\nC'est fait."),
    ("a bare plus-address", "Écrivez à {address} ou cliquez."),
    ("a signed Message-ID", "Voir <{id}>"),
    ("the marker, changed", "OK. - REPONDEZ au-dessus de cette ligne - suite"),
    ("the notice's first line", "Voici.\nRépondre = répondre au client Alice"),
    ("a colleague's address", "Demandez à marc@isybuy.example"),
    ("the note link's line", "Note interne, que le client ne verra pas :\nclient pénible"),
    ("a note behind a bullet", "* #note client pénible"),
    ("a note behind a zero-width space, among words", "Bonjour\n\u200b#note client pénible\nVoici"),
]


@pytest.mark.parametrize(("what", "text"), TEXTS, ids=[c[0] for c in TEXTS])
async def test_words_for_the_team_reach_no_customer(road: Road, what: str, text: str) -> None:
    notice = await road.last(LEA)
    said = text.format(address=reply_to(notice), id=str(notice["message-id"]).strip("<>"))
    await answer(road, said)
    assert await to_alice(road) == []
    assert "n’est pas parti" in await refusal(road)


@pytest.mark.parametrize(
    "text", ["\u200b#note client pénible", "\uff03note client pénible", "    #note client pénible"]
)
async def test_a_note_in_disguise_is_a_note(road: Road, text: str) -> None:
    assert (await answer(road, text)).verdict == "agent_note"
    assert await to_alice(road) == []


SIGNATURES = [
    "Léa MARTIN - Support\nTél : 06 12 34 56 78",
    "MARTIN Léa\nTechnicienne\n06 12 34 56 78\nwww.lea-martin.example",
    "Léa\n06 12 34 56 78",
]


@pytest.mark.parametrize("signature", SIGNATURES)
async def test_a_signature_without_dashes_stays_inside(road: Road, signature: str) -> None:
    await answer(road, f"Voici la réponse.\n\nCordialement,\n{signature}")
    [mail] = await to_alice(road)
    assert "Voici la réponse." in whole(mail)
    assert [canary for canary in await agents_canaries(road) if canary in whole(mail)] == []


async def test_dashes_in_the_middle_cut_nothing(road: Road) -> None:
    await answer(road, "Étape 1 : faites A.\n--\nÉtape 2 : faites B.\n" + "ligne\n" * 20 + "FIN")
    [mail] = await to_alice(road)
    assert "Étape 2" in whole(mail) and "FIN" in whole(mail)


FORWARDS = [
    ("by its Subject", "TR: Impossible d'exporter", "Marc, ce client est insupportable."),
    (
        "by the line of the program",
        "x",
        "Marc, tu prends ?\n\n---------- Message transféré ----------\nDe : Alice\n\nJe.",
    ),
]


@pytest.mark.parametrize(("what", "subject", "text"), FORWARDS, ids=[c[0] for c in FORWARDS])
async def test_a_forward_is_never_an_answer(road: Road, what: str, subject: str, text: str) -> None:
    ending = await answer(road, text, subject=subject)
    assert ending.reason == "forward"
    assert await to_alice(road) == []
    assert "est un transfert" in await refusal(road)


async def test_a_reply_to_a_request_that_was_passed_on_is_an_answer(road: Road) -> None:
    await answer(road, "Voici.", subject="RE: TR: Impossible d'exporter")
    assert len(await to_alice(road)) == 1


async def test_a_customers_reference_opens_nothing_for_an_agent(road: Road) -> None:
    customers = reply_to(await road.last(ALICE))
    ending = await answer(road, "#résolu", to=customers)
    assert ending.reason == "customers-reference"
    assert await to_alice(road) == [] and (await road.ticket()).status != "resolved"
    assert "votre propre notification" in await refusal(road)
    await answer(road, "Voici.", to=reply_to(await road.last(LEA)))  # the refusal carries Léa's own
    assert len(await to_alice(road)) == 1


async def test_another_agents_reference_is_accepted_from_a_proved_agent(road: Road) -> None:
    ending = await answer(road, "Voici.", sender=MARC)
    assert ending.verdict == "agent_reply"
    assert len(await to_alice(road)) == 1


async def test_a_robot_that_answers_in_an_agents_name_is_heard_five_times_an_hour(road: Road) -> None:
    for number in range(MOST_COMMAND_MAILS + 3):
        ending = await answer(road, f"#merci {number}", name=f"robot{number}")
    sent = await road.queued()
    assert sum(m.template == "command_refused" for m in sent) == MOST_COMMAND_MAILS
    assert (ending.verdict, ending.reason) == ("agent_reply", "too-many-refusals")
    assert len(await road.held()) == 3
    [alert] = [m for m in sent if m.recipient == ADMIN]
    assert LEA in whole(message_from_bytes(alert.data, policy=policy.default))
    assert await to_alice(road) == []


async def test_a_right_answer_passes_all_the_same_and_the_hour_ends(road: Road) -> None:
    for number in range(MOST_COMMAND_MAILS + 1):
        await answer(road, f"#merci {number}", name=f"robot{number}")
    assert (await answer(road, "Voici.", name="right")).reason == "agent-with-proof"
    assert len(await to_alice(road)) == 1
    await road.after(minutes=61)
    await answer(road, "#merci encore", name="later")
    assert sum(m.template == "command_refused" for m in await road.queued()) == MOST_COMMAND_MAILS + 1


async def test_a_link_is_an_order_without_words(road: Road) -> None:
    """What a click is: the command of that name."""
    await road.receive(letter(ALICE))
    found = links(await road.last(LEA))
    wait, resolve = next(a for a in found if "+w" in a), next(a for a in found if "+e" in a)
    await road.receive(letter(LEA, "", to=wait, subject="Réponse, en attente du client"))
    assert (await road.ticket()).status.value == "pending"
    await road.receive(letter(LEA, "", to=resolve, subject="Réponse, demande résolue"))
    assert (await road.ticket()).status.value == "resolved"
    to_alice = [m.template for m in await road.queued() if m.recipient == ALICE and m.template != "acknowledgement"]
    assert to_alice == ["resolved"]


async def test_a_note_holds_the_agents_words_and_an_empty_one_comes_back(road: Road) -> None:
    await road.receive(letter(ALICE))
    note = next(a for a in links(await road.last(LEA)) if "+n" in a)
    line = "Note interne, que le client ne verra pas :"
    await road.receive(letter(LEA, f"{line}\nc'est noté", to=note, subject="Note interne"))
    story = await road.database.read(lambda session: queries.messages(session, 1001))
    assert [m.text for m in story if m.visibility == "internal"] == ["c'est noté"]
    await road.receive(letter(LEA, line, to=note, subject="Note interne", name="n2"))
    assert (await road.queued())[-1].template == "command_refused"


async def test_whoever_decides_on_an_unassigned_request_has_taken_it(tmp_path: Path) -> None:
    nobody = open_desk(settings(rules=[{"name": "all", "then": {"queue": "support"}}]), RING)
    road = Road(tmp_path, lambda: nobody)
    await road.receive(letter(ALICE))
    assert (await road.ticket()).status.value == "new"
    await road.receive(letter(LEA, "#reprendre", subject=f"Re: {(await road.last(LEA))['Subject']}"))
    ticket = await road.ticket()
    assert (ticket.status.value, ticket.assignee) == ("open", LEA)
    await road.database.close()
