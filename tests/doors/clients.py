"""The ways in which mail clients answer a mail of ours (reliability S14): which come into the ticket, in either mode?

The clients are those of tests/fixtures/replies.yaml, in their own bytes: what they answer is put in their place by a
real mail of ours, with its Reply-To, its Message-ID and its Subject. The habits are what clients, gateways and people
do to what a reply bears; the handlers, what becomes of a link on its way into a new mail.
"""

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html import unescape
from itertools import islice
from pathlib import Path
from random import Random
from urllib.parse import unquote, unquote_plus

from loops.desks import this_desk
from loops.floods import words
from road import ALICE, LEA, Road, letter
from ruamel.yaml import YAML

from maild.mail import Address
from maild.simulate.carriers import without_plus, without_references
from maild.simulate.language import Mail, Way
from maild.simulate.look import Seen, look
from maild.simulate.mime import Draft, write
from maild.simulate.mua import click

FIXTURES = Path(__file__).parents[1] / "fixtures"
DESK = "support@isybuy.example"
MOST_SHOWN = 10
# How the programs that translate it write `Re:`, by the language in a fixture's name.
_PREFIX = {
    "de": "AW: ",
    "fr": "RE : ",
    "it": "R: ",
    "sv": "SV: ",
    "pl": "Odp: ",
    "pt": "RES: ",
    "zh": "回复: ",
    "nl": "Antw: ",
    "tr": "YNT: ",
    "es": "RE: ",
}
_TRANSLATE = ("outlook", "hotmail", "notes", "gmx", "netease", "qq", "orange", "roundcube_fr", "zimbra")


@dataclass(frozen=True)
class Answer:
    """What a reply bears, before a habit changes it."""

    to: str
    subject: str
    in_reply_to: str
    references: tuple[str, ...]
    quote: str
    head: str = ""


def _bare(a: Answer) -> Answer:
    return replace(a, to=without_plus(a.to), subject="Re: facture", in_reply_to="", references=(), quote="")


Habit = Callable[[Answer], Answer]
HABITS: dict[str, Habit] = {
    "nothing changed": lambda a: a,
    "the address book's address": lambda a: replace(a, to=DESK),
    "address book, no quote": lambda a: replace(a, to=DESK, quote=""),
    "address book, Subject retyped": lambda a: replace(a, to=DESK, subject="Re: facture"),
    "In-Reply-To lost": lambda a: replace(a, in_reply_to=""),
    "References lost": lambda a: replace(a, references=()),
    "both headers lost": lambda a: replace(a, in_reply_to="", references=()),
    "another server's Message-ID in both": lambda a: replace(
        a, in_reply_to="DB7PR01@eurprd01.example", references=("DB7PR01@eurprd01.example",)
    ),
    "the Subject's reference removed": lambda a: replace(a, subject=without_references(a.subject)),
    "the Subject empty": lambda a: replace(a, subject=""),
    "only the address": lambda a: replace(_bare(a), to=a.to),
    "only In-Reply-To": lambda a: replace(_bare(a), in_reply_to=a.in_reply_to),
    "only References": lambda a: replace(_bare(a), references=a.references),
    "only the Subject": lambda a: replace(_bare(a), subject=a.subject),
    "only the quote": lambda a: replace(_bare(a), quote=a.quote),
    "References cut to the oldest and newest": lambda a: replace(
        _bare(a), references=("m1@client-a.example", *a.references[-1:])
    ),
    "200 References before ours": lambda a: replace(
        _bare(a), references=(*(f"m{n}@client-a.example" for n in range(200)), *a.references)
    ),
    "address in capitals": lambda a: replace(_bare(a), to=a.to.upper()),
    "address in Delivered-To alone": lambda a: replace(_bare(a), to=DESK, head=f"Delivered-To: {a.to}"),
    "address in Cc": lambda a: replace(_bare(a), to="marc@client-a.example", head=f"Cc: {a.to}"),
    "answered to all, with others": lambda a: replace(a, to=f"marc@client-a.example, {a.to}"),
    "Message-ID in lower case": lambda a: replace(_bare(a), in_reply_to=a.in_reply_to.lower()),
    "Message-ID in capitals": lambda a: replace(_bare(a), in_reply_to=a.in_reply_to.upper()),
    "Subject in an encoded word": lambda a: replace(
        _bare(a), subject=f"=?utf-8?B?{b64encode(a.subject.encode()).decode()}?="
    ),
    "Subject cut after 78 letters": lambda a: replace(_bare(a), subject=a.subject[:78]),
    "Subject cut after 40 letters": lambda a: replace(_bare(a), subject=a.subject[:40]),
    "a new mail to the same address": lambda a: replace(_bare(a), to=a.to, subject="Encore la facture"),
    "an address that was typed off the screen": lambda a: replace(
        _bare(a), to=a.to.replace("0", "o").replace("1", "l")
    ),
    "nothing kept": _bare,
}
KEPT_NOTHING = frozenset({"nothing kept", "Subject cut after 40 letters"})

