"""What does reading a mail cost, beside the standard library's parser? Rounds that take turns, by stage; memory."""

import base64
import binascii
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from email import message_from_bytes
from pathlib import Path
from statistics import median

from bench.mails import mails as ordinary_mails
from bench.measuring import shown
from maild.reading import read
from maild.reading.body import read_body
from maild.reading.field_text import shown as field_text
from maild.reading.parse import read_addresses, read_date, read_ids, read_sender
from maild.reading.prescan import Scan, prescan
from maild.reading.reply_text import cut

EML = Path(__file__).parents[1] / "tests" / "fixtures" / "eml"
SHORT = ("plain", "reply_*", "forward_*", "alternative_*", "vacation_*", "html_only", "winmail_dat_with_files")
ROUNDS = 15
ATTACHED = 25_000_000  # octets
ADDRESSES = ("to", "cc", "reply-to")


async def run() -> None:
    """Show it."""
    short = [path.read_bytes() for pattern in SHORT for path in sorted(EML.glob(f"{pattern}.eml"))]
    reply = (
        "Bonjour, voici la facture 4711 que vous demandez.\n" * 20
        + "\nLe 23/11/2026 à 10:11, S <s@a.example> a écrit :\n"
    )
    reply += "> Quel est le numéro de la facture ?\n" * 25
    cuts = {"cut of a reply of 2 kB, ms": _milliseconds(lambda _: cut(reply), [b""] * 20)}
    shown("reading", _times(ordinary_mails(100, seed=5)) | cuts | _memory())
    shown("reading of short replies", _times(short))


def _times(mails: Sequence[bytes]) -> dict[str, object]:
    """Milliseconds a mail, the middle of rounds that take turns, so that all share the machine's moods."""
    ways: dict[str, tuple[Callable[[bytes], object], Sequence[bytes]]] = {
        "compat32": (_compat32, mails),
        "scan": (prescan, mails),
        "scan, fields": (_fields, mails),
        "scan, body": (lambda raw: read_body(prescan(raw)), mails),
        "whole": (read, mails),
    }
    rounds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, (way, given) in ways.items():
            rounds[name].append(_milliseconds(way, given))
    of = {name: median(values) for name, values in rounds.items()}
    parsed = of["scan, fields"] + of["scan, body"] - of["scan"]
    return {
        "mails": len(mails),
        "octets of a mail": round(sum(map(len, mails)) / len(mails)),
        "compat32 with its payloads, ms": round(of["compat32"], 3),
        "scan, ms": round(of["scan"], 3),
        "fields, ms": round(of["scan, fields"] - of["scan"], 3),
        "body, ms": round(of["scan, body"] - of["scan"], 3),
        "kind, report, reply text, language, ms": round(of["whole"] - parsed, 3),
        "whole, ms": round(of["whole"], 3),
        "parse (scan, fields, body) / compat32": round(parsed / of["compat32"], 2),
        "whole / compat32": round(of["whole"] / of["compat32"], 2),
    }


def _milliseconds(way: Callable[[bytes], object], mails: Sequence[bytes]) -> float:
    started = time.process_time()
    for raw in mails:
        way(raw)
    return round((time.process_time() - started) * 1000 / len(mails), 4)


def _compat32(raw: bytes) -> None:
    for part in message_from_bytes(raw).walk():
        if not part.is_multipart():
            part.get_payload(decode=True)


def _fields(raw: bytes) -> None:
    scan: Scan = prescan(raw)
    values: dict[str, list[bytes]] = {}
    for name, value in scan.root.fields:
        field_text(value, scan.charset)
        values.setdefault(name.lower(), []).append(value)
    read_sender(values.get("from", []), scan.from_count, scan.charset)
    for name in ADDRESSES:
        for value in values.get(name, []):
            read_addresses(value, scan.charset)
    read_date(values.get("date", [b""])[0])
    for name in ("references", "in-reply-to", "message-id"):
        read_ids(values.get(name, []))


def _memory() -> dict[str, object]:
    """The most memory at once while a mail with a large part is read, the mail itself included, by what is large."""
    found: dict[str, object] = {}
    for name, part in _large_parts():
        raw = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nBonjour\r\n--b\r\n"
        raw += part + b"\r\n--b--\r\n"
        del part
        tracemalloc.start()
        mail = read(raw)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        started = time.process_time()
        read(raw)
        seconds = time.process_time() - started
        assert mail.attachments or len(mail.text) > len("Bonjour")
        found |= {
            f"{name}: octets": len(raw),
            f"{name}: ms": round(seconds * 1000),
            f"{name}: memory at most / mail, with the mail": round((len(raw) + most) / len(raw), 2),
            f"{name}: octets beyond two mails": max(0, most - len(raw)),
        }
    return found


def _large_parts() -> Iterator[tuple[str, bytes]]:
    """A large file in each encoding, whole and broken; and large texts."""
    zipped = b"Content-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: "
    octets = bytes(range(256)) * (ATTACHED // 256)
    base = base64.encodebytes(octets).replace(b"\n", b"\r\n")
    half = len(base) // 2
    yield "base64", zipped + b"base64\r\n\r\n" + base
    yield (
        "base64 with a footer inside",
        (zipped + b"base64\r\n\r\n" + base[:half] + b"\r\nThis list is for members\r\n" + base[half:]),
    )
    yield "base64 in one line", zipped + b"base64\r\n\r\n" + base.replace(b"\r\n", b"") + b"!"
    lines = (binascii.b2a_uu(octets[at : at + 45]) for at in range(0, len(octets), 45))
    coded = b"begin 644 a.zip\r\n" + b"".join(lines).replace(b"\n", b"\r\n") + b"`\r\nend\r\n"
    yield "x-uuencode", zipped + b"x-uuencode\r\n\r\n" + coded
    yield "uuencode in the text", b"Content-Type: text/plain\r\n\r\n" + coded[:6_000_000] + b"\r\n`\r\nend\r\n"
    yield "quoted-printable", zipped + b"quoted-printable\r\n\r\n" + b"Une ligne de facture, =C3=A9mise=\r\n" * 700_000
    text = "Une ligne émise 😀\r\n".encode() * 700_000
    yield "text", b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text
    yield "HTML", b"Content-Type: text/html; charset=utf-8\r\n\r\n" + b"<p>x</p>" + text
    yield "HTML of tags", b"Content-Type: text/html; charset=utf-8\r\n\r\n" + b"<p>x</p>" * 2_000_000
