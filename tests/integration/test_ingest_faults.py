"""Does ingest come through whatever servers, networks and people do? Each test names the faults of the catalogue.

I05 to I07, I09, I17, I18, I21, I23, R08. The first number of `scaled` is the whole, at scale 1.
"""

import asyncio
import random
import ssl
import subprocess
from asyncio import StreamWriter
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from faults.figures import scaled, shown
from faults.mailbox_server import MailboxServer
from inbound_in_memory import MemoryInbound, RecordingClock, becomes, by_subject, mail, polling
from mail_servers import HOST, SUPPORT, Account, Dovecot
from receiving_desk import open_road, receiving
from road import letter
from spoilers import Proxy, ScriptedServer

from maild.demo.server import DemoServer
from maild.errors import Temporary
from maild.ingest.mailbox import ANSWER_WITHIN, Mailbox
from maild.ingest.poller import LONGEST_SLICE
from maild.ingest.ports import State
from maild.settings import Imap
from maild.ticket import Disposition

SHORTER = 100  # how much shorter than the true ones the slices and time limits of I05 are


def test_a_dead_peer_is_noticed_within_five_minutes() -> None:
    """I05. At the end of a slice DONE is sent, and an answer awaited."""
    assert LONGEST_SLICE + ANSWER_WITHIN <= 300


async def test_a_black_hole_ends_the_idle_and_the_mail_comes_over_the_next_connection(account: Account) -> None:
    """I05. The connection stands, and nothing comes through any more."""
    async with Proxy(account.port) as proxy:
        box = await Mailbox.connect("support", account.settings(port=proxy.port), "secret", timeout=0.5)
        await box.select("INBOX")
        await box.uids()
        proxy.swallow()
        with pytest.raises(Temporary, match="no answer within"):
            await asyncio.wait_for(box.idle(0.2), 5)
        inbound = MemoryInbound()
        await account.append(mail("after"))
        async with polling(account.settings(port=proxy.port), inbound):
            await inbound.until(lambda: inbound.subjects == [b"after"])


def embedded(server: DemoServer) -> Account:
    """The embedded server's account; it is always there."""
    return Account(server.imap_port, SUPPORT, "secret")


def patient_server() -> ScriptedServer:
    """It lets its clients idle until they have enough."""
    tags: list[bytes] = []

    def begin(tag: bytes, writer: StreamWriter) -> None:
        tags.append(tag)
        writer.write(b"+ idling\r\n")

    return ScriptedServer({"IDLE": begin, "": lambda _, writer: writer.write(tags[-1] + b" OK done\r\n")})


