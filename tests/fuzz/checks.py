"""What must hold of any octets that are read? No exception, within a second, storable, sound, the same twice."""

import re
import time
import zlib
from collections.abc import Iterator

from maild.mail import ParsedMail
from maild.reading import as_json, read
from maild.reading.markup import without_tags

MOST_CPU = 1.0  # seconds; G10 of the catalogue
MOST_DEFECTS = 10
_LETTERS = re.compile(r"[^\W\d_]+")
_FORBIDDEN = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f\\ud800-\\udfff]")


class Broken(AssertionError):
    """A promise of reading that does not hold."""


def checked(raw: bytes) -> tuple[ParsedMail, float]:
    """The mail as read, and the CPU seconds that it took; Broken where a promise does not hold."""
    started = time.process_time()
    mail = read(raw)
    seconds = time.process_time() - started
    if seconds > MOST_CPU:
        raise Broken(f"{seconds:.2f} s of CPU")
    for text in texts_of(mail):
        if _FORBIDDEN.search(text):
            raise Broken(f"no database takes {text[:80]!r}")
    for line in lines_of(mail):
        if "\n" in line:
            raise Broken(f"two lines where one was promised: {line[:80]!r}")
    whole = letters(f"{mail.text} {without_tags(mail.html or '')}")
    if strange := next((line for line in mail.reply_text.split("\n") if letters(line) not in whole), ""):
        raise Broken(f"a line of the reply text that is none of the text: {strange[:80]!r}")
    if any(attachment.size != len(attachment.data) for attachment in mail.attachments):
        raise Broken("a size that is not the data's")
    if len(mail.defects) > MOST_DEFECTS or mail.size != len(raw):
        raise Broken("too many defects, or another size")
    as_json(mail)
    if zlib.crc32(raw) % 8 == 0 and read(raw) != mail:  # a share: it costs as much again
        raise Broken("not the same when read again")
    return mail, seconds


def letters(text: str) -> str:
    """Without blanks, bullets and numbers, which differ where HTML is laid out again."""
    return "".join(_LETTERS.findall(text))


def lines_of(mail: ParsedMail) -> Iterator[str]:
    """What is one line each."""
    yield from (mail.subject, mail.message_id, *mail.references, *mail.in_reply_to, mail.return_path or "")
    yield from (mail.language, mail.unreadable, mail.content_key, *mail.defects)
    for address in (*((mail.sender,) if mail.sender else ()), *mail.to, *mail.cc, *mail.reply_to):
        yield from (address.name, address.address)
    for name, value in mail.headers:
        yield from (name, value)
    for attachment in mail.attachments:
        yield from (attachment.filename, attachment.content_type, attachment.content_id)
    if mail.bounce:
        yield from (*mail.bounce.recipients, *mail.bounce.message_ids, mail.bounce.diagnostic, mail.bounce.status)


def texts_of(mail: ParsedMail) -> Iterator[str]:
    """All that a database is to keep."""
    yield from (mail.text, mail.reply_text, mail.html or "")
    yield from lines_of(mail)
