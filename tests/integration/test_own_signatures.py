"""`trust: {dkim: true}`: mails signed by dkimpy, keys by a DNS server of our own, and the real intake."""

import asyncio
import re
import shutil
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import dkim
import dns.asyncresolver
import dns.message
import dns.rcode
import dns.rrset
import pytest
from desk_values import RING, settings
from road import Road
from rules_files import RULES, write

from maild.config import load
from maild.config.desk import open_desk
from maild.ingest.signatures import SignatureCheck, ask_dns
from maild.intake import Intake
from maild.judgement import Signatures
from maild.store import queries

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the keys")
MAIL = (
    b"From: Alice <alice@client-a.example>\r\nTo: support@isybuy.example\r\nSubject: Bonjour\r\n"
    b"Date: Mon, 23 Nov 2026 09:00:00 +0100\r\nMessage-ID: <1@client-a.example>\r\n\r\n"
    b"Bonjour,\r\n  deux  mots \r\n\r\n\r\n"
)
NAME = "s1._domainkey.client-a.example"
HELD, NOTHING, UNKNOWN = Signatures(("client-a.example",)), Signatures(), Signatures(is_undecided=True)


@pytest.fixture(scope="module")
def keys() -> tuple[bytes, bytes]:
    return pair(1024)


def pair(bits: int) -> tuple[bytes, bytes]:
    """The private key, and the record that publishes its public half (RFC 6376 3.6.1)."""

    def run(*words: str, given: bytes = b"") -> bytes:
        return subprocess.run(["openssl", *words], input=given, check=True, capture_output=True).stdout

    private = run("genrsa", "-traditional", str(bits))
    public = run("rsa", "-pubout", given=private)
    return private, b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])


def signed(private: bytes, raw: bytes = MAIL, domain: bytes = b"client-a.example", **how: object) -> bytes:
    how = {"canonicalize": (b"relaxed", b"relaxed"), **how}
    return bytes(dkim.sign(raw, b"s1", domain, private, **how)) + raw


async def check(raw: bytes, records: dict[str, tuple[bytes, ...]], sender: str = "client-a.example") -> Signatures:
    async def resolve(name: str) -> tuple[bytes, ...]:
        return records.get(name, ())

    return await SignatureCheck(resolve)(raw, sender)


@pytest.mark.parametrize("way", list(product((b"relaxed", b"simple"), repeat=2)))
async def test_a_mail_is_checked_however_it_was_signed(keys: tuple[bytes, bytes], way: tuple[bytes, bytes]) -> None:
    raw = signed(keys[0], canonicalize=way)
    assert await check(raw, {NAME: (keys[1],)}) == HELD
    assert await check(raw.replace(b"\r\n", b"\n"), {NAME: (keys[1],)}) == HELD  # as some servers store it
    assert await check(raw.replace(b"deux", b"trois"), {NAME: (keys[1],)}) == NOTHING
    assert await check(raw.replace(b"Subject: Bonjour", b"Subject: Bonsoir"), {NAME: (keys[1],)}) == NOTHING


async def test_what_counts_for_nothing(keys: tuple[bytes, bytes]) -> None:
    private, record = keys
    raw = signed(private)
    assert await check(MAIL, {NAME: (record,)}) == NOTHING  # not signed
    assert await check(raw, {}) == NOTHING  # no such key
    assert await check(raw, {NAME: (record, record)}) == NOTHING  # two
    assert await check(raw, {NAME: (b"v=DKIM1; k=rsa; p=",)}) == NOTHING  # revoked, RFC 6376 3.6.1
    assert await check(raw, {NAME: (b"p=" + b"A" * 5_000,)}) == NOTHING
    assert await check(raw, {NAME: (record,)}, "client-b.example") == NOTHING  # it speaks for another
    assert await check(signed(private, length=True), {NAME: (record,)}) == NOTHING  # l= leaves room for others' words
    assert await check(signed(private, length=True) + b"Payez ici.\r\n", {NAME: (record,)}) == NOTHING
    no_from = signed(private, include_headers=[b"subject", b"date", b"from"]).replace(b"from", b"fro", 1)
    assert await check(no_from, {NAME: (record,)}) == NOTHING
    forged = re.sub(rb"d=client-a\.example", b"d=evil.example", raw)
    assert await check(forged, {"s1._domainkey.evil.example": (record,)}) == NOTHING
    weak, short = pair(768)
    assert await check(signed(weak), {NAME: (short,)}) == NOTHING  # RFC 8301: 1,024 bits at least


async def test_one_above_speaks_for_those_below_and_a_suffix_for_nobody(keys: tuple[bytes, bytes]) -> None:
    raw = signed(keys[0], MAIL.replace(b"@client-a.example>\r\nTo", b"@mail.client-a.co.uk>\r\nTo"), b"client-a.co.uk")
    assert (await check(raw, {"s1._domainkey.client-a.co.uk": (keys[1],)}, "mail.client-a.co.uk")).domains
    raw = signed(keys[0], MAIL, b"co.uk")
    assert await check(raw, {"s1._domainkey.co.uk": (keys[1],)}, "client-a.co.uk") == NOTHING