Handler = Callable[[str], Draft]


def _open(url: str) -> Draft:
    return click(Mail("m", Way.ANSWERS, text="Oui, merci."), Address(ALICE, "Alice Durand"), url)


def _to(change: Callable[[str], str]) -> Handler:
    def opened(url: str) -> Draft:
        draft = _open(url)
        return replace(draft, to=tuple(Address(change(a.address)) for a in draft.to))

    return opened


HANDLERS: dict[str, Handler] = {
    "as RFC 6068 says": _open,
    "percent-decoded twice": lambda url: _open(unquote(url)),
    "percent-encoded twice": lambda url: _open(url.replace("+", "%2B")),
    "the Subject lost": lambda url: replace(_open(url), subject=""),
    "the body lost": lambda url: replace(_open(url), text="Oui, merci."),
    "Subject and body lost": lambda url: replace(_open(url), subject="", text="Oui, merci."),
    "the Subject typed anew": lambda url: replace(_open(url), subject="Export de la facture"),
    "as HTML": lambda url: replace(_open(url), text=None, html="<p>Oui, merci.</p>"),
    "the address in capitals": _to(str.upper),
    "a capital first letter": _to(str.capitalize),
    "0 and 1 typed as o and l": _to(lambda a: a.replace("0", "o").replace("1", "l") if "+" in a else a),
    "a name before the address": lambda url: replace(
        _open(url), to=tuple(Address(a.address, "Support iSYBUY") for a in _open(url).to)
    ),
    "somebody in Cc": lambda url: replace(_open(url), cc=(Address("marc@client-a.example"),)),
    "the address in Bcc": lambda url: replace(
        _open(url), to=(Address("marc@client-a.example"),), headers=(("Delivered-To", _open(url).to[0].address),)
    ),
    "within the thread of our mail": lambda url: replace(_open(url), in_reply_to="x@isybuy.example"),
    "scheme in capitals": lambda url: _open(url.replace("mailto:", "MAILTO:", 1)),
    "the plus kept encoded": _to(lambda a: a.replace("+", "%2B")),
    "the plus read as a blank": lambda url: _open(unquote_plus(url)),
    "the tag dropped": _to(without_plus),
}
# Nothing is left in the address that a link has written; a server hands on the first two only where it takes all.
TAG_LOST = frozenset({"the plus kept encoded", "the plus read as a blank", "the tag dropped"})


@dataclass
class Threaded:
    """How many came into their ticket; of the others, what became of each."""

    tried: int = 0
    into: int = 0
    others: dict[str, str] = field(default_factory=dict)
    unheard: int = 0  # of the others: neither held nor opened as a request

    @property
    def share(self) -> float:
        return self.into / self.tried if self.tried else 0.0

    def __str__(self) -> str:
        others = self.others if len(self.others) <= MOST_SHOWN else dict(Counter(self.others.values()))
        return f"{self.into} of {self.tried} ({self.share:.1%}), unheard {self.unheard}, others {others}"


def clients() -> list[str]:
    """The clients' replies, by the names of their files."""
    names = YAML(typ="safe").load((FIXTURES / "replies.yaml").read_text(encoding="utf-8"))
    return sorted(name for name in names if name.startswith("client_"))