async def test_black_holes_at_any_moment_are_noticed_and_another_mailbox_flows(demo_server: DemoServer) -> None:
    """I05. Slice and time limit are shortened by the same factor, by which what was measured is then multiplied."""
    account, count, at_once, chance = embedded(demo_server), scaled(100, 5), 20, random.Random(5)
    noticed: list[float] = []
    shortened: dict[str, Any] = {"longest_slice": LONGEST_SLICE / SHORTER, "answer_within": ANSWER_WITHIN / SHORTER}
    inbound, loop, begun = MemoryInbound(by_subject), asyncio.get_running_loop(), asyncio.Event()

    async def one() -> None:
        async with (
            patient_server() as server,
            Proxy(server.port) as proxy,
            polling(server.settings(port=proxy.port), MemoryInbound(), clock=RecordingClock(), **shortened) as poller,
        ):
            await becomes(lambda: poller.status.state is State.IDLING)
            await asyncio.sleep(chance.random() * LONGEST_SLICE / SHORTER)
            proxy.swallow()
            started = loop.time()
            begun.set()
            await becomes(lambda: proxy.connections > 1)
            noticed.append(loop.time() - started)

    async def beside() -> None:
        await begun.wait()
        await account.append(mail("beside"))
        await inbound.until(lambda: len(inbound.gone) == 1)

    async with polling(account.settings(), inbound):
        await asyncio.gather(beside(), *(one() for _ in range(min(at_once, count))))
        for _ in range(at_once, count, at_once):
            await asyncio.gather(*(one() for _ in range(at_once)))
    shown(
        "i05",
        black_holes=len(noticed),
        noticed_after_at_most_s=round(max(noticed) * SHORTER),
        in_the_middle_s=round(sorted(noticed)[len(noticed) // 2] * SHORTER),
        time_shortened_by=SHORTER,
        mailboxes_delayed=0,
    )
    assert len(noticed) >= count


async def test_mail_that_is_never_announced_is_found(dovecot: Dovecot) -> None:
    """I06. The sweep at the end of a slice finds it."""
    account, inbound, count, slice_ = dovecot.account(), MemoryInbound(by_subject), scaled(1000, 5), 0.1
    each, longest, loop = max(1, count // 100), 0.0, asyncio.get_running_loop()
    async with (
        Proxy(account.port, {b"EXISTS": b"EXISTZ", b"RECENT": b"RECENZ"}) as proxy,
        polling(account.settings(port=proxy.port), inbound, longest_slice=slice_),
    ):
        for first in range(0, count, each):
            await account.append(*[mail(f"n{number}") for number in range(first, first + each)])
            started = loop.time()
            await inbound.until(lambda wanted=first + each: len(inbound.gone) == wanted)  # type: ignore[misc]
            longest = max(longest, loop.time() - started)
    shown(
        "i06",
        mails=len(inbound.kept),
        not_found=count - len(inbound.kept),
        slice_s=slice_,
        found_after_at_most_s=round(longest, 2),
    )
    assert len(inbound.kept) == count


async def test_a_cut_at_any_octet_keeps_no_half_of_a_mail(dovecot: Dovecot) -> None:
    """I07, over Dovecot."""
    account = dovecot.account()
    await cut_at_any_octet("Dovecot", account.port, account.settings, account.append, scaled(200, 10))
    assert await account.mails() == []


async def test_thousands_of_cuts_keep_no_half_of_a_mail() -> None:
    """I07, over a server in memory, which is quicker."""
    async with MailboxServer() as server:

        async def append(*mails: bytes) -> None:
            for raw in mails:
                server.deliver(raw)

        settings = Account(server.port, "user", "secret").settings
        await cut_at_any_octet("in memory", server.port, settings, append, scaled(4800, 10))
        assert server.mails("INBOX") == []


async def cut_at_any_octet(
    part: str, port: int, settings: Callable[..., Imap], append: Callable[..., Awaitable[None]], count: int
) -> None:
    """Three mails come at a time, and the next connection is cut at some octet; each mail is kept once, whole."""
    inbound, chance, cuts = MemoryInbound(by_subject), random.Random(7), 0
    mails = [mail(f"n{n}", chance.randrange(10, 20_000)) for n in range(3 * count)]
    async with (
        Proxy(port) as proxy,
        polling(settings(port=proxy.port), inbound, clock=RecordingClock(), answer_within=5) as poller,
    ):
        proxy.cut_after = lambda: chance.randrange(300, 20_000)
        for number in range(0, len(mails), 3):
            proxy.cuts = 1
            proxy.drop()
            await append(*mails[number : number + 3])
            poller.wake()
            await inbound.until(lambda wanted=number + 3: len(inbound.gone) >= wanted)  # type: ignore[misc]
            cuts += proxy.cuts == 0
    kept = [row.raw for row in inbound.kept]
    shown(
        "i07",
        part,
        cuts=cuts,
        mails=len(mails),
        truncated=len(set(kept) - set(mails)),
        lost=len(set(mails) - set(kept)),
    )
    assert cuts > count / 2
    assert sorted(kept) == sorted(mails)


async def test_each_mail_is_taken_by_its_uid_whatever_comes_between() -> None:
    """I09. In any order, among data of other UIDs, NIL bodies and flags."""
    count, chance = scaled(10_000, 200), random.Random(9)
    nil = {uid for uid in range(1, count + 1) if uid % 17 == 0}

    def listed(tag: bytes, writer: StreamWriter) -> None:
        writer.write(b"* SEARCH " + b" ".join(b"%d" % n for n in range(1, count + 1)) + b"\r\n" + tag + b" OK\r\n")

    def fetched(tag: bytes, writer: StreamWriter) -> None:
        asked = server.heard[-1].split()[3]
        uids = [u for w in asked.split(b",") for u in range(int(w.split(b":")[0]), int(w.split(b":")[-1]) + 1)]
        chance.shuffle(uids)
        for uid in uids:
            if b"RFC822.SIZE" in server.heard[-1]:
                writer.write(b"* %d FETCH (UID %d RFC822.SIZE 20)\r\n" % (uid, uid))
                continue
            writer.write(b"* %d FETCH (FLAGS (\\Seen) UID %d)\r\n" % (uid, uid))
            other = b"not %d" % uid
            writer.write(b"* 1 FETCH (UID %d BODY[] {%d}\r\n%s)\r\n" % (uid + 10**6, len(other), other))
            if uid in nil:
                writer.write(b"* %d FETCH (UID %d BODY[] NIL)\r\n" % (uid, uid))
            else:
                raw = b"Subject: %d\r\n\r\n" % uid
                writer.write(b"* 9 EXPUNGE\r\n* %d FETCH (BODY[] {%d}\r\n%s UID %d)\r\n" % (uid, len(raw), raw, uid))
        writer.write(tag + b" OK\r\n")

    inbound = MemoryInbound()
    async with (
        ScriptedServer({"SEARCH": listed, "FETCH": fetched}) as server,
        polling(server.settings(), inbound, clock=RecordingClock()) as poller,
    ):
        await inbound.until(lambda: len(inbound.kept) == count - len(nil))
        await becomes(lambda: poller.status.unreadable == len(nil))
    crossed = sum(row.raw != b"Subject: %d\r\n\r\n" % row.uid for row in inbound.kept)
    shown(
        "i09",
        mails=count,
        cross_assigned=crossed,
        without_a_body=len(nil),
        of_them_kept=len(nil & {r.uid for r in inbound.kept}),
    )
    assert crossed == 0
    assert {row.uid for row in inbound.kept} == set(range(1, count + 1)) - nil


async def test_every_mail_is_accounted_for_whatever_a_person_does_meanwhile(tmp_path: Path, dovecot: Dovecot) -> None:
    """I17, I18. Read, flagged, moved away and deleted by a second client while they come."""
    account, count, chance = dovecot.account(), scaled(500, 40), random.Random(17)
    mails = [letter(f"n{n}@client-a.example", f"{n}", subject=f"n{n}", name=f"n{n}") for n in range(count)]
    await account.create("Elsewhere")
    taken: set[int] = set()
    seen = 0

    async def person() -> None:
        for _ in range(count):
            there = list((await account.by_uid()).items())
            if there:
                uid, raw = chance.choice(there)
                match chance.choice(["read", "flag", "move", "delete"]):
                    case "read":
                        await account.command("STORE", str(uid), "+FLAGS", r"(\Seen)")
                    case "flag":
                        await account.command("STORE", str(uid), "+FLAGS", r"(\Flagged $Label1)")
                    case "move":
                        await account.command("MOVE", str(uid), "Elsewhere")
                        taken.add(mails.index(raw))
                    case "delete":
                        await account.command("STORE", str(uid), "+FLAGS", r"(\Deleted)")
                        await account.command("EXPUNGE", str(uid))
                        taken.add(mails.index(raw))
            await asyncio.sleep(0.01)

    async def post() -> None:
        nonlocal seen
        for start in range(0, count, 5):
            flags = chance.choice(["", r"(\Seen)"])
            await account.append(*mails[start : start + 5], flags=flags)
            seen += 5 * bool(flags)

    async with open_road(tmp_path) as road, receiving(road, account.settings()) as desk:
        await asyncio.gather(post(), person())
        await desk.calm()
        found = await desk.settles(len(await desk.rows()), 40 + count / 10)
    kept = {int(row.subject[1:]) for row in found}
    unaccounted = set(range(count)) - kept - taken
    shown(
        "i17",
        mails=count,
        taken_by_a_person=len(taken),
        kept=len(kept),
        vanished=sum(r.is_vanished for r in found),
        doubled=len(found) - len(kept),
        unaccounted=len(unaccounted),
    )
    shown("i18", mails=seen, not_taken_in=len(unaccounted))
    assert len(found) == len(kept), "each once"
    assert kept | taken == set(range(count)), "whatever nobody took is kept"
    assert {row.disposition for row in found} == {"applied"}
    assert {int(row.subject[1:]) for row in found if row.is_vanished} <= taken
    assert await account.mails() == []


@asynccontextmanager
async def evil_server(seed: int, states: Counter[str]) -> AsyncIterator[ScriptedServer]:
    """Up to a state of the session that is drawn it is polite, and then mostly what servers should not be. It counts
    in which state it was so."""
    chance, polite_until = random.Random(seed), 0

    def polite(name: str, tag: bytes, writer: StreamWriter) -> None:
        said = {"SEARCH": b"* SEARCH 1 2\r\n", "FETCH": b"* 1 FETCH (UID 1 RFC822.SIZE 5 BODY[] {5}\r\nhello)\r\n"}
        writer.write(said.get(name, b"") + (server._polite(name) if name not in said else b"") + tag + b" OK x\r\n")

    def answer(name: str) -> Any:
        async def act(tag: bytes, writer: StreamWriter) -> None:
            nonlocal polite_until
            polite_until = chance.randrange(10) if name == "GREETING" else polite_until - 1
            act_ = chance.randrange(15) if polite_until <= 0 else 15
            states[name] += act_ < 12
            match act_:
                case 0:
                    writer.write(b"* BYE enough\r\n")
                    writer.close()
                case 1:
                    writer.write(chance.randbytes(chance.randrange(1, 3000)) + b"\r\n")
                case 2:
                    writer.close()
                case 3:
                    writer.transport.abort()
                case 4:
                    writer.write(b"* 1 EXISTS\r\n" * 2000 + tag + b" OK x\r\n")
                case 5:
                    writer.write(tag + b" NO [UNAVAILABLE] not now\r\n")
                case 6:
                    writer.write(tag + b" BAD what\r\n")
                case 7:
                    writer.write(b"A999 OK for somebody else\r\n")
                case 8:
                    writer.write(b"* 1 FETCH (UID 1 BODY[] {%d}\r\n" % (2 ** chance.randrange(1, 70)))
                case 9:
                    writer.write(b"x" * 9_000_000)
                case 10:
                    writer.write(b"+ go on\r\n+ go on\r\n")
                case 11:
                    pass  # and not a word more
                case _ if name == "GREETING":
                    writer.write(b"* OK hello\r\n")
                case _:
                    if name == "IDLE":  # never a long one
                        writer.write(b"+ idling\r\n* 2 EXISTS\r\n")
                        await asyncio.sleep(0)
                        writer.write(tag + b" OK x\r\n")
                    else:
                        polite(name, tag, writer)

        return act

    names = ("GREETING", "CAPABILITY", "LOGIN", "SELECT", "NOOP", "SEARCH", "FETCH", "IDLE", "CREATE", "MOVE", "LOGOUT")
    async with ScriptedServer({name: answer(name) for name in names}) as server:
        yield server


LANES = 16  # evil servers at once


async def test_no_evil_server_hangs_the_poller_or_hides_another_mailbox(demo_server: DemoServer) -> None:
    """I21, R08. Each session ends within 15 s, and a good mailbox flows beside."""
    account, states, good = embedded(demo_server), Counter[str](), MemoryInbound(by_subject)
    loop, each = asyncio.get_running_loop(), scaled(10_000, 48) // LANES
    longest: list[float] = []

    async def lane(seed: int) -> None:
        clock, inbound = RecordingClock(), MemoryInbound(lambda _: Disposition.APPLIED)
        async with (
            evil_server(seed, states) as server,
            polling(server.settings(), inbound, clock=clock, name=f"evil{seed}", longest_slice=0.3, answer_within=0.3),
        ):
            for session in range(each):
                started = loop.time()
                await becomes(lambda: len(clock.slept) > session)  # noqa: B023
                longest.append(loop.time() - started)
        assert {row.raw for row in inbound.kept} <= {b"hello"}

    async with polling(account.settings(), good, name="good"):
        lanes = [asyncio.create_task(lane(seed)) for seed in range(LANES)]
        await account.append(mail("beside"))
        await good.until(lambda: len(good.gone) == 1)
        await asyncio.gather(*lanes)
    shown(
        "i21",
        sessions=len(longest),
        longest_session_at_most_s=round(max(longest), 1),
        hung=sum(seconds > 30 for seconds in longest),
        evil_in=dict(states),
    )
    assert len(longest) == each * LANES


async def test_a_flood_of_news_that_are_none_does_not_keep_us_busy() -> None:
    """I21. The server ends every IDLE at once with EXISTS; after a few sweeps in vain there are pauses."""

    def flood(tag: bytes, writer: StreamWriter) -> None:
        writer.write(b"+ idling\r\n" + b"* 1 EXISTS\r\n" * 500)

    def done(tag: bytes, writer: StreamWriter) -> None:
        writer.write(idles()[-1].split()[0] + b" OK x\r\n")

    def idles() -> list[bytes]:
        return [line for line in server.heard if line.endswith(b"IDLE")]

    async with ScriptedServer({"IDLE": flood, "": done}) as server:
        async with polling(server.settings(), MemoryInbound()):
            await asyncio.sleep(1.5)
        assert 5 <= len(idles()) <= 20


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("expired", "certificate has expired"),
        ("wrong name", "certificate verify failed"),
        ("unknown authority", "certificate verify failed"),
        ("old protocol", "no connection"),
        ("preauth", "did not greet with OK"),
        ("stripped", "offers no STARTTLS"),
        ("bytes before TLS", "in clear after STARTTLS"),
    ],
)
async def test_no_password_is_sent_where_the_way_is_not_safe(tmp_path: Path, fault: str, said: str) -> None:
    """I23; over Dovecot the wrong name and the unknown authority are in test_mailbox.py too."""
    name = "DNS:elsewhere.example" if fault == "wrong name" else "IP:127.0.0.1"
    certificate = make_certificate(tmp_path, -1 if fault == "expired" else 2, name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, tmp_path / "key.pem")
    if fault == "old protocol":
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("ALL:@SECLEVEL=0")
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: StreamWriter) -> None:
        greeting = b"* PREAUTH welcome\r\n" if fault == "preauth" else b"* OK hello\r\n"
        writer.write(greeting)
        while line := await reader.readline():
            heard.append(line)
            tag, name = [*line.split(), b"?", b"?"][:2]
            offered = b"* CAPABILITY IMAP4rev1" + (b"" if fault == "stripped" else b" STARTTLS") + b"\r\n"
            extra = b"* CAPABILITY AUTH=PLAIN\r\n" if name == b"STARTTLS" and fault == "bytes before TLS" else b""
            writer.write((offered if name == b"CAPABILITY" else b"") + tag + b" OK x\r\n" + extra)

    is_tls = fault in ("expired", "wrong name", "unknown authority", "old protocol")
    server = await asyncio.start_server(serve, HOST, 0, ssl=context if is_tls else None)
    async with server:
        port = server.sockets[0].getsockname()[1]
        said_of_it = {} if fault == "unknown authority" else {"ca": certificate}
        settings = Account(port, "user", "secret").settings(tls="implicit" if is_tls else "starttls", **said_of_it)
        with pytest.raises(Temporary, match=said):
            await Mailbox.connect("support", settings, "secret", timeout=5)
    told = sum(b"secret" in line or b"LOGIN" in line or b"AUTH" in line for line in heard)
    shown("i23", fault, ways=1, passwords_sent=told)
    assert told == 0


def make_certificate(folder: Path, days: int, name: str) -> Path:
    """A certificate for that name that is its own authority, good for so many days."""

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    (folder / "names").write_text(f"subjectAltName={name}\n")
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "key.pem"]
    openssl("req", *key, "-subj", "/CN=localhost", "-out", "request.pem")
    signed = ["-signkey", "key.pem", "-days", str(days), "-extfile", "names", "-out", "cert.pem"]
    openssl("x509", "-req", "-in", "request.pem", *signed)
    return folder / "cert.pem"
