"""What happens on the road, so that each of its awaits is passed? Scenes: mails, and servers in many moods.

In each the ledger must be exact. A mail that is none of the ledger's (a stranger's) may be refused, lost or discarded:
it is there for the road that such mails take.
"""

import itertools
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faults.desk import letter, rules
from faults.fork_server import ForkServer
from faults.ledger import Ledger
from faults.life import Order
from faults.mailbox_server import ALL, MailboxServer
from faults.relay import Relay, Reply
from integration.smtp_servers import self_signed

BARE = "IMAP4rev1"
ANY = ("RuntimeError", "Temporary", "CancelledError")
PIECES = 4_300_000  # octets of a mail that is fetched in pieces
LARGE = 300_000  # octets of a mail that goes to a file


@dataclass
class Ground:
    """What a scene is played on, life after life."""

    folder: Path
    box: MailboxServer
    relay: Relay
    ledger: Ledger
    forks: ForkServer
    order: Order = field(default_factory=lambda: Order({}, hurry=0.05))
    in_data: Counter[str] = field(default_factory=Counter)  # mails whose bytes may have left when a life ended
    lives: int = 0
    unanswered: int = 0  # dots to which the relay gave no answer: each is a copy more
    strangers: list[bytes] = field(default_factory=list)

    def come(self, *sizes: int, **more: Any) -> list[int]:
        """Mails of the ledger; their UIDs."""
        return [self.box.deliver(self.ledger.new(size, **more)) for size in sizes]

    def stranger(self, size: int = 0, **more: Any) -> int:
        """A mail that the ledger knows nothing of; its UID."""
        raw = letter(f"s{self.lives}x{len(self.strangers)}", size=size, subject="Inconnu", **more)
        self.strangers.append(raw)
        return self.box.deliver(raw)

    async def killed(self, point: str) -> None:
        """A life that ends there."""
        await self.forks.life(Order(self.order.rules, crash=point, ahead=self.order.ahead))
        self.in_data.update(self.ledger.in_data())


Before = Callable[[Ground], Awaitable[None]]


@dataclass
class Scene:
    """`begin`, once, sets the servers' moods; `before` each life something comes."""

    name: str
    before: Before
    capabilities: str = ALL
    faults: tuple[str, ...] = ("RuntimeError",)
    begin: Callable[[Ground], None] = lambda ground: None
    rules: Callable[[Ground], dict[str, Any]] = lambda ground: {}

    def set_up(self, ground: Ground) -> None:
        """Rules and servers."""
        self.begin(ground)
        ground.order.rules = rules(ground.folder, ground.box.port, ground.relay.port) | self.rules(ground)
        ground.order.report = str(ground.folder / "steps.json")


async def two_mails(ground: Ground) -> None:
    """One of them in a file now and then."""
    ground.come(0, LARGE if ground.lives % 5 == 0 else 0)


async def in_pieces(ground: Ground) -> None:
    """A mail too large for one literal; its announced size is wrong every second time."""
    ground.box.size_lies = 7 if ground.lives % 2 else 0
    ground.come(PIECES)


async def cut_when_fetched(ground: Ground) -> None:
    """The connection is lost twice when a mail is asked for, so that the mail is suspected."""
    ground.box.drops = 2 - ground.lives % 2
    ground.come(0)


async def new_uidvalidity(ground: Ground) -> None:
    """The folder was made anew."""
    ground.box.uidvalidity += 1
    ground.come(0)


async def kept_and_then_made_anew(ground: Ground) -> None:
    """A stranger's mail was kept when the folder was made anew: it comes a second time, under another name."""
    ground.stranger()
    await ground.killed("K10")
    ground.box.uidvalidity += 1
    ground.come(0)


async def forged(ground: Ground) -> None:
    """Mails that are held: a person lets one in, and discards the other."""
    ground.come(0, dmarc="fail")
    ground.stranger(dmarc="fail")


async def damaged(ground: Ground) -> None:
    """The files of two kept mails are cut short; the stranger's lies nowhere on the server any more."""
    ground.come(LARGE)
    uid = ground.stranger(LARGE)
    await ground.killed("K06")
    for name, uid_ in ground.ledger.rows("SELECT raw_file, uid FROM inbound WHERE disposition = 'kept'"):
        if name:
            file = ground.folder / "mails" / name
            file.write_bytes(file.read_bytes()[:1000])
        if uid_ == uid:
            ground.box.folders["INBOX"].pop(uid, None)


async def taken_by_somebody(ground: Ground) -> None:
    """Before a stranger's mail was filed somebody took it away; the one of the last life was put back, beside another
    that has no row."""
    ground.come(0)
    uid = ground.stranger()
    await ground.killed("K10")
    ground.box.folders["INBOX"].pop(uid, None)
    if len(ground.strangers) > 1:
        ground.box.deliver(ground.strangers[-2], "Processed")
        ground.box.deliver(letter(f"o{ground.lives}", subject="Ancien"), "Processed")


