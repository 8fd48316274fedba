"""What happens in the story, step by step? Each scene acts through people's mailboxes and checks what must come of it.

A scene raises Unmet where something does not hold; what later scenes need of it they ask for by name.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from maild.demo.cast import ALICE, BRUNO, DORA, LEA, OUTSIDE, SUPPORT
from maild.demo.narrator import Narrator
from maild.demo.people import Received, Sent, plain
from maild.demo.stage import Stage, Unmet
from maild.judgement import VerdictName
from maild.lifecycle import Reason, Status
from maild.mail import Address
from maild.simulate.language import Enclosure
from maild.ticket import Disposition
from maild.writing.wording import day

_SCREENSHOT = Enclosure("ecran.png", "image/png", size=20_000)
_PHONE = "03 87 00 00 00"
_SIGNATURE = f"-- \nLéa Martin\nSupport iSYBUY\n{LEA.address}\n{_PHONE}"
_INVOICE = "Impossible d'exporter la facture F-2026-118"
_PLAIN_REPLY = "Cela se produit aussi sur le poste de ma collègue, depuis ce matin."


class Story:
    """What the scenes hand on to one another: mails and ticket numbers, by name."""

    def __init__(self, stage: Stage, narrator: Narrator) -> None:
        self.stage = stage
        self.tell = narrator
        self.mails: dict[str, Received] = {}
        self.sent: dict[str, Sent] = {}
        self.tickets: dict[str, int] = {}

    def mail(self, *names: str) -> Received:
        """A mail that an earlier scene was to get: the first of these that came. Unmet if none did."""
        for name in names:
            if name in self.mails:
                return self.mails[name]
        raise Unmet(f"the mail '{names[0]}' of an earlier step", "it never came")

    def number(self, whose: str) -> int:
        """The number of that person's request. Unmet if it was never opened."""
        if whose not in self.tickets:
            raise Unmet(f"{whose}'s request", "it was never opened")
        return self.tickets[whose]

    async def keep(self, name: str, mail: Received, claim: str) -> Received:
        """Show a mail that came, and keep it for later scenes."""
        self.mails[name] = mail
        await self.tell.shows(mail.seen)
        await self.tell.held(claim)
        return mail

    async def is_now(self, ticket: str, status: Status, reason: Reason | None = None) -> None:
        """The ticket stands there. Unmet if not."""
        found = await self.stage.ticket(self.number(ticket))
        if (found.status, found.reason) != (status, reason):
            raise Unmet(f"the request is {status} {reason or ''}", f"{found.status} {found.reason or ''}")
        await self.tell.held(f"Request {found.number} is {status}.")

    def require(self, holds: bool, expected: str, seen: str) -> None:
        """Unmet unless it holds."""
        if not holds:
            raise Unmet(expected, seen)


async def alice_writes(s: Story) -> None:
    alice, text = (
        s.stage.person(ALICE),
        "Bonjour,\n\nL'export PDF affiche une erreur (copie d'écran jointe).\n\nAlice Durand",
    )
    sent = s.sent["request"] = await alice.write(SUPPORT, _INVOICE, text, attachments=(_SCREENSHOT,))
    await s.tell.shows(sent.seen)
    row = await s.stage.becomes(sent, VerdictName.NEW_TICKET)
    s.tickets["Alice"] = row.ticket
    came = await s.stage.gets(ALICE, "an acknowledgement", "Nous avons bien reçu votre demande", f"[ISY-{row.ticket}-")
    await s.keep("acknowledgement", came, "Alice is acknowledged, with a reference that only she has.")
    told = await s.stage.gets(
        LEA, "Alice's words", "Répondre = répondre au client Alice Durand", "L'export PDF affiche"
    )
    s.require(told.seen.attachments == sent.seen.attachments, "the screenshot goes along", f"{told.seen.attachments}")
    await s.keep("new ticket", told, "Léa is told, and has the screenshot.")
    ticket = await s.stage.ticket(row.ticket)
    s.require(ticket.assignee == LEA.key, "Léa is assigned", ticket.assignee or "nobody")
    await s.is_now("Alice", Status.OPEN)


