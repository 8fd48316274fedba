"""A good rules file, spoilt by chance in the ways in which people and machines spoil one; and texts that mean harm."""

import random
from collections.abc import Callable

Spoiler = Callable[[bytes, random.Random], bytes]


def _lines(raw: bytes, chance: random.Random, change: Callable[[list[bytes], int], None]) -> bytes:
    lines = raw.split(b"\n")
    change(lines, chance.randrange(len(lines)))
    return b"\n".join(lines)


def _flip(raw: bytes, chance: random.Random) -> bytes:
    octets = bytearray(raw)
    for _ in range(chance.choice((1, 1, 3, 20))):
        octets[chance.randrange(len(octets))] ^= 1 << chance.randrange(8)
    return bytes(octets)


def _cut(raw: bytes, chance: random.Random) -> bytes:
    return raw[: chance.randrange(len(raw))]


def _hole(raw: bytes, chance: random.Random) -> bytes:
    """A part is not there, as of a file that was written in blocks."""
    at = chance.randrange(len(raw))
    return raw[:at] + raw[at + chance.choice((1, 10, 512)) :]


def _swap(raw: bytes, chance: random.Random) -> bytes:
    def change(lines: list[bytes], at: int) -> None:
        other = chance.randrange(len(lines))
        lines[at], lines[other] = lines[other], lines[at]

    return _lines(raw, chance, change)


def _twice(raw: bytes, chance: random.Random) -> bytes:
    return _lines(raw, chance, lambda lines, at: lines.insert(at, lines[at]))


def _gone(raw: bytes, chance: random.Random) -> bytes:
    return _lines(raw, chance, lambda lines, at: lines.__delitem__(at))


def _indent(raw: bytes, chance: random.Random) -> bytes:
    blanks = chance.choice((b" ", b"  ", b"\t", b"        "))

    def change(lines: list[bytes], at: int) -> None:
        lines[at] = lines[at].lstrip() if chance.random() < 0.5 else blanks + lines[at]

    return _lines(raw, chance, change)


def _typo(raw: bytes, chance: random.Random) -> bytes:
    """In a word that stands before a colon."""

    def change(lines: list[bytes], at: int) -> None:
        key, colon, rest = lines[at].partition(b":")
        if colon and key.strip():
            place = chance.randrange(len(key))
            lines[at] = (
                key[:place] + chance.choice((b"", b"x", key[place : place + 1] * 2)) + key[place + 1 :] + b":" + rest
            )

    return _lines(raw, chance, change)


_VALUES = (
    b"", b"null", b"~", b"[]", b"{}", b"yes", b"true", b"1e400", b"-1", b"99999999999999999999", b"12:30", b"''",
    b"*x", b"&x y", b"!!python/object/apply:os.system [id]", b"'\\0'", b'"\\u0000"', b"[[[[]]]]", b"|", b">", b"%",
    b"{a: {b: {c: d}}}", b"@", b"`", "é".encode(), "é".encode("latin-1"), b"a" * 5000, b"../../../etc/passwd",
    b"/dev/zero", b"9999 days", b"(a+)+$", b"{{ 7*7 }}",
)  # fmt: skip


def _value(raw: bytes, chance: random.Random) -> bytes:
    def change(lines: list[bytes], at: int) -> None:
        key, colon, _ = lines[at].partition(b":")
        lines[at] = key + colon + b" " + chance.choice(_VALUES)

    return _lines(raw, chance, change)


def _values_swapped(raw: bytes, chance: random.Random) -> bytes:
    def change(lines: list[bytes], at: int) -> None:
        other = chance.randrange(len(lines))
        (one, c1, v1), (two, c2, v2) = lines[at].partition(b":"), lines[other].partition(b":")
        lines[at], lines[other] = one + c1 + v2, two + c2 + v1

    return _lines(raw, chance, change)


def _insert(what: bytes) -> Spoiler:
    def spoil(raw: bytes, chance: random.Random) -> bytes:
        at = chance.randrange(len(raw))
        return raw[:at] + what + raw[at:]

    return spoil


def _anchor(raw: bytes, chance: random.Random) -> bytes:
    """Values get a name, and others are said to be the same."""

    def change(lines: list[bytes], at: int) -> None:
        for place, mark in ((at, b" &a "), (chance.randrange(len(lines)), b" *a")):
            key, colon, rest = lines[place].partition(b":")
            lines[place] = key + colon + mark + (rest if b"&" in mark else b"")

    return _lines(raw, chance, change)


SPOILERS: dict[str, Spoiler] = {
    "bits flipped": _flip,
    "cut off": _cut,
    "a hole": _hole,
    "lines swapped": _swap,
    "a line twice": _twice,
    "a line gone": _gone,
    "another indentation": _indent,
    "a typo in a key": _typo,
    "another value": _value,
    "values swapped": _values_swapped,
    "anchors": _anchor,
    "NUL": _insert(b"\0"),
    "a tab": _insert(b"\t"),
    "a byte order mark": _insert(b"\xef\xbb\xbf"),
    "a second document": _insert(b"\n---\n"),
    "brackets": _insert(b"[" * 60),
    "CRLF": lambda raw, _: raw.replace(b"\n", b"\r\n"),
    "CR": lambda raw, _: raw.replace(b"\n", b"\r"),
    "Latin-1": lambda raw, _: raw.decode("utf-8", "replace").encode("latin-1", "replace"),
    "UTF-16": lambda raw, _: raw.decode("utf-8", "replace").encode("utf-16"),
    "twice over": lambda raw, _: raw + raw,
}


def spoilt(raw: bytes, number: int) -> tuple[str, bytes]:
    """The file with one mistake, or with up to three; always the same for a number."""
    chance = random.Random(number)
    names = [list(SPOILERS)[number % len(SPOILERS)], *chance.sample(list(SPOILERS), chance.choice((0, 0, 0, 1, 2)))]
    for name in names:
        raw = SPOILERS[name](raw, chance) if raw else raw
    return " + ".join(names), raw


def _bomb(levels: int) -> str:
    text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
    return text + "".join(f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, levels))


def _tables(levels: int) -> str:
    text = "b0: &b0 {k: v}\n"
    return text + "".join(f"b{i}: &b{i} {{x: *b{i - 1}, y: *b{i - 1}}}\n" for i in range(1, levels))


MEGABYTE = 1 << 20
HARMFUL: dict[str, bytes] = {
    "an alias bomb": _bomb(20).encode(),
    "a bomb of tables": _tables(40).encode(),
    "an alias of itself": b"a: &a [*a]\n",
    "an object": b"site: !!python/object/apply:os.system [id]\n",
    "a tag": b"site: !include /etc/passwd\n",
    "a key twice": b"version: 1\nversion: 1\n",
    "a tab": b"site:\n\tname: x\n",
    "open brackets": b"[" * (MEGABYTE // 4),
    "open braces": b"{a: " * (MEGABYTE // 8),
    "dashes": b"- " * (MEGABYTE // 4),
    "ten megabytes": b"# padding\n" * MEGABYTE,
    "a quote that nobody closes": b"a: '" + b"x" * 10_000,
    "question marks": b"? " * 50_000,
    "one key without an end": b"k" * 100_000 + b": 1\n",
    "NUL": b"\0" * 100_000,
    "directives": b"%YAML 1.2\n" * 10_000,
    "anchors without a value": b"".join(b"&a%d " % n for n in range(10_000)),
}  # fmt: skip
