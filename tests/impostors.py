"""Mails that claim to be somebody's: what a forger can write, by the hundred, and what the desk makes of each.

`PYTHONPATH=tests python -m impostors` prints how many were believed (reliability.md S15, S16, S17, H15, H17).
"""

import asyncio
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import cycle, islice, product
from typing import Any

from desk_values import mail, settings

from maild.cli.inside import run_inside
from maild.judgement import Proof
from maild.mail import Address, address_key, domain_of
from maild.reading import read
from maild.settings import Settings
from maild.simulate.in_memory import InMemoryWorld
from maild.threading.look_alike import look_alike_of
from maild.threading.look_alike_letters import LOOKS_LIKE
from maild.threading.proof import proof_of

OWN, LEA, DESK = "mx.isybuy.example", "lea@isybuy.example", "support@isybuy.example"
DATE = "Mon, 23 Nov 2026 09:00:00 +0100"


@dataclass(frozen=True)
class Host:
    """A mailbox's server: what the admin writes under `trust`, and what it puts on top of a mail of an unproved sender.

    `id`: the authserv-id of its own results.
    """

    name: str
    trust: dict[str, Any]
    id: str
    top: Sequence[str]

    def settings(self) -> Settings:
        return settings(mailboxes={"support": {"address": DESK, "trust": self.trust}})


def _received(origin: str, by: str) -> str:
    return f"Received: from {origin} by {by} with ESMTPS id 1; {DATE}"


EVE = "mail.evil.example (mail.evil.example [203.0.113.66])"
HOSTS = (
    Host(
        "own server, results on top",
        {"authserv_id": OWN},
        OWN,
        (f"Authentication-Results: {OWN}; dmarc=fail header.from=isybuy.example", _received(EVE, OWN)),
    ),
    Host("own server that wrote nothing", {"authserv_id": OWN}, OWN, (_received(EVE, OWN),)),
    Host(
        "own server, results below its line",
        {"authserv_id": OWN, "internal": [OWN, "store.isybuy.example"]},
        OWN,
        (
            _received("mx.isybuy.example (unknown [10.0.0.2])", "store.isybuy.example"),
            _received(EVE, OWN),
            f"Authentication-Results: {OWN}; dmarc=none header.from=isybuy.example",
        ),
    ),
    Host(
        "many servers of one host, private addresses between",
        {"authserv_id": ".mail.ovh.net", "internal": ["private", ".mail.ovh.net"]},
        "in68.mail.ovh.net",
        (
            "Received: from localhost (HELO queue) (127.0.0.1) by localhost with SMTP; " + DATE,
            "Received: from unknown (HELO output23.mail.ovh.net) (10.110.115.143) by mail708.mail.ovh.net; " + DATE,
            _received("vr37.mail.ovh.net (unknown [10.101.8.37])", "out23.mail.ovh.net"),
            _received(EVE, "in68.mail.ovh.net"),
            "Authentication-Results: in68.mail.ovh.net; dkim=none; dkim-atps=neutral",
        ),
    ),
    Host(
        "many servers of one host, which take away what bears their own name and write nothing",
        {"authserv_id": ".mail.ovh.net", "internal": ["private", ".mail.ovh.net"]},
        "in12.mail.ovh.net",
        (
            "Received: from localhost (HELO queue) (127.0.0.1) by localhost with SMTP; " + DATE,
            _received(EVE, "in68.mail.ovh.net"),
        ),
    ),
    Host(
        "Google",
        {"provider": "google"},
        "mx.google.com",
        (
            "Delivered-To: " + DESK,
            f"Received: by 2002:a05:7110:a0a6:b0:11b:be8b:591e with SMTP id o6csp4217866gee; {DATE}",
            f"X-Received: by 2002:a05:6638:38a0:: with SMTP id b32mr1050456jav.200; {DATE}",
            "Return-Path: <eve@evil.example>",
            f"Received: from {EVE} by mx.google.com with ESMTPS id i11sor5238056ilu.143; {DATE}",
            "Received-SPF: pass (google.com: domain of eve@evil.example) client-ip=203.0.113.66;",
            "Authentication-Results: mx.google.com; spf=pass smtp.mailfrom=eve@evil.example;"
            " dmarc=fail (p=NONE sp=NONE dis=NONE) header.from=isybuy.example",
        ),
    ),
    Host(
        "Microsoft",
        {"provider": "microsoft"},
        "isybuy.example",
        (
            "Received: from AM0P192MB0381.EURP192.PROD.OUTLOOK.COM (2603:10a6::16)"
            f" by PR3P192MB0382.EURP192.PROD.OUTLOOK.COM with HTTPS; {DATE}",
            "Received: from AM7EUR06FT012.eop-eur06.prod.protection.outlook.com (2603:10a6:20b::c)"
            f" by AM0PR01CA0123.outlook.office365.com.mail.prod.outlook.com with Microsoft SMTP Server; {DATE}",
            "Authentication-Results: spf=fail (sender IP is 203.0.113.66) smtp.mailfrom=isybuy.example; dkim=none"
            " (message not signed) header.d=none;dmarc=fail action=none header.from=isybuy.example;compauth=fail"
            " reason=001",
            f"Received: from {EVE} by AM7EUR06FT012.mail.protection.outlook.com (10.233.255.1)"
            f" with Microsoft SMTP Server id 15.20.1 via Frontend Transport; {DATE}",
        ),
    ),
)

