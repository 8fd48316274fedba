"""Command words of a proved agent that stand where nobody says them (reliability S18): is one executed?"""

from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import timedelta
from itertools import islice
from pathlib import Path

from loops.desks import this_desk
from road import ALICE, LEA, letter
from sqlalchemy import func, select

from doors.commands import LINES
from maild.reading import read
from maild.store.database import Session
from maild.store.tables import MESSAGE, TICKET, metadata
from maild.ticket import Ticket, Visibility

# What an answer without any command changes too.
_ANSWERED = frozenset({"last_answer", "thread", "answered_at", "waiting_round", "waiting_since"})


def _plain(text: str) -> tuple[str, str]:
    return "text/plain; charset=utf-8", text


def _in_html_alone(line: str) -> tuple[str, str]:
    parts = ("text/plain", "Voici la réponse."), ("text/html", f"<p>Voici la réponse.</p><p>{line}</p>")
    body = "".join(f"--b\nContent-Type: {kind}; charset=utf-8\n\n{text}\n" for kind, text in parts)
    return 'multipart/alternative; boundary="b"', f"{body}--b--\n"


def _in_a_file(line: str) -> tuple[str, str]:
    mail = f"From: x@client-a.example\nSubject: x\n\n{line}\n"
    parts = ("text/plain; charset=utf-8", "Voici la réponse."), ("message/rfc822", mail)
    body = "".join(f"--b\nContent-Type: {kind}\n\n{text}\n" for kind, text in parts)
    return 'multipart/mixed; boundary="b"', f"{body}--b--\n"


PLACES: dict[str, Callable[[str], tuple[str, str]]] = {
    "quoted": lambda s: _plain(
        f"Voici la réponse.\n\nLe lun. 23 nov. 2026 à 10:11, Alice <{ALICE}> a écrit :\n\n> Bonjour\n> {s}"
    ),
    "quoted by Outlook": lambda s: _plain(
        f"Voici la réponse.\n\nDe : Alice <{ALICE}>\nEnvoyé : lundi 23 novembre 2026 10:11\nÀ : Support\n"
        f"Objet : Export\n\nBonjour\n{s}"
    ),
    "quoted in HTML": lambda s: (
        "text/html; charset=utf-8",
        f'<div>Voici la réponse.</div><div class="gmail_quote">Le lun. 23 nov. 2026 à 10:11, Alice a écrit :<br>'
        f'<blockquote class="gmail_quote"><p>{s}</p></blockquote></div>',
    ),
    "forwarded": lambda s: _plain(
        f"Voici la réponse.\n\n---------- Forwarded message ---------\nDe : Alice <{ALICE}>\n"
        f"Date : lun. 23 nov. 2026 à 10:11\nSubject : Export\nTo : <support@isybuy.example>\n\nBonjour\n{s}"
    ),
    "in the signature": lambda s: _plain(f"Voici la réponse.\n\n-- \nLéa Martin, Support {s}\n03 88 00 00 00"),
    "in the HTML part alone": _in_html_alone,
    "unseen in HTML": lambda s: (
        "text/html; charset=utf-8",
        f"<p>Voici la réponse.</p><!-- {s} --><style>{s}</style><img alt='{s}' src='cid:x'>",
    ),
    "in a mail enclosed": _in_a_file,
}


def mails(address: str) -> Iterator[tuple[str, bytes]]:
    """Each line in each place, as the agent's answer to a ticket of hers; with its name."""
    for place, written in PLACES.items():
        for n, line in enumerate(LINES):
            kind, text = written(line)
            raw = letter(LEA, text, subject=f"Re: Export {n}", to=address, name=f"i{abs(hash(place))}-{n}")
            yield f"{place}: {line}", raw.replace(b"text/plain; charset=utf-8", kind.encode(), 1)


async def inert_words(folder: Path, most: int = 10_000) -> tuple[dict[str, int], list[str]]:
    """At most so many of these mails through the real intake: how many, and which of them executed something."""
    road, executed, tried = this_desk(folder), [], 0
    await road.receive(letter(ALICE, "Bonjour", subject="Export"))
    notice = await road.last(LEA)
    address = str(notice["Reply-To"]).rpartition("<")[2].rstrip(">")
    every = list(mails(address))
    for name, raw in islice(every, 0, None, max(1, len(every) // most)):
        state = "pending" if "#pending" not in name and "#attente" not in name else "open"
        await road.receive(letter(LEA, f"#{state}", to=address, name=f"s{tried}", subject=f"Re: {tried}"))
        road.clock.set(road.clock.now() + timedelta(minutes=40))
        before = await road.database.read(internal), _kept(await road.ticket())
        await road.receive(raw)
        road.clock.set(road.clock.now() + timedelta(minutes=40))
        tried += 1
        assert read(raw).sender is not None
        if (await road.database.read(internal), _kept(await road.ticket())) != before:
            executed.append(name)
    await road.database.close()
    return {"mails": tried, "executed": len(executed)}, executed


def _kept(ticket: Ticket) -> tuple[object, ...]:
    return tuple(getattr(ticket, f.name) for f in fields(ticket) if f.name not in _ANSWERED)


def internal(session: Session) -> tuple[int, ...]:
    """Tickets, blocks, and entries that no answer makes."""
    rows = session.connection()
    told = select(func.count()).where(MESSAGE.c.visibility != Visibility.PUBLIC)
    blocks = select(func.count()).select_from(metadata.tables["block"])
    return tuple(int(rows.scalar(q) or 0) for q in (select(func.count()).select_from(TICKET), told, blocks))
