"""Does ingest come through whatever servers, networks and people do? Each test names the faults of the catalogue.

I05 to I07, I09, I17, I18, I21, I23, R08. `rounds` says how many at scale 1.
"""

import asyncio
import random
import ssl
import subprocess
from asyncio import StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from fault_scale import rounds
from inbound_in_memory import MemoryInbound, RecordingClock, becomes, by_subject, mail, polling
from mail_servers import HOST, Account, Dovecot
from receiving_desk import open_road, receiving
from road import letter
from spoilers import Proxy, ScriptedServer

from maild.errors import Temporary
from maild.ingest.mailbox import ANSWER_WITHIN, Mailbox
from maild.ingest.poller import LONGEST_SLICE


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


async def test_mail_that_is_never_announced_is_found(dovecot: Dovecot) -> None:
    """I06. 5 of 5 at scale 1 (1,000 at 200)."""
    account, inbound, count = dovecot.account(), MemoryInbound(by_subject), rounds(5)
    async with (
        Proxy(account.port, {b"EXISTS": b"EXISTZ", b"RECENT": b"RECENZ"}) as proxy,
        polling(account.settings(port=proxy.port), inbound, longest_slice=0.1),
    ):
        for number in range(count):
            await account.append(mail(f"n{number}"))
            await inbound.until(lambda wanted=number + 1: len(inbound.gone) == wanted)  # type: ignore[misc]
    assert len(inbound.kept) == count


async def test_a_cut_at_any_octet_keeps_no_half_of_a_mail(dovecot: Dovecot) -> None:
    """I07. 15 cuts at random octets at scale 1 (5,000 at 333): each mail kept once, whole."""
    account, inbound, chance = dovecot.account(), MemoryInbound(by_subject), random.Random(7)
    mails = [mail(f"n{n}", chance.randrange(10, 20_000)) for n in range(3 * rounds(15))]
    async with (
        Proxy(account.port) as proxy,
        polling(account.settings(port=proxy.port), inbound, clock=RecordingClock(), answer_within=5) as poller,
    ):
        proxy.cut_after = lambda: chance.randrange(300, 20_000)
        for number in range(0, len(mails), 3):
            proxy.cuts = 1
            proxy.drop()
            await account.append(*mails[number : number + 3])
            poller.wake()
            await inbound.until(lambda wanted=number + 3: len(inbound.gone) >= wanted)  # type: ignore[misc]
    assert sorted(row.raw for row in inbound.kept) == sorted(mails)
    assert await account.mails() == []


async def test_each_mail_is_taken_by_its_uid_whatever_comes_between() -> None:
    """I09. 200 mails at scale 1 (10,000 at 50), in any order, among data of other UIDs, NIL bodies and flags."""
    count, chance = rounds(200), random.Random(9)
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
    assert all(row.raw == b"Subject: %d\r\n\r\n" % row.uid for row in inbound.kept)
    assert {row.uid for row in inbound.kept} == set(range(1, count + 1)) - nil


async def test_every_mail_is_accounted_for_whatever_a_person_does_meanwhile(tmp_path: Path, dovecot: Dovecot) -> None:
    """I17, I18. 60 mails at scale 1, read, flagged, moved away and deleted by a second client while they come."""
    account, count, chance = dovecot.account(), rounds(60), random.Random(17)
    mails = [letter(f"n{n}@client-a.example", f"{n}", subject=f"n{n}", name=f"n{n}") for n in range(count)]
    await account.create("Elsewhere")
    taken: set[int] = set()

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
        for start in range(0, count, 5):
            await account.append(*mails[start : start + 5], flags=chance.choice(["", r"(\Seen)"]))

    async with open_road(tmp_path) as road, receiving(road, account.settings()) as desk:
        await asyncio.gather(post(), person())
        await desk.calm()
        found = await desk.settles(len(await desk.rows()), 40)
    kept = {int(row.subject[1:]) for row in found}
    assert len(found) == len(kept), "each once"
    assert kept | taken == set(range(count)), "whatever nobody took is kept"
    assert {row.disposition for row in found} == {"applied"}
    assert {int(row.subject[1:]) for row in found if row.is_vanished} <= taken
    assert await account.mails() == []