def from_client(name: str, ours: Seen, at: int) -> bytes:
    """That client's own bytes, as an answer to our mail."""
    raw = (FIXTURES / "eml" / f"{name}.eml").read_bytes().replace(b"\r\n", b"\n")
    head, _, body = raw.partition(b"\n\n")
    fields = re.split(rb"\n(?![ \t])", head)
    mine = re.compile(rb"(?i)(from|to|subject|in-reply-to|references|message-id|return-path|received|reply-to):")
    kept = [f for f in fields if not mine.match(f)]
    words = name.split("_")
    prefix = next((_PREFIX[w] for w in words if w in _PREFIX and any(t in name for t in _TRANSLATE)), "Re: ")
    answer = _answer(ours)
    subject = f"{prefix}{ours.subject}"
    new = [
        f"From: Alice Durand <{ALICE}>",
        f"To: {ours.sender.name} <{answer.to}>",
        "Subject: " + (subject if subject.isascii() else f"=?utf-8?B?{b64encode(subject.encode()).decode()}?="),
        f"In-Reply-To: <{answer.in_reply_to}>",
        "References: " + "\n ".join(f"<{r}>" for r in answer.references),
        f"Message-ID: <{at}.{name}@client-a.example>",
    ]
    proof = "Authentication-Results: mx.isybuy.example; dmarc=pass header.from=client-a.example"
    whole = b"\n".join([proof.encode(), *(line.encode() for line in new), *kept, b"", body])
    return whole.replace(b"\n", b"\r\n")


def _answer(ours: Seen) -> Answer:
    to = (ours.reply_to or (ours.sender,))[0].address
    quote = "\n".join(f"> {line}" for line in ours.text.splitlines())
    return Answer(to, f"Re: {ours.subject}", ours.message_id, (*ours.references, ours.message_id), quote)


def _from_habit(name: str, ours: Seen, at: int, said: str) -> bytes:
    a = HABITS[name](_answer(ours))
    head = [a.head] if a.head else []
    head += [f"In-Reply-To: <{a.in_reply_to}>"] if a.in_reply_to else []
    head += ["References: " + "\n ".join(f"<{r}>" for r in a.references)] if a.references else []
    quote = f"\n\nLe lun. 23 nov. 2026 à 10:11, {DESK} a écrit :\n\n{a.quote}" if a.quote else ""
    return letter(ALICE, f"{said}.{quote}", subject=a.subject, to=a.to, head="\n".join(head), name=f"h{at}")


def _ways(ours: Seen, link: str, at: Road) -> Iterator[tuple[str, str, bytes]]:
    """Kind, name and bytes of each; none says what another has said."""
    chance = Random(14)
    for n, name in enumerate(clients()):
        yield "client", name.removeprefix("client_"), from_client(name, ours, n)
    for n, name in enumerate(HABITS):
        yield "habit", name, _from_habit(name, ours, n, words(chance, 6))
    for n, (name, handler) in enumerate(HANDLERS.items()):
        draft, said = handler(link), words(chance, 6)
        draft = (
            replace(draft, html=f"{draft.html}<p>{said}</p>")
            if draft.html
            else replace(draft, text=f"{draft.text}\n{said}")
        )
        raw = write(draft, f"l{n}@client-a.example", at.clock.now())
        proof = b"Authentication-Results: mx.isybuy.example; dmarc=pass header.from=client-a.example\r\n"
        yield "link", name, proof + raw


async def threaded(folder: Path, mode: str, every: int = 1) -> dict[str, Threaded]:
    """Each way (or one in so many) through the real intake, as an answer to the agent's words on one ticket: by kind
    (`client`, `habit`, `link`)."""
    site = {"name": "Support iSYBUY", "reference": "ISY", "key": {"env": "MAILD_KEY"}, "replies": mode}
    road, seen = this_desk(folder, site=site), {kind: Threaded() for kind in ("client", "habit", "link")}
    opened = await road.receive(letter(ALICE, "Bonjour", subject="Impossible d'exporter la facture"))
    notice = look((await road.last(LEA)).as_bytes())
    await road.receive(letter(LEA, "Quel est le numéro ?", subject=f"Re: {notice.subject}", to=_answer(notice).to))
    ours_raw = [m for m in await road.queued() if m.recipient == ALICE and m.template == "agent_reply"][-1].data
    ours = look(ours_raw)
    urls = [unescape(u) for u in re.findall(r'href="(mailto:[^"]+)"', ours.html)]
    link = next(u for u in urls if f"+{opened.ticket}-" in unquote(u))
    for kind, name, raw in islice(_ways(ours, link, road), 0, None, every):
        road.clock.set(road.clock.now() + timedelta(minutes=20))
        ending = await road.receive(raw)
        kinds = seen[kind]
        kinds.tried += 1
        if ending.ticket == opened.ticket and ending.disposition == "applied" and ending.verdict == "reply":
            kinds.into += 1
        else:
            kinds.others[name] = f"{ending.verdict}/{ending.reason}"
            is_heard = ending.disposition == "held" or ending.verdict in ("new_ticket", "follow_up")
            kinds.unheard += not is_heard
    await road.database.close()
    return seen
