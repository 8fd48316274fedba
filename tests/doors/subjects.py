"""What mail clients, gateways and people do to a Subject (reliability S13): does its reference survive?"""

import re
import unicodedata
from base64 import b64encode
from collections import Counter
from collections.abc import Callable

from desk_values import ALICE, LEA, NOW, RING, settings, ticket

from maild.reading import read
from maild.threading import token
from maild.threading.references import find_references
from maild.threading.token import reference_for

Change = Callable[[str], str]
_TOKEN = re.compile(r"\[?([A-Z]+-\d+-\d+-[0-9A-Z]{5}-[0-9A-Z]{4}-[0-9A-Z]{4})\]?")


def _on_token(change: Change) -> Change:
    return lambda s: _TOKEN.sub(lambda m: change(m[0]), s, count=1)


def _between(mark: str) -> Change:
    return _on_token(lambda t: t.replace("-", mark))


def _fold(text: str, blank: int) -> str:
    """A fold at the n-th blank, as RFC 5322 allows it."""
    words = text.split(" ")
    return " ".join(words[:blank]) + "\r\n " + " ".join(words[blank:])


def _encoded_b(text: str) -> str:
    return f"=?utf-8?B?{b64encode(text.encode()).decode()}?="


def _encoded_q(text: str, charset: str = "utf-8") -> str:
    octets = text.encode(charset, "replace")
    safe = (chr(b) if chr(b).isalnum() and b < 128 else "_" if b == 32 else f"={b:02X}" for b in octets)
    return f"=?{charset}?Q?{''.join(safe)}?="


def _found(text: str) -> str:
    match = _TOKEN.search(text)
    assert match is not None, text
    return match[0]


_PREFIXES = (
    *(
        "Re: ",
        "RE: ",
        "re: ",
        "Re : ",
        "RE : ",
        "Ré : ",
        "Rép : ",
        "RÉP : ",
        "Réf : ",
        "AW: ",
        "Antw: ",
        "SV: ",
        "VS: ",
    ),
    *("Odp: ", "RES: ", "R: ", "回复: ", "Re[2]: ", "Re: Re: Re: ", "RE: TR : ", "Re: [EXTERNE] ", "[SPAM?] Re: "),
    *("***SPAM*** ", "[Liste-compta] Re: ", "Re: Fwd: ", "Réponse automatique : "),
)


def _prefix(prefix: str) -> Change:
    return lambda s: prefix + s


TRANSFORMS: dict[str, Change] = {f"prefix {p.strip()}": _prefix(p) for p in _PREFIXES}
TRANSFORMS |= {
    "lower case": str.lower,
    "upper case": str.upper,
    "title case": str.title,
    "brackets lost": _on_token(lambda t: t.strip("[]")),
    "round brackets": _on_token(lambda t: "(" + t.strip("[]") + ")"),
    "full-width brackets": _on_token(lambda t: "\uff3b" + t.strip("[]") + "\uff3d"),
    "en dashes": _between("\u2013"),
    "em dashes": _between("\u2014"),
    "non-breaking hyphens": _between("\u2011"),
    "minus signs": _between("\u2212"),
    "blanks around dashes": _between(" - "),
    "soft hyphens in it": _on_token(lambda t: t.replace("-", "-\u00ad")),
    "no-break blank inside": _on_token(lambda t: t.replace("[", "[\u00a0")),
    "zero-width space inside": _on_token(lambda t: t[:6] + "\u200b" + t[6:]),
    "left-to-right mark before": lambda s: "\u200e" + s,
    "right-to-left embedding": lambda s: "\u202b" + s + "\u202c",
    "full-width letters": _on_token(lambda t: "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in t)),
    "decomposed (NFD)": lambda s: unicodedata.normalize("NFD", s),
    "folded after the reference": lambda s: _fold(s, 1),
    "folded before it": lambda s: _fold("Re: " + s, 1),
    "tab for blank": lambda s: s.replace(" ", "\t"),
    "blanks doubled": lambda s: s.replace(" ", "  "),
    "encoded-word B": _encoded_b,
    "encoded-word Q": _encoded_q,
    "encoded-word Latin-1": lambda s: _encoded_q(s, "iso-8859-1"),
    "two encoded-words": lambda s: _encoded_b(s[:25]) + " " + _encoded_b(s[25:]),
    "moved to the end": lambda s: s.replace(_found(s), "").strip() + " " + _found(s),
    "text replaced around it": lambda s: f"Question sur {_found(s)} svp",
    "cut after 60": lambda s: s[:60] + "...",
    "quoted": lambda s: f'"{s}"',
}
assert len(TRANSFORMS) == 56, len(TRANSFORMS)


def subjects_survive(numbers: int) -> tuple[dict[str, int], list[str]]:
    """Each transform on the Subjects of so many tickets, read as a whole mail; which were lost, by transform."""
    desk, lost = settings(), Counter[str]()
    for n in range(numbers):
        number, who = 1001 + n * 7, (ALICE, LEA)[n % 2]
        there = {number: ticket(number)}
        minted = f"{reference_for(RING, number, who).in_subject('ISY')} Impossible d’exporter la facture n° {n}"
        for name, change in TRANSFORMS.items():
            raw = f"From: <{who.address}>\r\nTo: support@isybuy.example\r\nSubject: {change(minted)}\r\n\r\nOui.\r\n"
            found = find_references(read(raw.encode()), desk)
            valid = [token.verify(RING, c, there, None, NOW) for c in found]
            lost[name] += not any(r.is_valid and r.participant == who for r in valid)
    missing = sorted(name for name, many in lost.items() if many)
    return {"subjects": numbers * len(TRANSFORMS), "lost": lost.total()}, missing