@pytest.mark.parametrize("blanks", [b" " * 2_000_000, (b"\t" * 5_000 + b"x\r\n") * 300, b" \r\n" * 300_000])
async def test_blanks_take_no_time(keys: tuple[bytes, bytes], blanks: bytes) -> None:
    raw = signed(keys[0]) + blanks + b"."
    began = time.process_time()
    assert await check(raw, {NAME: (keys[1],)}) == NOTHING
    assert time.process_time() - began < 5


async def test_a_mail_waits_for_no_dns_for_long(keys: tuple[bytes, bytes]) -> None:
    async def never(name: str) -> tuple[bytes, ...]:
        await asyncio.sleep(3_600)
        return ()

    async def down(name: str) -> tuple[bytes, ...]:
        raise OSError("no route to host")

    assert await SignatureCheck(never, within=0.05)(signed(keys[0]), "client-a.example") == UNKNOWN
    assert await SignatureCheck(down)(signed(keys[0]), "client-a.example") == UNKNOWN
    assert await SignatureCheck(down)(MAIL, "client-a.example") == NOTHING  # nothing to ask


class _NameServer(asyncio.DatagramProtocol):
    """Answers with the records that it has; SERVFAIL for what begins with `broken`."""

    def __init__(self, records: dict[str, bytes]) -> None:
        self._records = records

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        answer = dns.message.make_response(query)
        name = query.question[0].name.to_text().rstrip(".")
        if name.startswith("broken"):
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif name not in self._records:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        else:
            text = self._records[name].decode()
            said = " ".join(f'"{text[i : i + 100]}"' for i in range(0, len(text), 100))
            answer.answer.append(dns.rrset.from_text(query.question[0].name, 60, "IN", "TXT", said))
        self._transport.sendto(answer.to_wire(), addr)


@asynccontextmanager
async def name_server(records: dict[str, bytes]) -> AsyncIterator[SignatureCheck]:
    """The check, asking a server of this machine by UDP."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _NameServer(records), local_addr=("127.0.0.1", 0))
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], transport.get_extra_info("sockname")[1]
    try:
        yield SignatureCheck(partial(ask_dns, resolver=resolver), within=2)
    finally:
        transport.close()


async def test_the_dns_is_asked(keys: tuple[bytes, bytes]) -> None:
    async with name_server({NAME: keys[1]}) as checks:
        raw = signed(keys[0])
        assert await checks(raw, "client-a.example") == HELD
        assert await checks(raw.replace(b"s=s1", b"s=s2"), "client-a.example") == NOTHING
        assert await checks(raw.replace(b"s=s1", b"s=broken"), "client-a.example") == UNKNOWN


async def test_a_signed_mail_is_worked_with_its_proof_and_in_its_place(
    tmp_path: Path, keys: tuple[bytes, bytes]
) -> None:
    """By the real intake: signed, not signed, and signed while the DNS is silent, with mails of one batch in order."""

    async def resolve(name: str) -> tuple[bytes, ...]:
        await asyncio.sleep(0.1)  # long enough for the next mail to overtake it
        if name.startswith("silent"):
            raise TimeoutError
        return (keys[1],)

    box = {"address": "support@isybuy.example", "trust": {"dkim": True}}
    checked = open_desk(settings(mailboxes={"support": box}), RING)
    road = Road(tmp_path, lambda: checked)
    intake = Intake(road.database, road.inbound, road.desk, road.clock, signatures=SignatureCheck(resolve))
    other = MAIL.replace(b"1@client-a", b"2@client-a").replace(b"Bonjour,", b"Bonsoir,")
    third = MAIL.replace(b"1@client-a", b"3@client-a").replace(b"Bonjour,", b"Rebonjour,")
    silent = bytes(dkim.sign(third, b"silent", b"client-a.example", keys[0])) + third
    numbers = await road.keep(signed(keys[0]), other, silent)
    assert await intake.drain() == 3
    endings = [await road.ending(number) for number in numbers]
    assert [(e.verdict, e.ticket) for e in endings] == [
        ("new_ticket", 1001),
        ("new_ticket", 1002),
        ("new_ticket", 1003),
    ]
    found = [await road.database.read(partial(queries.decisions, inbound_id=number)) for number in numbers]
    assert [decision.proof for [decision] in found] == ["pass", "none", "unverified"]


def test_a_wish_that_this_machine_cannot_fulfil_is_told_at_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = re.sub(r"authserv_id: .*", "dkim: true", RULES, count=1)
    assert "dkim: true" in text
    path = write(tmp_path, text)
    assert not [p for p in load.check(path) if p.severity == "error"]
    monkeypatch.setattr(load, "find_spec", lambda name: None)
    [problem] = [p for p in load.check(path) if p.severity == "error"]
    assert "pip install 'maild[dkim]'" in problem.what
    assert text.splitlines()[problem.line - 1][problem.column - 1 :].startswith(("dkim", "true"))
    assert load.machine_problems(load.load(path))  # and so the daemon does not start