async def lea_answers(s: Story) -> None:
    question = "Bonjour,\n\nQuel format aviez-vous choisi, PDF ou Factur-X ?\n\nBien cordialement,\nLéa Martin"
    sent = await s.stage.person(LEA).reply(s.mail("new ticket"), f"{question}\n\n#attente\n\n{_SIGNATURE}")
    await s.tell.shows(sent.seen, to="the request, by Reply")
    await s.stage.becomes(sent, VerdictName.AGENT_REPLY)
    came = await s.stage.gets(ALICE, "the answer", "Quel format aviez-vous choisi")
    s.require(came.seen.sender.address == SUPPORT.address, f"it comes from {SUPPORT.address}", f"{came.seen.sender}")
    for hidden in (LEA.address, _PHONE, "#attente", "L'export PDF affiche"):
        is_there = plain(hidden) in came.words or hidden.encode() in came.raw
        s.require(not is_there, f"« {hidden} » stands nowhere in it", came.words)
    await s.keep("answer", came, "Alice has the answer from the desk's address; Léa's own address is nowhere in it.")
    await s.is_now("Alice", Status.PENDING)


async def alice_replies(s: Story) -> None:
    sent = await s.stage.person(ALICE).reply(s.mail("answer"), "Bonjour,\n\nC'était Factur-X.\n\nAlice")
    await s.tell.shows(sent.seen, to="the request, by Reply")
    row = await s.stage.becomes(sent, VerdictName.REPLY)
    s.require(row.ticket == s.number("Alice"), "it is in Alice's request", f"request {row.ticket}")
    told = await s.stage.gets(LEA, "Alice's reply", "Répondre = répondre au client Alice Durand", "C'était Factur-X.")
    await s.keep("customer's reply", told, "It is in her request, by the reference; Léa is told.")
    await s.is_now("Alice", Status.OPEN)


async def bruno_replies_plainly(s: Story) -> None:
    bruno, subject = s.stage.person(BRUNO), "Connexion impossible"
    first = await bruno.write(SUPPORT, subject, "Bonjour,\n\nJe ne peux plus me connecter.\n\nBruno Petit")
    row = await s.stage.becomes(first, VerdictName.NEW_TICKET)
    s.tickets["Bruno"] = row.ticket
    await s.stage.gets(BRUNO, "an acknowledgement", "Nous avons bien reçu", f"[ISY-{row.ticket}-")
    await s.stage.gets(LEA, "Bruno's words", "Répondre = répondre au client Bruno Petit", "Je ne peux plus")
    await s.tell.says(f"Bruno has asked something too: request {row.ticket}. Now he adds to it in a mail of its own:")
    reply = await bruno.write(SUPPORT, f"Re: {subject}", _PLAIN_REPLY)
    await s.tell.shows(reply.seen)
    await s.stage.becomes(reply, VerdictName.PLAIN_REPLY)
    label = f"« {subject} », ISY-{row.ticket}"
    refused = await s.stage.gets(BRUNO, "an explanation", "il ne porte pas la référence", "rien n'est perdu", label)
    refused.link(label)
    await s.keep("refusal", refused, "He is told why, and that nothing is lost; his open request is there to click.")
    await s.stage.lies_in(reply, "Held")
    await s.tell.held("His mail lies in Held.")
    click = await bruno.click(refused, label)
    await s.tell.shows(click.seen, to="the request, by the link")
    await s.stage.becomes(click, VerdictName.CLAIM)
    row = await s.stage.becomes(reply, VerdictName.REPLY)
    s.require(row.ticket == s.number("Bruno"), "his mail is in his request", f"request {row.ticket}")
    told = await s.stage.gets(LEA, "the mail that was held", "Répondre = répondre au client Bruno Petit", _PLAIN_REPLY)
    await s.keep("claimed", told, "One click, and it is in: Léa has it.")


