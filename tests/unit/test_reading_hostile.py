"""Hostile mail (reliability H01-H05): it ends in a mail or in a reason, within the limits, never in an exception."""

import binascii
import json
import os
import tracemalloc
from collections.abc import Iterable
from pathlib import Path

import pytest
from fuzz.checks import texts_of
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from maild.mail import ParsedMail
from maild.reading import as_json, read

EML = Path(__file__).parents[1] / "fixtures" / "eml"
FIXTURES = sorted(EML.glob("*.eml"))
CORPUS = Path(os.environ.get("MAILD_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")
CORPUS_MAILS = 304
HEAD = b"From: a@b.example\r\nTo: support@isybuy.example\r\n"


def nested(kind: bytes, depth: int, inside: bytes) -> bytes:
    levels = (b"Content-Type: multipart/%s; boundary=b%d\r\n\r\n--b%d\r\n" % (kind, n, n) for n in range(depth))
    return HEAD + b"".join(levels) + b"Content-Type: text/plain\r\n\r\n" + inside


def parts(count: int, part: bytes = b"\r\nBonjour\r\n") -> bytes:
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + (b"--b\r\n" + part) * count + b"--b--\r\n"


def mixed(bodies: Iterable[bytes], fields: bytes = b"Content-Type: text/plain; charset=utf-8") -> bytes:
    """Parts with these fields, each with one of the bodies."""
    head = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    return head + b"".join(b"--b\r\n" + fields + b"\r\n\r\n" + body + b"\r\n" for body in bodies) + b"--b--\r\n"


PARAMETERS = (
    b"Content-Type: text/plain; " + b"a=\xe9;" * 2_000 + b"\r\nContent-Disposition: inline; " + b"a=\xe9;" * 2_000
    + b"\r\n\r\nBonjour\r\n"
)  # fmt: skip


FIELDS = b"X-A: bbbb\r\n" * 190 + b"\r\nBonjour\r\n"


def assert_storable(mail: ParsedMail) -> None:
    for text in texts_of(mail):
        text.encode("utf-8")  # no lone surrogate
        assert not {c for c in text if ord(c) < 32 and c not in "\n\t"}
    for _, value in mail.headers:
        assert "\n" not in value
    assert "\n" not in mail.subject
    assert len(mail.defects) <= 10
    json.dumps(as_json(mail))


@pytest.mark.parametrize(
    ("raw", "defects", "unreadable"),
    [
        pytest.param(HEAD + b"Content-Type: text/plain" + b";" * 64_000 + b"\r\n\r\nBonjour", "", "", id="semicolons"),
        pytest.param(HEAD + b"Subject: " + b"x" * 800_000 + b"\r\n\r\nBonjour", "header-size", "", id="subject"),
        pytest.param(HEAD + b"Subject: " + b"=?utf-8?q?a?= " * 7_000 + b"\r\n\r\nBonjour", "", "", id="words"),
        pytest.param(HEAD + b'X: "' + b'"' * 16_000 + b"\r\n\r\nBonjour", "", "", id="quotes"),
        pytest.param(HEAD + b"Cc: " + b"(" * 90_000 + b"\r\n\r\nBonjour", "cc-field", "", id="comments"),
        pytest.param(HEAD + b"X: y\r\n" * 100_000 + b"\r\nBonjour", "header-fields", "", id="fields"),
        pytest.param(HEAD + b"X: " + b"y" * 10_000_000 + b"\r\n\r\nBonjour", "header-size", "", id="block"),
        pytest.param(nested(b"mixed", 40, b"Bonjour"), "mime-unclosed", "", id="depth-40"),
        pytest.param(nested(b"mixed", 1_000, b"Bonjour"), "mime-depth mime-unclosed", "mime-depth", id="depth-mixed"),
        pytest.param(
            nested(b"alternative", 1_000, b"Bonjour"), "mime-depth mime-unclosed", "mime-depth", id="depth-alternative"
        ),
        pytest.param(parts(50), "", "", id="parts-50"),
        pytest.param(parts(900), "text-limits", "", id="parts-900"),
        pytest.param(parts(990, PARAMETERS), "part-header-size", "", id="parameters"),
        pytest.param(parts(990, FIELDS), "part-header-size text-limits", "", id="part-headers"),
        pytest.param(parts(100_000), "mime-parts text-limits", "", id="parts"),
        pytest.param(
            HEAD + b"Content-Type: multipart/mixed; boundary=" + b"q" * 5_000 + b"\r\n\r\nBonjour",
            "boundary-size mime-boundary", "", id="boundary",
        ),
    ],
)  # fmt: skip
def test_mail_beyond_a_limit_keeps_sender_and_text_or_says_why_not(raw: bytes, defects: str, unreadable: str) -> None:
    mail = read(raw)
    assert mail.sender is not None and mail.sender.address == "a@b.example"
    assert mail.unreadable == unreadable
    assert set(mail.defects) - {"no-date"} == set(defects.split())
    assert unreadable or "Bonjour" in mail.text
    assert_storable(mail)


def test_mail_beyond_a_limit_brings_its_original_along_and_is_not_answered() -> None:
    raw = parts(100_000)
    mail = read(raw)
    assert mail.attachments[-1].filename == "original.eml"
    assert mail.attachments[-1].data is raw, "no copy is made"
    assert not mail.auto_respond
    assert len(mail.attachments) <= 1_001


def test_mail_without_a_sender_beyond_a_limit_is_unreadable() -> None:
    assert read(b"X: y\r\n" * 5_000 + b"\r\nBonjour").unreadable == "header-fields"


EMOJI = "\U0001f600".encode()  # one makes each character of a text four octets
MEGABYTE = 1_000_000
UUENCODED = b"begin 644 a.bin\n" + binascii.b2a_uu(b"x" * 45) * (7 * MEGABYTE // 62) + b"`\nend\n"
HTML = b"Content-Type: text/html; charset=utf-8"
PROMISED, PROMISED_EACH = 64 * 1024 * 1024, 2  # octets of memory, and for each octet of the mail, which is one of them


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(mixed([EMOJI + b"abc def gh\n" * 36_000] * 50), id="texts"),
        pytest.param(mixed([EMOJI + b"abc def gh<br>\n" * 26_000] * 50, HTML), id="html"),
        pytest.param(mixed(["日本語\n".encode() * 40_000] * 50), id="japanese"),
        pytest.param(
            mixed([b"<b>x</b><br>\n" * 30_000] * 50, HTML).replace(b"mixed", b"alternative"), id="alternatives"
        ),
        pytest.param(HEAD + b"\r\n" + EMOJI + b"Bonjour\r\n" * (20 * MEGABYTE // 9), id="one text"),
        pytest.param(HEAD + b"\r\n" + UUENCODED, id="uuencode"),
        pytest.param(HEAD + b"\r\n" + b"begin 644 a\r\n" * 600_000, id="uuencode begun"),
        pytest.param(parts(990, FIELDS), id="part headers"),
        pytest.param(HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"ab\r\n" * 500_000, id="flowed"),
        pytest.param(
            HEAD + b"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n" + b"\x1b$B!" * 5_000_000, id="escapes"
        ),
        pytest.param(HEAD + HTML + b"\r\n\r\n<pre>" + EMOJI + b"ab\n" * 600_000, id="pre"),
    ],
)
def test_no_mail_takes_more_memory_than_is_promised(raw: bytes) -> None:
    """H06."""
    tracemalloc.start()
    read(raw)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(raw) + most <= PROMISED_EACH * len(raw) + PROMISED


@pytest.mark.parametrize("fields", [b"Content-Type: text/plain; charset=utf-8", HTML])
def test_texts_for_which_there_is_no_room_are_attached(fields: bytes) -> None:
    words = [b"mot%dfin" % number for number in range(12)]
    mail = read(mixed([word + b" Une ligne.\n" * 30_000 + word for word in words], fields))
    assert "text-limits" in mail.defects
    assert "mot4fin" in mail.text
    attached = b"".join(attachment.data for attachment in mail.attachments)
    assert [word for word in words if word not in attached and mail.text.count(word.decode()) < 2] == []


@pytest.mark.parametrize("charset", ["utf-8", "utf-16-le", "utf-16-be", "utf-32", "cp932", "iso-2022-jp", "gb18030"])
def test_a_text_is_cut_between_lines_whatever_its_charset(charset: str) -> None:
    octets = ("日本語の行です\n" * 250_000).encode(charset)
    mail = read(HEAD + b"Content-Type: text/plain; charset=" + charset.encode() + b"\r\n\r\n" + octets)
    assert set(mail.text.split("\n")) - {""} == {"日本語の行です"}
    assert [attachment.data for attachment in mail.attachments] == [octets]


def test_a_thousand_mails_in_one_another_are_one_attachment() -> None:
    mail = read(HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 1_000 + b"Bonjour")
    assert [a.content_type for a in mail.attachments] == ["message/rfc822"]
    assert mail.text == ""


@pytest.mark.parametrize(
    "body",
    [
        b"--b\r\n\r\nBonjour\r\n--b--\r\n",
        b"--b\n\nBonjour\n--b--\n",
        b"--b   \r\n\r\nBonjour\r\n--b-- \r\n",
        b"--b\r\n\r\nBonjour\r\n",
        b"--b\r\n\r\nBonjour",
        b"--b\r\nBonjour\r\n--b--",
        b"preamble\r\n--b\r\n\r\nBonjour\r\n--b--\r\nepilogue",
        b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nBonjour\r\n--b--\r\n",
        b"Bonjour",
        b"--other\r\nContent-Type: text/plain\r\n\r\nBonjour\r\n--other--\r\n",
    ],
)
def test_a_text_survives_what_becomes_of_boundaries(body: bytes) -> None:
    mail = read(HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + body)
    assert mail.text.strip() == "Bonjour"
    assert mail.unreadable == ""


@pytest.mark.parametrize(
    "line",
    [
        b"From: x\r\n",
        b"On Mon 1 10:10 2020 a <x@y.z>\r\n",
        b"> x\r\ny\r\n",
        b"-----Original Message----\r\n",
        b"a@a.a. ",
        b"<p>",
        b"<!--",
        b"<style>",
        b"&amp;",
        b"a" * 150,
    ],
)
@pytest.mark.parametrize("kind", [b"text/plain", b"text/html"])
def test_ten_thousand_times_the_same_line_is_still_a_mail(line: bytes, kind: bytes) -> None:
    mail = read(HEAD + b"Content-Type: " + kind + b"\r\n\r\n" + line * 10_000 + b"Bonjour")
    assert "Bonjour" in mail.text
    assert_storable(mail)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2_000))
