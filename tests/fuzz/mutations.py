"""How is a mail spoilt? Octets, lines and parts changed, cut, doubled and mixed with those of others."""

import random
import re
from collections.abc import Callable, Sequence

MOST = 60_000  # octets; a mutation of mutations does not grow for ever
TOKENS = (
    *(
        b"\r\n",
        b"\n",
        b"\r",
        b"\0",
        b"\r\n\r\n",
        b"=?utf-8?q?",
        b"?=",
        b"=?iso-2022-jp?b?",
        b"--b",
        b"--",
        b";",
        b'"',
        b"\\",
    ),
    *(
        b"(",
        b")",
        b"<",
        b">",
        b"@",
        b",",
        b":",
        b"=",
        b"=\r\n",
        b"=E9",
        b"%C3",
        b"''",
        b"*0*=",
        b"filename*1=",
        b"\xff\xfe",
    ),
    *(
        b"\x1b$B",
        b"\x1b(B",
        b"\xe9",
        b"\xc3",
        b"\xed\xa0\x80",
        b"&#0;",
        b"&#x110000;",
        b"<blockquote>",
        b"</div>",
        b"<!--",
    ),
    *(
        b"Content-Type: multipart/mixed; boundary=b\r\n",
        b"Content-Type: text/html\r\n",
        b"Content-Type: message/rfc822\r\n",
    ),
    *(b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: quoted-printable\r\n", b"charset=utf-7"),
    *(
        b"charset=utf-16",
        b"charset=iso-2022-jp",
        b"charset=hz",
        b"charset=idna",
        b"begin 644 a\r\n",
        b"\x78\x9f\x3e\x22",
    ),
    *(
        b"On Mon, Nov 23, 2026 at 10:11 AM A <a@b.example> wrote:\r\n",
        b"-----Original Message-----\r\n",
        b"> ",
        b"-- \r\n",
    ),
    *(
        b"-----BEGIN PGP MESSAGE-----\r\n",
        b"Final-Recipient: rfc822; a@b.example\r\n",
        b"METHOD:REPLY\r\n",
        b"From: x@y.example\r\n",
    ),
)
_LINE = re.compile(rb"[^\n]*\n?")


def mutated(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """A mail with one to eight changes."""
    for _ in range(chance.randint(1, 8)):
        raw = chance.choice(_WAYS)(raw, chance, others)[:MOST]
    return raw


def _span(raw: bytes, chance: random.Random, longest: int = 400) -> tuple[int, int]:
    start = chance.randint(0, len(raw))
    return start, min(len(raw), start + int(longest * chance.random() ** 3))


def _insert(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    at, _ = _span(raw, chance)
    return raw[:at] + chance.choice(TOKENS) * chance.choice((1, 1, 1, 2, 50)) + raw[at:]


def _overwrite(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    start, end = _span(raw, chance, 12)
    return raw[:start] + chance.randbytes(end - start) + raw[end:]


def _flip(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    octets = bytearray(raw)
    for _ in range(chance.randint(1, 10) if octets else 0):
        octets[chance.randrange(len(octets))] ^= 1 << chance.randrange(8)
    return bytes(octets)


def _cut(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    start, end = _span(raw, chance)
    return raw[:start] + raw[end:]


def _double(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    start, end = _span(raw, chance)
    return raw[:end] + raw[start:end] * chance.choice((1, 2, 30)) + raw[end:]


def _splice(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    other = chance.choice(others)
    at, (start, end) = chance.randint(0, len(raw)), _span(other, chance, 3_000)
    return raw[:at] + other[start:end] + raw[at:]


def _shuffle(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    lines = _LINE.findall(raw)
    one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    return b"".join(lines)


def _line_ends(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    old, new = chance.choice(((b"\r\n", b"\n"), (b"\n", b"\r\n"), (b"\r\n", b"\r"), (b"\r\n", b"\r\r\n")))
    return raw.replace(old, new, chance.choice((1, -1)))


def _swap_token(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    return raw.replace(chance.choice(TOKENS), chance.choice(TOKENS), chance.choice((1, 3, -1)))


_WAYS: tuple[Callable[[bytes, random.Random, Sequence[bytes]], bytes], ...] = (
    _insert, _overwrite, _flip, _cut, _double, _splice, _shuffle, _line_ends, _swap_token
)  # fmt: skip