# How a forger spells results: {id} is the server's own id, {ID} the same in capitals.
_SPELLINGS = (
    "Authentication-Results: {id}; {pass}",
    "authentication-results: {ID}; {pass}",
    "AUTHENTICATION-RESULTS:{id};{pass}",
    "Authentication-Results: {id} 1; {pass}",
    "Authentication-Results: {id}.; {pass}",
    "Authentication-Results:\r\n {id};\r\n\t{pass}",
    "Authentication-Results: (we) {id} (really (yes)); {pass}",
    "Authentication-Results: {id}; none; {pass}",
    'Authentication-Results: "{id}"; {pass}',
    "Authentication-Results: {id}; spf=pass (sender IP is 10.0.0.1) smtp.mailfrom=isybuy.example; {pass}",
    "Authentication-Results: spf=pass (sender IP is 10.0.0.1) smtp.mailfrom=isybuy.example; {pass};compauth=pass",
    "Authentication-Results: {id}; auth=pass smtp.auth=lea@isybuy.example",
    "ARC-Authentication-Results: i=1; {id}; {pass}",
    "X-Original-Authentication-Results: {id}; {pass}",
    "Authentication-Results-Original: {id}; {pass}",
    "Authentication-Results : {id}; {pass}",
    "Authentication-Results: =?utf-8?q?{id}=3B_{pass}?=",
)
_PASSES = (
    "dmarc=pass header.from=isybuy.example",
    "dkim=pass header.d=isybuy.example",
    "spf=pass smtp.mailfrom=lea@isybuy.example",
    "arc=pass (i=1); dmarc=pass header.from=isybuy.example",
)
# What stands before it and after it: once, twice, behind lines that pretend to be of the server.
_FRAMES: tuple[Callable[[str, Host], list[str]], ...] = (
    lambda header, host: [header],
    lambda header, host: [header, header],
    lambda header, host: [_received("localhost (localhost [127.0.0.1])", host.id), header],
    lambda header, host: [header, _received("mail.isybuy.example ([10.0.0.9])", OWN)],
    lambda header, host: [*host.top[:1], header],
    lambda header, host: [
        f"Received: by 2002:a05:7110:: with SMTP id x; {DATE}",
        _received("x (x [10.1.1.1])", "mx.google.com"),
        header,
    ],
    lambda header, host: [
        f"Received: from lea ([10.0.0.7]) (Authenticated sender: {LEA}) by smtp.isybuy.example with ESMTPSA; {DATE}",
        "X-MS-Exchange-Organization-AuthAs: Internal",
        header,
    ],
)


def forged_results() -> Iterator[tuple[str, Host, bytes]]:
    """S16: every host, spelling and frame; a mail in Léa's name with a proof that Eve wrote."""
    for host, spelling, passed, (i, frame) in product(HOSTS, _SPELLINGS, _PASSES, enumerate(_FRAMES)):
        header = spelling.replace("{id}", host.id).replace("{ID}", host.id.upper()).replace("{pass}", passed)
        head = [*host.top, *frame(header, host), f"From: {LEA}", f"To: {DESK}", "Subject: #resolve", f"Date: {DATE}"]
        yield f"{host.name}, {header}, frame {i}", host, ("\r\n".join(head) + "\r\n\r\nBonjour\r\n").encode()


def believed_forgeries(share: int = 1) -> tuple[int, list[str]]:
    """How many were tried, each `share`-th, and which were taken for proved."""
    tried = list(islice(forged_results(), 0, None, share))
    boxes = {host.name: host.settings().mailboxes["support"] for host in HOSTS}
    return len(tried), [w for w, host, raw in tried if proof_of(read(raw), boxes[host.name]) is Proof.PASS]


