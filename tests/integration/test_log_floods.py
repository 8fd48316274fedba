"""One mail can't flood the log: however much is wrong with it, it takes ten lines at most (reliability H25, A13)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from road import Road

from maild.reading import MOST_DEFECTS, read

MOST_LINES = 10
HEAD = b"From: Alice <alice@client-a.example>\r\nTo: support@isybuy.example\r\nMessage-ID: <flood@a.example>\r\n"
PART = b"--b\r\nContent-Type: text/plain; charset=x-%d; a=\xe9\r\nContent-Transfer-Encoding: x-%d\r\n\r\nBonjour\r\n"


def floods() -> Iterator[tuple[str, bytes]]:
    """What is wrong many times over, and the mail."""
    yield "encoded words", HEAD + b"Subject: " + b"=?x-none?q?=ZZ?= " * 3_000 + b"\r\n\r\nBonjour\r\n"
    yield "addresses", HEAD + b"Cc: " + b"a@@b, <<>>, " * 2_000 + b"\r\nSubject: x\r\n\r\nBonjour\r\n"
    yield "fields", HEAD + b"Date: never\r\nReferences: <<\r\n" * 200 + b"Subject: x\r\n\r\nBonjour\r\n"
    parts = b"".join(PART % (n, n) for n in range(900))
    yield "parts", HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + parts + b"--b--\r\n"
    yield (
        "all at once",
        (
            b"From: a@b, c@d\r\nFrom: <<>>\r\nDate: 99999\r\nTo: ((((\r\nCc: ;;;;\r\nReply-To: @@\r\n"
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + parts
        ),
    )


@pytest.mark.parametrize(("what", "raw"), floods(), ids=[what for what, _ in floods()])
async def test_a_mail_with_a_thousand_faults_takes_ten_lines_of_the_log(tmp_path: Path, what: str, raw: bytes) -> None:
    assert read(raw).defects, "else nothing could flood"
    assert len(read(raw).defects) <= MOST_DEFECTS
    road = Road(tmp_path)
    with structlog.testing.capture_logs() as lines:
        [number] = await road.keep(raw)
        await road.intake.drain()
    assert (await road.ending(number)).disposition in ("applied", "held")
    assert 1 <= len(lines) <= MOST_LINES
    assert all(len(str(line)) < 1_000 for line in lines)
    await road.database.close()