@example(b"")
@example(b"\r\n")
@example(b"\xff\xfe\0\0")
@example(b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n--")
def test_random_octets_are_read(raw: bytes) -> None:
    assert_storable(read(raw))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(FIXTURES),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=30)), min_size=1, max_size=6),
    st.sampled_from([(b"", b""), (b"utf-8", b"idna"), (b"utf-8", b"utf-7"), (b"\r\n", b"\n"), (b"8bit", b"base64")]),
)
def test_mutated_mails_are_read(path: Path, edits: list[tuple[float, int, bytes]], swap: tuple[bytes, bytes]) -> None:
    raw = path.read_bytes()
    raw = raw.replace(*swap) if swap[0] else raw
    for where, length, octets in edits:
        at = int(where * len(raw))
        raw = raw[:at] + octets + raw[at + length :]
    assert_storable(read(raw))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_each_fixture_is_read_the_same_way_twice(path: Path) -> None:
    raw = path.read_bytes()
    mail = read(raw)
    assert mail == read(raw)
    assert mail.size == len(raw)
    assert_storable(mail)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not there (MAILD_CORPUS)")
def test_every_mail_of_the_corpus_is_read() -> None:
    paths = sorted(CORPUS.glob("*/data/*.eml"))
    assert len(paths) >= CORPUS_MAILS
    for path in paths:
        mail = read(path.read_bytes())
        assert_storable(mail)
        assert mail.unreadable == "", path.name