@asynccontextmanager
async def evil_server(seed: int) -> AsyncIterator[ScriptedServer]:
    """At each command it is polite, or by chance one of the things that servers should not be."""
    chance = random.Random(seed)

    def polite(name: str, tag: bytes, writer: StreamWriter) -> None:
        said = {"SEARCH": b"* SEARCH 1 2\r\n", "FETCH": b"* 1 FETCH (UID 1 RFC822.SIZE 5 BODY[] {5}\r\nhello)\r\n"}
        writer.write(said.get(name, b"") + (server._polite(name) if name not in said else b"") + tag + b" OK x\r\n")

    def answer(name: str) -> Any:
        async def act(tag: bytes, writer: StreamWriter) -> None:
            match chance.randrange(16):
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
                case _:
                    if name == "IDLE":  # never a long one
                        writer.write(b"+ idling\r\n* 2 EXISTS\r\n")
                        await asyncio.sleep(0)
                        writer.write(tag + b" OK x\r\n")
                    else:
                        polite(name, tag, writer)

        return act

    names = ("CAPABILITY", "LOGIN", "SELECT", "NOOP", "SEARCH", "FETCH", "IDLE", "CREATE", "MOVE", "LOGOUT")
    async with ScriptedServer({name: answer(name) for name in names}) as server:
        yield server


@pytest.mark.parametrize("seed", range(4))
async def test_no_evil_server_hangs_the_poller_or_hides_another_mailbox(account: Account, seed: int) -> None:
    """I21, R08. 4 x 10 sessions at scale 1 (10,000 at 250): each ends within 15 s, and a good mailbox flows beside."""
    clock, inbound, good = RecordingClock(enough=rounds(10)), MemoryInbound(by_subject), MemoryInbound(by_subject)
    async with (
        evil_server(seed) as server,
        polling(server.settings(), inbound, clock=clock, name="evil", answer_within=0.3),
    ):
        async with polling(account.settings(), good, name="good"):
            await account.append(mail("beside"))
            await good.until(lambda: len(good.gone) == 1)
        sessions = 0
        while not clock.enough.is_set():
            await becomes(lambda seen=sessions: len(clock.slept) > seen)  # type: ignore[misc]
            sessions = len(clock.slept)
    assert {row.raw for row in inbound.kept} <= {b"hello"}


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
        ("old protocol", "no connection"),
        ("preauth", "did not greet with OK"),
        ("stripped", "offers no STARTTLS"),
        ("bytes before TLS", "in clear after STARTTLS"),
    ],
)
async def test_no_password_is_sent_where_the_way_is_not_safe(tmp_path: Path, fault: str, said: str) -> None:
    """I23; the wrong name and the unknown authority are in test_mailbox.py."""
    certificate = make_certificate(tmp_path, -1 if fault == "expired" else 2)
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

    is_tls = fault in ("expired", "old protocol")
    server = await asyncio.start_server(serve, HOST, 0, ssl=context if is_tls else None)
    async with server:
        port = server.sockets[0].getsockname()[1]
        settings = Account(port, "user", "secret").settings(tls="implicit" if is_tls else "starttls", ca=certificate)
        with pytest.raises(Temporary, match=said):
            await Mailbox.connect("support", settings, "secret", timeout=5)
    assert not any(b"secret" in line or b"LOGIN" in line for line in heard)


def make_certificate(folder: Path, days: int) -> Path:
    """A certificate for 127.0.0.1 that is its own authority, good for so many days."""

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "key.pem"]
    openssl("req", *key, "-subj", "/CN=localhost", "-out", "request.pem")
    signed = ["-signkey", "key.pem", "-days", str(days), "-extfile", "names", "-out", "cert.pem"]
    openssl("x509", "-req", "-in", "request.pem", *signed)
    return folder / "cert.pem"