async def dora_is_a_stranger(s: Story) -> None:
    text = "Bonjour,\n\nAlice m'a transmis votre message. Envoyez-moi aussi la facture.\n\nDora"
    sent = await s.stage.person(DORA).reply(s.mail("answer"), text)
    await s.tell.shows(sent.seen, to="Alice's request, with all its references")
    await s.stage.becomes(sent, VerdictName.STRANGER)
    told = await s.stage.gets(LEA, "word of the stranger", f"la demande n° {s.number('Alice')}", DORA.address)
    await s.keep("stranger", told, "Dora gets nothing; Léa is told and decides.")
    await s.stage.lies_in(sent, "Held")
    clicked = await s.stage.person(LEA).click(told, "L'écarter")
    await s.tell.shows(clicked.seen, to="the held mail, by the link « L’écarter »")
    await s.stage.becomes(clicked, VerdictName.AGENT_COMMAND)
    done = await s.stage.gets(LEA, "what was done", "est écarté")
    await s.keep("discarded", done, "One click, and it is decided. The mail is kept.")
    await s.stage.lies_in(sent, "Processed")
    await s.is_now("Alice", Status.OPEN)


async def vacation(s: Story) -> None:
    answer = s.mail("answer")
    before = await s.stage.ticket(s.number("Alice"))
    sent = await s.stage.person(ALICE).reply(
        answer,
        "Je suis absente jusqu'au 30 et ne lis pas mes messages.",
        subject=f"Absence : {answer.seen.subject}",
        to=(Address(answer.return_path),),  # RFC 3834 4
        has_quote=False,
        headers=(("Auto-Submitted", "auto-replied"),),
    )
    await s.tell.shows(sent.seen, to="the return address of our answer")
    row = await s.stage.becomes(sent, VerdictName.AUTO_REPLY)
    s.require(row.ticket == before.number, "it is noted on Alice's request", f"request {row.ticket}")
    after = await s.stage.ticket(before.number)
    s.require(after == before, f"the request stays as it was: {before}", f"{after}")
    await s.tell.held("Nobody is answered, nobody is told, and the request stays as it was.")


async def mistyped_command(s: Story) -> None:
    lea, words = s.stage.person(LEA), "Merci. Pouvez-vous réessayer maintenant et me dire le résultat ?"
    sent = await lea.reply(s.mail("customer's reply"), f"{words}\n#pendng\n\n{_SIGNATURE}")
    await s.tell.shows(sent.seen, to="the request, by Reply")
    row = await s.stage.becomes(sent, VerdictName.AGENT_REPLY)
    s.require(row.reason == "unknown-command", "the reason unknown-command", row.reason)
    back = await s.stage.gets(LEA, "her mail back", "« #pendng » n'est pas une commande connue", "« #pending »", words)
    await s.keep("came back", back, "Nothing goes to Alice; Léa has her mail back, with the nearest word.")
    await s.stage.nobody_else_gets_anything()
    await s.is_now("Alice", Status.OPEN)
    again = await lea.reply(back, f"{words}\n#attente\n\n{_SIGNATURE}")
    await s.stage.becomes(again, VerdictName.AGENT_REPLY)
    await s.keep("question", await s.stage.gets(ALICE, "the answer", words), "Written rightly, it goes to Alice.")
    await s.is_now("Alice", Status.PENDING)


async def time_passes(s: Story) -> None:
    began = (await s.stage.ticket(s.number("Alice"))).waiting_since
    s.require(began is not None, "Alice's request waits", "it does not")
    assert began is not None
    await s.tell.says("Two days pass.")
    s.stage.clock.pass_days(2)
    s.stage.daemon.wake()
    first = await s.stage.gets(ALICE, "a reminder", "Nous nous permettons de revenir vers vous", "réessayer maintenant")
    await s.keep("relance", first, "Alice is reminded of the question.")
    await s.stage.nobody_else_gets_anything()
    await s.tell.says("Three more days pass.")
    s.stage.clock.pass_days(3)
    s.stage.daemon.wake()
    end = day((began.astimezone(s.stage.settings.site.zone) + timedelta(days=10)).date(), "fr")
    second = await s.stage.gets(ALICE, "a second reminder", f"nous la clôturerons le {end}")
    await s.keep("second relance", second, f"The second one announces the end: {end}.")
    await s.is_now("Alice", Status.PENDING)