async def folder_forgotten(ground: Ground) -> None:
    """A folder is gone though it was just made."""
    ground.box.folders.pop("Processed", None)
    ground.box.forgets = 1
    ground.come(0)


async def moody_relay(ground: Ground) -> None:
    """It is busy, then it defers, refuses the stranger, and gives no answer to a dot."""
    ground.relay.busy = 2
    ground.come(0)
    for name in ("gone", "refused", "doubted"):
        ground.stranger(sender=f"{name}@client-a.example")


class Moods:
    """A relay's answers: the first recipient of a life waits, strangers are refused; some dots are unanswered, and some
    refused once in words that may be meant for any mail, so that it is tried again."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._dots = itertools.count(1)
        self._life = -1
        self._refused: set[str] = set()

    def __call__(self, at: str, name: str) -> Reply:
        if at == "rcpt":
            if self._life != self._ground.lives:
                self._life = self._ground.lives
                return b"451 later\r\n"
            words = {"gone": b"550 5.1.1 unknown\r\n", "doubted": b"554 5.7.1 rejected\r\n", "refused": b"550 no\r\n"}
            return words.get(name.partition("@")[0], b"250 ok\r\n")
        if at == "dot":
            number = next(self._dots)
            if number % 10 == 0:
                self._ground.unanswered += 1
                return None
            if number % 3 == 0 and name not in self._refused:
                self._refused.add(name)
                return b"554 5.7.1 rejected\r\n"
        return b"250 ok\r\n"


def in_moods(ground: Ground) -> None:
    ground.relay._at = Moods(ground)


def with_tls(ground: Ground) -> None:
    _, ground.box.tls = self_signed(ground.folder)
    ground.relay.tls = ground.box.tls


def tls_rules(ground: Ground) -> dict[str, Any]:
    said = rules(ground.folder, ground.box.port, ground.relay.port)
    safe = {"tls": "starttls", "ca": str(ground.folder / "certificate.pem")}
    secret = {"user": "support", "password": {"file": str(ground.folder / "secret")}}
    mailbox = said["mailboxes"]["support"]
    imap = mailbox["imap"] | safe
    return {"mailboxes": {"support": mailbox | {"imap": imap}}, "smtp": said["smtp"] | safe | secret}


def since_november(ground: Ground) -> dict[str, Any]:
    mailbox = rules(ground.folder, ground.box.port, ground.relay.port)["mailboxes"]["support"]
    return {"mailboxes": {"support": mailbox | {"from": "2026-11-01"}}}


def on_trial(ground: Ground) -> dict[str, Any]:
    smtp = rules(ground.folder, ground.box.port, ground.relay.port)["smtp"]
    addresses = ["alice@client-a.example", "lea@isybuy.example", "admin@isybuy.example"]
    return {"smtp": smtp | {"send_only_to": addresses}}


async def with_a_customer_who_is_not_on_trial(ground: Ground) -> None:
    ground.come(0)
    ground.stranger(sender="bruno@client-b.example")


def ordered(**more: Any) -> Callable[[Ground], None]:
    """Every life has these orders."""

    def begin(ground: Ground) -> None:
        for name, value in more.items():
            setattr(ground.order, name, value)

    return begin


def old_relay(ground: Ground) -> None:
    ground.relay.is_old = True


def tells_places(ground: Ground) -> None:
    ground.box.tells_places = True


async def one_large(ground: Ground) -> None:
    ground.come(LARGE)


SCENES = (
    Scene("mails come", two_mails, faults=ANY),
    Scene("without MOVE", two_mails, "IMAP4rev1 IDLE UIDPLUS"),
    Scene("without UIDPLUS and IDLE", two_mails, BARE),
    Scene("places are told", two_mails, begin=tells_places),
    Scene("a mail in pieces", in_pieces, faults=("RuntimeError", "Temporary")),
    Scene("cut when fetched", cut_when_fetched, faults=("RuntimeError", "Temporary")),
    Scene("STARTTLS and logins", two_mails, begin=with_tls, rules=tls_rules),
    Scene("an old relay", two_mails, begin=old_relay),
    Scene("a new UIDVALIDITY", new_uidvalidity, rules=since_november),
    Scene("kept, then made anew", kept_and_then_made_anew),
    Scene("held, let in, discarded", forged, begin=ordered(lets_in=True)),
    Scene("damaged files", damaged),
    Scene("taken by somebody, read again", taken_by_somebody, begin=ordered(rescans=True)),
    Scene("taken by somebody, places are not told", taken_by_somebody, BARE, begin=ordered(rescans=True)),
    Scene("a folder is forgotten", folder_forgotten),
    Scene("a moody relay", moody_relay, begin=in_moods, faults=("RuntimeError", "Temporary")),
    Scene("on trial", with_a_customer_who_is_not_on_trial, rules=on_trial),
    Scene("an orderly end", two_mails, begin=ordered(stops=True), faults=("RuntimeError", "CancelledError")),
    Scene("read in another process", one_large, begin=ordered(reads_apart=True)),
)


def chance_of(scene: Scene) -> random.Random:
    """The same choices in each run."""
    return random.Random(scene.name)
