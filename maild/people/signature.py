"""Where does somebody's signature begin? A customer gets an agent's words, not the block with their own address."""

import re
from collections.abc import Sequence

from maild.mail import Address, Attachment
from maild.people.internal import plain

MOST_BELOW = 15  # filled lines that a signature has below its dashes
MOST_OF_A_CARD = 4  # filled lines below the name
MOST_LINES = 10  # from the end, in which a name may begin a signature

_DASHES = re.compile(r"--\s?")
_CONTACT = re.compile(r"@|\+?\d[\d .\xa0\u202f()/-]{7,20}\d|https?://|www\.", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_AFTER_NAME = re.compile(r"\s*(?:$|[-\u2010-\u2015|/\u00b7\u2022:<(]|,\s*$|[\s,]*\+?\d[\d .]{7,})")


def begins_at(lines: list[str], writer: Address) -> int:
    """The number of the line on which the signature begins; that of all lines where there is none.

    `-- ` begins one if no more than MOST_BELOW filled lines stand below it: else it is a rule within the text. So does
    the writer's name, its words in any order, with contacts behind or below it, or with nothing below it.
    """
    filled = [n for n, line in enumerate(lines) if line.strip()]
    first = filled[-MOST_BELOW - 1] if len(filled) > MOST_BELOW else 0  # MOST_BELOW filled lines stand below it
    for n in range(first, len(lines)):
        if _DASHES.fullmatch(lines[n]):
            return n
    for n in range(max(1, len(lines) - MOST_LINES), len(lines)):
        named = _starts_with_name(lines[n], writer)
        if named and (_has_contacts(lines[n:]) or (named == "alone" and _is_card(lines[n + 1 :]))):
            return n
    return len(lines)


def _is_card(lines: list[str]) -> bool:
    """Whether what stands below a name is a function and a house, or nothing: a few short lines, and no sentence."""
    filled = [line.strip() for line in lines if line.strip()]
    return len(filled) <= MOST_OF_A_CARD and all(len(f) <= 40 and not f.endswith((".", "?", "!", ":")) for f in filled)


def _has_contacts(lines: list[str]) -> bool:
    return any(_CONTACT.search(line[:300]) for line in lines)


def _starts_with_name(line: str, writer: Address) -> str:
    """'alone' where the line is the writer's name or address, 'more' where the name begins it, else ''."""
    bare = plain(line[:300]).strip(" \t\xa0*_.,")
    names = _WORD.findall(plain(writer.name))
    if bare in {plain(writer.address)} - {""}:
        return "alone"
    said = list(_WORD.finditer(bare))
    for count in (len(names), 1):
        words = [match[0] for match in said[:count]]
        if not words or sorted(words) != sorted(names[:count]) or bare[: said[0].start()]:
            continue
        rest = bare[said[count - 1].end() :]
        if not rest.strip():
            return "alone"
        if _AFTER_NAME.match(rest):
            return "more"
    return ""


def without_signature_pictures(attachments: Sequence[Attachment], html: str, agent: Address) -> tuple[Attachment, ...]:
    """The files but for the pictures that the mail shows below the agent's name: the logo of the signature."""
    text = html.casefold()
    start = text.find(agent.name.casefold()) if agent.name else -1
    if start < 0:
        return tuple(attachments)
    below = {a.content_id for a in attachments if a.content_id and text.find(f"cid:{a.content_id.casefold()}") > start}
    return tuple(a for a in attachments if not (a.inline and a.content_id in below))