def _spelled(domain: str) -> Iterator[str]:
    """The same domain in other words: IDNA, case, dot at the end, decomposed letters."""
    whole = {domain, domain_of(f"x@{domain}"), unicodedata.normalize("NFD", domain)}
    for form in sorted(whole):
        for cased in (form, form.upper() if "ß" not in form else form, form.title() if "ß" not in form else form):
            yield cased
            yield cased + "."


# (From, what the server proved, whether that vouches for it)
PAIRS = (
    ("client-a.example", "client-a.example", True),
    ("bücher.example", "bücher.example", True),
    ("straße.example", "straße.example", True),
    ("straße.example", "strasse.example", False),
    ("factures.client-a.example", "client-a.example", True),
    ("client-a.example", "mail.client-a.example", False),
    ("client-a.example", "client-b.example", False),
    ("client-a.co.uk", "co.uk", False),
    ("client-a.co.uk", "client-a.co.uk", True),
    ("mail.client-a.co.uk", "client-a.co.uk", True),
    ("client-a.asso.fr", "asso.fr", False),
    ("client-a.github.io", "github.io", False),
    ("client-a.com", "com", False),
    ("client-a.公司.cn", "公司.cn", False),
)


def spelled_domains() -> Iterator[tuple[str, str, bool]]:
    """S17: (From's domain, the proved one, whether it vouches), each pair in every spelling of both."""
    for sender, proved, vouches in PAIRS:
        for one, other in product(dict.fromkeys(_spelled(sender)), dict.fromkeys(_spelled(proved))):
            yield one, other, vouches


def misjudged_spellings(share: int = 1) -> tuple[int, list[str]]:
    """How many, and which came to another verdict than their pair."""
    tried = list(islice(spelled_domains(), 0, None, share))
    box = settings().mailboxes["support"]
    wrong = []
    for sender, proved, vouches in tried:
        header = ("Authentication-Results", f"{OWN}; dkim=pass header.d={proved}")
        got = proof_of(mail(f"a@{sender}", headers=(header,)), box)
        if got is not (Proof.PASS if vouches else Proof.NONE):
            wrong.append(f"From {sender}, proved {proved}: {got}")
    return len(tried), wrong


@cache
def _alike() -> dict[str, list[str]]:
    """For each plain letter, what looks like it: Unicode's list, and every character that decomposes to it."""
    found: dict[str, list[str]] = {plain: list(others) for plain, others in LOOKS_LIKE.items()}
    for point in range(0x80, sys.maxunicode + 1):
        plain = unicodedata.normalize("NFKD", chr(point)).lower()
        base = "".join(c for c in plain if not unicodedata.combining(c))
        if len(base) == 1 and base.isascii() and base.isalnum():
            found.setdefault(base, []).append(chr(point))
    found["l"] = [*found["l"], "1", "i"]
    found["o"] = [*found["o"], "0"]
    found["m"] = [*found["m"], "rn"]
    return found


def look_alikes(most: int = 5_000) -> Iterator[str]:
    """H15: addresses that look like an agent's or like one of ours, written as they are or in punycode."""
    alike = _alike()
    forms: dict[str, None] = {}
    for address in ("lea@isybuy.example", "marc@isybuy.example", DESK):
        at = address.index("@")
        for i, letter in enumerate(address):
            for other in alike.get(letter, ()):
                forms[address[:i] + other + address[i + 1 :]] = None
                if i > at and letter != "." and not other.isascii():
                    label = (address[at + 1 : i] + other + address[i + 1 :]).partition(".")[0]
                    forms[f"{address[:at]}@xn--{label.lower().encode('punycode').decode()}.example"] = None
        letters = {i: cycle(alike[c]) for i, c in enumerate(address) if alike.get(c) and c.isalpha()}
        for i, j in islice(product(letters, letters), 900):  # two letters at once
            if i < j:
                one, two = next(letters[i]), next(letters[j])
                forms[address[:i] + one + address[i + 1 : j] + two + address[j + 1 :]] = None
    return islice((form for form in forms if address_key(form) not in OURS), most)


OURS = frozenset({"lea@isybuy.example", "marc@isybuy.example", DESK})