async def it_is_solved(s: Story) -> None:
    sent = await s.stage.person(ALICE).click(s.mail("second relance", "relance", "question", "answer"), "C'est réglé")
    await s.tell.shows(sent.seen, to="the request, by the link « C’est réglé »")
    await s.stage.becomes(sent, VerdictName.REPLY)
    came = await s.stage.gets(ALICE, "the end", "Nous considérons votre demande", "comme traitée")
    await s.keep("resolved", came, "Alice is told that it is closed, and how to open it again.")
    await s.is_now("Alice", Status.RESOLVED, Reason.SOLVED)


async def nobody_answers_machines(s: Story) -> None:
    outside, headers = s.stage.person(OUTSIDE), (("List-Id", "<annonces.liste.example>"), ("Precedence", "list"))
    news = await outside.write(SUPPORT, "Lettre de novembre", "Les nouvelles du mois.", headers=headers)
    await s.stage.becomes(news, VerdictName.LIST_MAIL)
    await s.tell.held("A mailing list writes: noted, unanswered.")
    ours = s.mail("acknowledgement")
    await outside.deliver(ours.raw, (SUPPORT.address,))
    await s.stage.becomes(Sent(ours.raw, ours.seen.message_id, ours.seen), VerdictName.LOOP)
    await s.tell.held("A mail of our own comes back to us: a loop, unanswered.")
    first = s.sent["request"]
    await s.stage.person(ALICE).deliver(first.raw, (SUPPORT.address,))
    await s.stage.becomes(first, VerdictName.DUPLICATE, copy=2)
    await s.tell.held("Alice's first mail comes a second time: a duplicate, unanswered.")


async def everything_has_its_place(s: Story) -> None:
    stage, delivered = s.stage, sum(client.delivered for client in s.stage.people.values())
    dispositions = await stage.daemon.inbound.counts()
    s.require(
        sum(dispositions.values()) == delivered and not dispositions[Disposition.KEPT],
        f"{delivered} mails received, none of them merely kept",
        f"{dispositions}",
    )
    rows = await stage.rows()
    names = {name.value for name in VerdictName}
    s.require(all(row.verdict in names for row in rows), "each mail has a verdict", f"{[r.verdict for r in rows]}")
    wanted = {
        "INBOX": 0,
        "Processed": dispositions[Disposition.APPLIED],
        "Held": dispositions[Disposition.HELD],
        "Duplicates": dispositions[Disposition.DUPLICATE],
    }

    async def is_filed() -> bool | None:
        return await stage.in_folders() == wanted or None

    async def seen() -> str:
        return str(dict(await stage.in_folders()))

    await stage.until(is_filed, f"the folders of support@ hold {wanted}", seen)
    states = await stage.daemon.outbox.counts()
    s.require(set(states) == {"sent"}, "every mail of ours was sent", f"{states}")
    table = [("received", *map(str, dispositions)), (str(delivered), *map(str, dispositions.values()))]
    await s.tell.counts("What became of the mails to support@", table)
    await s.tell.counts("Where they lie", [tuple(wanted), tuple(map(str, wanted.values()))])
    await s.tell.held(f"Every mail has its place; {states['sent']} mails were sent, the outbox is empty.")


SCENES: tuple[tuple[str, Callable[[Story], Awaitable[None]]], ...] = (
    ("Alice writes, with a screenshot", alice_writes),
    ("Léa answers from her own mailbox", lea_answers),
    ("Alice replies, the reference kept", alice_replies),
    ("Bruno replies without any reference", bruno_replies_plainly),
    ("A stranger has got hold of Alice's reference", dora_is_a_stranger),
    ("Alice's mailbox answers by itself: a vacation note", vacation),
    ("Léa mistypes a command", mistyped_command),
    ("Time moves: reminders", time_passes),
    ("Alice clicks « C’est réglé »", it_is_solved),
    ("Machines write", nobody_answers_machines),
    ("Every mail has its place", everything_has_its_place),
)
