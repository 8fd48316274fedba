"""Whose mail is passed on inline in this one, and what stands above and below its head?

The rows that programs put above it (quote_header.read_rows, in each of their languages): `De : .. Envoyé : .. Objet :`,
with or without a line such as `---- Message transféré ----` before them. Of several mails, one in the other, the
topmost is meant.
"""

import re
from dataclasses import dataclass

from maild.mail import Address, address_key
from maild.reading.forward import names_forward, without_prefixes
from maild.reading.quote_header import ALL_BELOW, BLANKS, BLOCKQUOTE, QUOTED, is_separator, read_rows

MOST_LINES = 400  # in which its head is looked for: an agent writes less above it
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"*@]{1,64}@[^\s<>()\[\],;:\"*@]{1,255}")
_RULE = re.compile(r"[-_=*—–\s>]{3,}")
_QUOTE = re.compile(r"\s{0,3}> ?")


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A mail that is passed on inline. `sender` is None where its head names nobody by an address, or several."""

    above: str  # what whoever passes it on says to it
    sender: Address | None
    subject: str  # without what programs put before it; '' where the head shows none
    text: str


def passed_on_in(text: str) -> PassedOn | None:
    """The mail that is passed on in that text; None where no head of one is found."""
    lines = text.split("\n")
    for n in range(min(len(lines), MOST_LINES)):
        if ":" not in lines[n] and "\uff1a" not in lines[n]:
            continue
        length, rows = read_rows(lines, n)
        if length:
            below = _unquoted(lines[n + length :], is_quoted=bool(QUOTED.match(lines[n])))
            return PassedOn(_above(lines[:n]), _named(rows["from"]), without_prefixes(rows.get("subject", "")), below)
    return None


def _above(lines: list[str]) -> str:
    """Without the line that says that a mail follows."""
    while lines and (
        not lines[-1].strip(BLANKS)
        or lines[-1] in (ALL_BELOW, BLOCKQUOTE)
        or names_forward(lines[-1])
        or is_separator(lines[-1])
        or _RULE.fullmatch(lines[-1])
    ):
        lines = lines[:-1]
    return "\n".join(lines).strip()


def _unquoted(lines: list[str], *, is_quoted: bool) -> str:
    kept = [line for line in lines if line not in (ALL_BELOW, BLOCKQUOTE)]
    return "\n".join(_QUOTE.sub("", line, count=1) if is_quoted else line for line in kept).strip()


def _named(row: str) -> Address | None:
    """`Alice Durand <alice@client.example>`, `alice@client.example [mailto:alice@client.example]`: one person."""
    found = _ADDRESS.findall(row.replace("mailto:", " "))
    if len({address_key(address) for address in found}) != 1:
        return None
    before = re.split(r"[<\[(]", row, maxsplit=1)[0].strip(" \t\xa0*\"'")
    return Address(found[0].rstrip("."), "" if "@" in before else " ".join(before.split()))