def unflagged_look_alikes(share: int = 1) -> tuple[int, int, list[str]]:
    """How many, how many of them the desk takes for an agent or for itself, and which it does not warn of."""
    desk = settings()
    tried = list(islice(look_alikes(), 0, None, share))
    taken = sum(Address(a).key in desk.agents or desk.mailbox_of(a) is not None for a in tried)
    return len(tried), taken, [a for a in tried if not look_alike_of(a, desk)]


_FROMS = (
    "From: {a}\r\nFrom: {b}",
    "From: {b}\r\nfrom: {a}",
    "From: {a}, {b}",
    "From: {b}, {a}",
    "From: Équipe: {a}, {b};",
    "From: undisclosed: {a};",
    "From: {a})b@evil.example",
    'From: "{a}" <{b}>',
    "From: {a} <{b}>",
    "From: <{a}> <{b}>",
    "From: {b} ({a})",
    "From: =?utf-8?q?{a}?= <{b}>",
    'From: "{a}\r\n <{a}>" <{b}>',
    "From: {a}\\ <{b}>",
    "From: <{b}>{a}",
    "From:",
    "X: y",
    "From: {a}\0{b}",
    "From: <@evil.example:{b}>",
    "From: {a}@evil.example",
    "From: ,,{a},,{b}",
    "Sender: {a}\r\nFrom: {b}",
    "Resent-From: {a}\r\nFrom: {b}",
    "From: {b}\r\nReply-To: {a}",
    "From : {b}\r\nX-From: {a}",
)


def odd_froms() -> Iterator[bytes]:
    """H17: From fields made to be read as a known person's by one program and as Eve's by another."""
    known = ("lea@isybuy.example", "marc@isybuy.example", "alice@client-a.example", "ALICE@client-a.example")
    for form, a, b in product(_FROMS, known, ("eve@evil.example", "lea@isybuy.example.evil.example", "x@y")):
        head = form.replace("{a}", a).replace("{b}", b)
        yield f"{head}\r\nTo: {DESK}\r\nSubject: Bonjour\r\nDate: {DATE}\r\n\r\nBonjour\r\n".encode()


def accepted_odd_froms() -> tuple[int, list[str]]:
    """How many, and which were read as a known person's."""
    desk = settings()
    tried = list(odd_froms())
    wrong = [raw for raw in tried if (who := read(raw).sender) is not None and desk.person(who.address) is not None]
    return len(tried), [raw.decode().partition("\r\nTo:")[0] for raw in wrong]


async def answers_elsewhere(mails: int) -> tuple[int, int, int]:
    """S15: mails of Alice that ask for answers at Eve's: (mails, mails of ours to Alice, to Eve)."""
    world = InMemoryWorld(settings(), datetime(2026, 11, 23, 9, tzinfo=UTC), run_inside)
    try:
        for i in range(mails):
            passed = f"Authentication-Results: {OWN}; dmarc=pass header.from=client-a.example"
            head = [passed, "From: Alice <alice@client-a.example>", f"Reply-To: eve{i}@evil.example", f"To: {DESK}"]
            head += [f"Subject: Question {i}", f"Message-ID: <{i}@client-a.example>", f"Date: {DATE}"]
            words = f"Bonjour, {'abcdefghij'[i % 10]}{'klmnopqrst'[i // 10 % 10]} ?"  # the same again is a machine's
            await world.receive(("\r\n".join(head) + f"\r\n\r\n{words}\r\n").encode(), "support")
        sent = await world.sent()
    finally:
        await world.close()
    alices = sum(m.to == "alice@client-a.example" for m in sent)
    return mails, alices, sum(m.to.endswith("@evil.example") for m in sent)


def main() -> None:
    """All of them, counted."""
    mails, alices, eves = asyncio.run(answers_elsewhere(200))
    print(f"S15  answers to a Reply-To of another   {eves} of {mails} mails ({alices} to the participant on record)")
    tried, believed = believed_forgeries()
    print(f"S16  forged results believed            {len(believed)} of {tried}")
    tried, wrong = misjudged_spellings()
    print(f"S17  spellings of domains misjudged     {len(wrong)} of {tried}")
    tried, taken, silent = unflagged_look_alikes()
    print(f"H15  look-alikes taken for ours         {taken} of {tried}, not warned of: {len(silent)}")
    tried, odd = accepted_odd_froms()
    print(f"H17  odd From fields of known senders   {len(odd)} of {tried}")
    for line in [*believed, *wrong, *silent, *odd][:20]:
        print("     ", ascii(line))


if __name__ == "__main__":
    main()
