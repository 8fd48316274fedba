"""Which hostile mails are tried? H01 to H24 of the catalogue of faults, as far as reading is concerned.

Each row yields mails and says what must be found in each: words in the text, or nothing but that it is kept whole.
"""

import base64
import itertools
import zipfile
import zlib
from collections.abc import Callable, Iterator
from encodings.aliases import aliases
from io import BytesIO
from pathlib import Path

from fuzz.vectors import vectors

EML = Path(__file__).parents[1] / "fixtures" / "eml"
FROM = b"From: a@b.example\r\nTo: support@isybuy.example\r\n"
WORD = "Bonjour"
END = b"\r\n\r\nBonjour\r\n"


def h01_long_fields() -> Iterator[bytes]:
    """Fields that take parsers of others seconds: semicolons, quotes, encoded-words, parameters in pieces."""
    yield FROM + b"Content-Type: text/plain" + b";" * 64_000 + END
    yield FROM + b"Subject: " + b"x" * 800_000 + END
    yield FROM + b'Subject: "' + b'"' * 16_000 + END
    for word in (b"=?utf-8?q?a?= ", b"=?utf-8?b?w6k=?=", b"=?utf-8?q?" + b"?" * 10):
        yield FROM + b"Subject: " + word * (90_000 // len(word)) + END
    pieces = b"".join(b"; name*%d*=a" % number for number in range(4_000))
    yield FROM + b"Content-Type: text/plain" + pieces + END
    yield FROM + b"Content-Disposition: inline" + pieces + END
    for field in (b"Subject", b"To", b"Received", b"References", b"Date", b"Content-Type", b"Content-Disposition"):
        for bait in (b"\\", b'"\\', b"(", b"<", b"@", b",", b"=", b"%", b"'", b"*", b"?=", b"\t", b"\xe9", b"\x1b$B"):
            yield FROM + field + b": " + bait * (90_000 // len(bait)) + END
    for kind, bait in itertools.product((b"text/plain", b"text/calendar", b"multipart/x"), (b"a=\xe9;", b"a*0=b;")):
        pieces = bait * (9_000 // len(bait))
        fields = b"Content-Type: " + kind + b"; " + pieces + b"\r\nContent-Disposition: inline; " + pieces
        yield many(990, fields)
        yield many(440, fields[:1_100])


def many(count: int, fields: bytes, body: bytes = b"x") -> bytes:
    """A text, and so many parts with these fields and this body."""
    head = FROM + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nBonjour\r\n"
    return head + (b"--b\r\n" + fields + b"\r\n\r\n" + body + b"\r\n") * count + b"--b--\r\n"


def h02_deep() -> Iterator[bytes]:
    """Parts in parts, mails in mails, and both in turn."""
    for depth in (10, 49, 51, 200, 1_000, 20_000):
        for kinds in ((b"mixed",), (b"alternative",), (b"related", b"signed"), (b"digest", b"mixed")):
            names = itertools.islice(itertools.cycle(kinds), depth)
            levels = (
                b"Content-Type: multipart/%s; boundary=b%d\r\n\r\n--b%d\r\n" % (k, n, n) for n, k in enumerate(names)
            )
            yield FROM + b"".join(levels) + b"Content-Type: text/plain\r\n\r\nBonjour"
        yield FROM + b"Content-Type: message/rfc822\r\n\r\n" * depth + b"Bonjour"
        both = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        yield FROM + both * depth + b"Bonjour"


def h03_comments() -> Iterator[bytes]:
    """Comments that never end, in each field of addresses."""
    for field in (b"From", b"To", b"Cc", b"Reply-To", b"Sender", b"Return-Path", b"Bcc"):
        for count in (400, 4_000, 16_000, 100_000):
            yield FROM.replace(field + b":", b"X:") + field + b": " + b"(" * count + b"a@b.example" + END
            yield FROM.replace(field + b":", b"X:") + field + b": " + b"(a" * (count // 2) + b")" * count + END


def h04_many() -> Iterator[bytes]:
    """Parts, fields and octets of a header beyond all use."""
    for part in (
        b"\r\nx\r\n",
        b"Content-Type: text/plain\r\n\r\nx\r\n",
        b"\r\n\r\n",
        b"Content-Type: text/html\r\n\r\n<b>\r\n",
    ):
        for count in (900, 5_000, 100_000):
            head = FROM + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nBonjour\r\n"
            yield head + (b"--b\r\n" + part) * count + b"--b--\r\n"
    for count in (999, 100_000):
        yield FROM + b"X: y\r\n" * count + END[2:]
        yield FROM + b"Received: from a by b; Mon, 23 Nov 2026 09:00:00 +0100\r\n" * count + END[2:]
    yield many(990, b"X-A: bbbbbbb\r\n" * 190 + b"Content-Type: text/plain")
    yield FROM + b"X: " + b"y" * 10_000_000 + END
    yield FROM + b"X: y\r\n" + b" z\r\n" * 1_000_000 + END[2:]


def h05_boundaries() -> Iterator[bytes]:
    """Boundaries as broken as programs send them."""
    stated = (
        b"boundary=b",
        b'boundary="b"',
        b'boundary="b',
        b"boundary='b'",
        b"BOUNDARY = b",
        b"boundary=b ;",
        b"boundary*=us-ascii''b",
        b"boundary*0=b",
        b"",
        b"boundary=other",
        b'boundary=""',
        b"boundary=" + b"q" * 10_000,
    )
    ends = (b"\r\n", b"\n", b" \r\n", b"\t\n", b"\r\r\n")
    closings = (b"--b--", b"--b-- ", b"", b"--b", b"--b--\r\nepilogue", b"--B--", b"--b--b")
    parts = (
        b"Content-Type: text/plain%s%sBonjour%s",
        b"%s%sBonjour%s",
        b"Content-type:text/plain%s%s%sBonjour",
        b"content-transfer-encoding: 8bit%s%sBonjour%s",
        b"Content-Type: multipart/mixed; boundary=c%s%s--c%s\nContent-Type: text/plain\n\nBonjour\n--c--\n",
    )
    for how, end, closing, part in itertools.product(stated, ends, closings, parts):
        body = b"--b" + end + part.replace(b"%s", end) + end + closing
        yield FROM + b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; " + how + b"\r\n\r\n" + body


def h06_packed() -> Iterator[bytes]:
    """Archives that would burst, what is no base64, and texts that take many times their length when decoded.

    Nothing is unpacked but TNEF and uuencode, within limits.
    """
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"\0" * 20_000_000)
    tnef = b"\x78\x9f\x3e\x22\0\0"
    attributes = [b"\x02" + kind + b"\x02\0\0\0" + b"\1\0\0\0" for kind in (b"\x02\x90\x06\0", b"\x0f\x80\x06\0")]
    claims = b"\x01\x03\x90\x06\0\xff\xff\xff\x7f"
    for octets in (
        bomb.getvalue(),
        zlib.compress(b"\0" * 20_000_000),
        tnef + b"".join(attributes) * 6_000,
        tnef + claims,
        tnef + b"\xff" * 90_000,
    ):
        yield attached(base64.encodebytes(octets), b"application/ms-tnef; name=winmail.dat")
    for junk in (b"=" * 90_000, b"!" * 90_000, b"A" * 89_999, b"AA=A" * 20_000, b"\r\n" * 90_000, b"A B\r\n" * 20_000):
        yield attached(junk, b"application/octet-stream")
    line = b"M" + b"!" * 60 + b"\r\n"
    for text in (
        b"begin 644 a\r\n" * 9_000,
        b"begin 644 a\r\n" + line * 3_000,
        (b"begin 644 a\r\n" + line + b"end\r\n") * 2_000,
    ):
        yield FROM + b"\r\nBonjour\r\n" + text
    yield FROM + b"\r\nBonjour\r\nbegin 644 a\r\n" + line * 110_000 + b"end\r\n"
    yield FROM + b"\r\nBonjour\r\n" + b"begin 644 a\r\n" * 600_000
    yield FROM + b"Content-Type: text/plain; format=flowed" + END + b"a\n" * 1_000_000
    yield FROM + b"Content-Type: text/plain; charset=iso-2022-jp" + END + b"\x1b$B!" * 5_000_000
    yield FROM + b"\r\nBonjour\r\n" + "\U0001f600abc def\n".encode() * 1_500_000
    for kind, size in itertools.product((b"plain", b"html"), (400_000, 20_000_000)):
        texts = "\U0001f600Bonjour".encode() + b"abc def<br>\n" * (size // 12)
        fields = b"Content-Type: text/" + kind + b"; charset=utf-8"
        yield many(20_000_000 // size, fields, texts)
        yield many(20_000_000 // size, fields, texts).replace(b"mixed", b"alternative")
    yield attached(base64.encodebytes(winmail(b"ab\n" * 5_000_000)), b"application/ms-tnef; name=winmail.dat")


def winmail(text: bytes) -> bytes:
    """A winmail.dat that has a text alone."""
    return b"\x78\x9f\x3e\x22\0\0\1\x0c\x80\2\0" + len(text).to_bytes(4, "little") + text + b"\0\0"


def attached(octets: bytes, kind: bytes) -> bytes:
    """A mail with a text and this attachment in base64."""
    head = FROM + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nBonjour\r\n--b\r\n"
    return (
        head + b"Content-Type: " + kind + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + octets + b"\r\n--b--\r\n"
    )


CHARSETS = sorted(
    {
        *aliases,
        *aliases.values(),
        "x-unknown",
        "unicode-1-1-utf-7",
        "idna",
        "undefined",
        "utf-9",
        "x" * 100,
        "../x",
        "utf-8\0",
    }
)


def h07_charsets() -> Iterator[bytes]:
    """Each name of a charset that Python knows, and some that nobody does, over octets that do not fit."""
    samples = (
        b"Bonjour",
        b"Bonjour \xc3\xa9",
        b"Bonjour \xe9\0\x1b$B",
        b"Bonjour +2AA- \xed\xa0\x80",
        b"\xff\xfeB\0o\0n\0j\0o\0u\0r\0",
    )
    for charset, sample in itertools.product(CHARSETS, samples):
        name = charset.encode()
        head = FROM + b"Subject: =?" + name + b"?q?" + sample + b"?=\r\nX: " + sample.replace(b"\0", b"") + b"\r\n"
        yield head + b'Content-Type: text/plain; charset="' + name + b'"\r\n\r\n' + sample + b"\r\n-- \r\nBonjour\r\n"
    for thing, charset in itertools.product(("<b>", "<td>", "x\n"), ("utf-7", "unicode-1-1-utf-7", "utf-16-le")):
        octets = (WORD + thing * 30_000).encode("utf-16-be" if charset.endswith("utf-7") else charset)
        head = FROM + b"Content-Type: text/html; charset=" + charset.encode() + b"\r\n\r\n"
        yield head + (b"+" + base64.b64encode(octets) + b"-" if charset.endswith("utf-7") else octets)


def h08_file_names() -> Iterator[bytes]:
    """Names of files that are paths, devices, invisible or endless."""
    names = (
        "../../etc/passwd",
        "..\\..\\win.ini",
        "C:\\a",
        "/etc/passwd",
        "con",
        "NUL.txt",
        "aux.",
        "a\0b",
        "x" * 4_000,
        "\u202egpj.exe",
        "a\u200bb",
        "a.",
        " ",
        ".",
        "..",
        "~",
        "-rf",
        "$(id)",
        "`id`",
        "a|b",
        "a\nb",
        "a\r\nX: y",
        "%2e%2e%2f",
        "\ufeffa",
        "a/./b",
    )
    forms = (
        "filename={}",
        'filename="{}"',
        "filename*=utf-8''{}",
        "filename*0={}; filename*1=x",
        'filename="=?utf-8?q?{}?="',
        'name="{}"',
    )
    for name, form, kind in itertools.product(names, forms, ("attachment", "inline", "x-other", "")):
        field = f"{kind}; {form.format(name)}".encode()
        yield attached(b"AAAA", b"application/pdf\r\nContent-Disposition: " + field)


def h09_content_ids() -> Iterator[bytes]:
    """Names of parts that would be paths."""
    for name in (
        "../../a",
        "/etc/passwd",
        "file:///etc/passwd",
        "a\0b",
        "x" * 5_000,
        "<<a>>",
        "<a",
        "a b",
        "javascript:x",
        "%2e%2e/",
    ):
        for field in (
            "Content-ID: <{}>",
            "Content-ID: {}",
            "Content-Location: {}",
            "Content-Base: {}",
            "Content-Disposition: inline\r\nContent-ID: <{}>",
        ):
            for kind in (b"image/png", b"text/html"):
                yield attached(b"AAAA", kind + b"; name=a\r\n" + field.format(name).encode())


def h10_markup() -> Iterator[bytes]:
    """HTML that would run, load or post something."""
    for vector in vectors():
        yield FROM + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + b"<p>Bonjour</p>" + vector.encode()


def h11_line_ends_in_fields() -> Iterator[bytes]:
    """Line ends that come out of decoding, wherever a field is decoded."""
    packed = [
        b"a\r\nBcc: e@evil.example",
        b"a\nX: y",
        b"a\rX: y",
        b"a\0b",
        "a\u2028X: y".encode(),
        "a\x85X: y".encode(),
        b"a\x0bX: y",
    ]
    fields = (
        b"Subject",
        b"From",
        b"To",
        b"Reply-To",
        b"X-Custom",
        b"Message-ID",
        b"References",
        b"In-Reply-To",
        b"Content-Type",
        b"List-Id",
    )
    for octets, field in itertools.product(packed, fields):
        word = b"=?utf-8?b?" + base64.b64encode(octets) + b"?="
        percent = b"".join(b"%%%02x" % octet for octet in octets)
        for value in (
            word,
            word + b" <a@b.example>",
            b'"' + word + b'" <a@b.example>',
            b"<" + word + b"@b.example>",
            b"text/plain; name*=utf-8''" + percent,
        ):
            yield FROM.replace(field + b":", b"X:") + field + b": " + value + END


def h12_templates() -> Iterator[bytes]:
    """Words that a template would take for its own."""
    for code in (
        b"{{7*7}}",
        b"{% for a in b %}",
        b"{{ ''.__class__ }}",
        b"${7*7}",
        b"#{7*7}",
        b"%(a)s",
        b"{0.__class__}",
        b"<%= 7*7 %>",
    ):
        yield b"From: " + code + b" <a@b.example>\r\nSubject: " + code + b"\r\n\r\nBonjour " + code + b"\r\n"


def h16_invisible() -> Iterator[bytes]:
    """Characters that turn the line or take no room."""
    letters = "\u00ad\u061c\u180e\ufeff" + "".join(
        map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)))
    )
    for letter in letters:
        yield f"From: a{letter}b <a@b.example>\r\nSubject: x{letter}y\r\n\r\n{letter}Bonjour{letter}\r\n".encode()


def h17_senders() -> Iterator[bytes]:
    """From fields that name two, a group, nobody, or one who is shown as another."""
    good, evil = "agent@isybuy.example", "eve@evil.example"
    forms = (
        "{0})b@x.example",
        "{0}, {1}",
        '"{0}" <{1}>',
        "{0} <{1}>",
        "<{0}> <{1}>",
        "a: {0}, {1};",
        "<{0}>, <{1}>",
        "{0}\0.x",
        "=?utf-8?q?{0}?= <{1}>",
        "{0}@{1}",
        "<{0}",
        "{0}>",
        "({0}) {1} ({0}), {0}",
        "{0};{1}",
        "a <{0}> b <{1}>",
        '"a" {0} <{1}>',
        "<@x:{0}>, {1}",
        "{0}\u2028{1}",
        "",
    )
    for form, (one, two), end in itertools.product(
        forms, ((good, evil), (evil, good)), ("", " ", ",", "\t", " (c)", ";", " <>", "\x0c")
    ):
        yield b"To: support@isybuy.example\r\nFrom: " + (form.format(one, two) + end).encode() + END
    for second in ("from", "FROM", "From ", "fRoM\t"):
        yield f"From: {good}\r\n{second}: {evil}\r\nTo: support@isybuy.example".encode() + END


def h18_smuggling() -> Iterator[bytes]:
    """Ends of a mail that some servers see and others do not: here it is one mail, to its last word."""
    ends = (b"\r\n", b"\n", b"\r", b"\r\r\n", b"\n\r", b"\0\r\n", b" \r\n", b"\x0b", b"\x0c", b"\xc2\x85")
    for one, two, three in itertools.product(ends, ends, ends):
        yield (
            FROM
            + b"\r\nx"
            + one
            + b"."
            + two
            + b"MAIL FROM:<e@evil.example>"
            + three
            + b"DATA\r\nSubject: y\r\n\r\nBonjour\r\n"
        )


def h19_ids() -> Iterator[bytes]:
    """Message ids by the thousand, with blanks, brackets and line ends in them."""
    for one in (
        b"<%d@a>",
        b"<%d@a",
        b"%d@a>",
        b"<<%d@a>>",
        b"<%d@a\r\n>",
        b'<"%d b"@a>',
        b"<%d@a>\0",
        b"=?utf-8?q?<%d@a>?=",
        b"<%d@a){1}>",
        b"%d",
    ):
        for field in (b"References", b"In-Reply-To", b"Message-ID"):
            for count in (1, 100, 3_000):
                yield FROM + field + b": " + b" ".join(one.replace(b"%d", b"%d" % n) for n in range(count)) + END


def h21_dates() -> Iterator[bytes]:
    """Dates that no calendar has."""
    days = (
        "Mon, 23 Nov 2026",
        "31 Feb 2026",
        "0 Jan 0",
        "23 Nov 99999",
        "23 Nov -1",
        "29 Feb 1900",
        "1 Jan 1",
        "23 Nuv 2026",
        "9" * 400 + " Nov 2026",
        "",
    )
    times = ("09:00:00", "25:61:61", "24:00:00", "09:00:60", "9", "09:00:00.000", "-1:00", "")
    zones = ("+0100", "+9999", "-9999", "+24", "EST", "XYZ", "+" + "9" * 300, "GMT+1", "")
    for day, hour, zone in itertools.product(days, times, zones):
        yield FROM + f"Date: {day} {hour} {zone}".encode() + END


def h22_addresses() -> Iterator[bytes]:
    """Addresses of all forms that the RFCs know, and longer ones."""
    locals_ = (
        '"a b"',
        "a",
        "é",
        '"\\""',
        "a" * 400,
        "a..b",
        ".a",
        '""',
        "a+b",
        "=?utf-8?q?a?=",
        "用户",
        "a\u202eb",
        "{}",
        "'",
    )
    domains = (
        "b.example",
        "[1.2.3.4]",
        "[IPv6:::1]",
        "b.example.",
        "é.example",
        "xn--9ca.example",
        "b_c.example",
        "a" * 300,
        "-b.example",
        "b..example",
        "例え.jp",
        "b",
        "[" * 300,
        "xn--a\u0308.example",
    )
    for local, domain, field in itertools.product(locals_, domains, ("From", "To", "Return-Path")):
        yield FROM.replace(field.encode() + b":", b"X:") + f"{field}: <{local}@{domain}>".encode() + END


def h23_samples() -> Iterator[bytes]:
    """Sealed, signed, calendar and winmail.dat: the fixtures of such mails."""
    for pattern in ("smime*", "pgp*", "winmail*", "calendar*", "signed*", "*amp*", "alternative_of_three"):
        for path in sorted(EML.glob(f"{pattern}.eml")):
            yield path.read_bytes()


def h24_dense() -> Iterator[bytes]:
    """Small mails made of one thing alone: what fuzzing and profiles showed to be slow, plain and packed."""
    things = (
        "&",
        "&amp;",
        "<li>x",
        "<br>",
        "<blockquote>",
        "<b>x</b>",
        "<td>",
        "x\n",
        "Sent from my iPhone\n",
        "word word word\n",
        "> x\n",
        "\u00e9",
        "<",
        "On 1 Jan 2020 at 10:10, A <a@b.example> wrote:\n",
        "From: a\nSent: b\nTo: c\nSubject: d\n\n",
        "-- \n",
        "begin 644 x\n",
        "a@b.example ",
        "<p style='max-height:0'>x",
        "<!--",
        "<div style='display:none'>x</div>",
        "<div style='padding-left:99999em'>x",
        "<div style='padding-left:99999em'>x</div>",
        "<blockquote><table><tr><td>x\n<td>y",
        "<table><tr><td>x",
        "<table>x",
        "<tr><td>x</td></tr>",
        "<ul><li>x",
        "<div/>",
        "<div></x>",
        "<p><b>x",
        "<a><p>",
        "<p style='max-height:0 max-height:0 max-height:0'>",
        '<a b="<a " ',
        "<p a=1 b=1 c ",
        "&nbsp; ",
    )
    for thing, size, kind in itertools.product(things, (10_000, 60_000, 180_000), (b"plain", b"html")):
        body = thing.encode() * (size // len(thing))
        head = FROM + b"Content-Type: text/" + kind + b"; charset=utf-8\r\n"
        yield head + b"\r\nBonjour\r\n\r\n" + body
        yield head + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(b"Bonjour\r\n\r\n" + body)
    for line, end in itertools.product(("Sent from my iPhone", "> x", "-- ", "De : a"), "\r\v\f\x85\u2028"):
        yield FROM + b"Content-Type: text/plain; charset=utf-8" + END + (line + end).encode() * 13_000
    for name in (b"script", b"style", b"title", b"template"):
        endless = b"<" + name + b">" + (b"</" + name + b" " + b"x" * 40) * 39_000
        yield FROM + b"Content-Type: text/html; charset=utf-8" + END + endless
    yield many(990, b"Content-Type: text/html; name=a", b"<i></i>" * 2_500)


ROWS: dict[str, Callable[[], Iterator[bytes]]] = {
    name[:3].upper(): row for name, row in sorted(globals().items()) if name[:1] == "h" and name[1:3].isdigit()
}
