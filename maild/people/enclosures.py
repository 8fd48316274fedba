"""Which files of an agent's answer may leave for a customer? Not the agent's card, and nothing that quotes the inside.

Files that mail programs add by themselves are left out silently; whatever holds a reference of ours or an agent's
address stops the mail, and so does what can't be read here. The first MOST_SEARCHED files are searched, in their
first LONGEST octets.
"""

import binascii
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from maild.mail import Attachment
from maild.people.internal import MOST_FOUND

LONGEST = 250_000  # octets of a file that are searched
MOST_SEARCHED = 10  # files with text in them

_OF_THE_PROGRAM = frozenset(
    {
        *("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"),
        *("application/pgp-keys", "text/vcard", "text/x-vcard", "text/directory"),
    }
)
_NAMES_OF_THE_PROGRAM = frozenset({"smime.p7s", "signature.asc"})
_UNREADABLE = frozenset(
    {
        *("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"),
        *("application/ms-tnef", "application/vnd.ms-tnef"),
    }
)
_TEXT_NAME = re.compile(r"\.(?:eml|msg|mht|mhtml|txt|html?|csv|log|ics|rtf|xml|json|md|mbox)$", re.IGNORECASE)
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{40,}={0,2}\r?\n?)+[A-Za-z0-9+/]{0,80}={0,2}")
_ENCODED_WORD = re.compile(rb"=\?[\w-]{1,40}\?[bB]\?([A-Za-z0-9+/=]{4,200})\?=")


@dataclass(frozen=True, slots=True)
class Enclosures:
    """The files that may leave, and (slug, file name) of what stops the mail: encrypted, internal-attachment."""

    kept: tuple[Attachment, ...]
    problems: tuple[tuple[str, str], ...] = ()


def sift(attachments: Sequence[Attachment], *, has_text: bool, holds: Callable[[str], bool]) -> Enclosures:
    """What may leave of these files. `holds` says whether a text holds something that no customer may read.

    Pictures within the text of a mail without words are a signature's logo.
    """
    problems = [("encrypted", a.filename or a.content_type) for a in attachments if a.content_type in _UNREADABLE]
    kept = [a for a in attachments if not _is_of_the_program(a)]
    if not has_text and all(_is_picture_within(a) for a in kept):
        kept = []
    searched = [a for a in kept if _is_text(a)][:MOST_SEARCHED]
    for a in kept:
        if holds(a.filename) or (a in searched and any(holds(text) for text in _texts(a.data[:LONGEST]))):
            problems.append(("internal-attachment", a.filename or a.content_type))
    return Enclosures(tuple(kept), tuple(problems[:MOST_FOUND]))


def _is_of_the_program(a: Attachment) -> bool:
    return a.content_type in _OF_THE_PROGRAM or a.filename.lower() in _NAMES_OF_THE_PROGRAM


def _is_picture_within(a: Attachment) -> bool:
    return a.inline and a.content_type.startswith("image/")


def _is_text(a: Attachment) -> bool:
    return a.content_type.startswith(("message/", "text/")) or _TEXT_NAME.search(a.filename) is not None


def _texts(data: bytes) -> list[str]:
    """The file as text, in each way in which a mail or a page could hold it: as it is, and with encodings undone."""
    texts = [data.decode("utf-8", "replace")]
    if b"\0" in data:  # UTF-16, as in Outlook's .msg
        texts.append(data.replace(b"\0", b"").decode("latin-1"))
    if b"=" in data:
        texts.append(binascii.a2b_qp(data).decode("utf-8", "replace"))
    encoded = [*(m[0] for m in _BASE64.finditer(data)), *_ENCODED_WORD.findall(data)]
    if encoded:
        texts.append("\n".join(_from_base64(piece).decode("utf-8", "replace") for piece in encoded))
    return texts


def _from_base64(piece: bytes) -> bytes:
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", piece)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
