"""What is known of who sent a mail, by the word of the receiving server that the admin named (RFC 8601 section 5).

Only the topmost Authentication-Results of the configured authserv-id counts, and only above the border
(threading/border.py). The sender chooses even what stands inside a genuine header (the local part of an address), so it
is read by its grammar: quoted strings and comments hide nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from maild.judgement import Proof
from maild.mail import ParsedMail, domain_of
from maild.settings import Mailbox
from maild.threading.border import above_border

_LONGEST = 10_000  # characters of a header that are read
_PAIR = re.compile(r"([A-Za-z0-9._/-]+)=(.*)", re.S)
_FAILED = frozenset({"fail", "reject", "quarantine"})


@dataclass(frozen=True, slots=True)
class _Result:
    """One method's outcome and its properties; of a property given twice the first counts."""

    method: str
    outcome: str
    properties: dict[str, str] = field(default_factory=dict)


def proof_of(mail: ParsedMail, mailbox: Mailbox) -> Proof:
    """One of the four values. Without a configured authserv-id nobody judges: `unverified`."""
    wanted = mailbox.trust.authserv_id
    if wanted is None:
        return Proof.UNVERIFIED
    results = _trusted_results(mail, wanted.lower(), mailbox.trust.internal)
    if results is None or mail.sender is None:
        return Proof.NONE
    return _judge(results, domain_of(mail.sender.address))


def _trusted_results(mail: ParsedMail, authserv_id: str, internal: Sequence[str]) -> list[_Result] | None:
    """The results of the topmost trusted header; None where there is none above the border."""
    for name, value in above_border(mail, internal):
        if name == "authentication-results":
            first, *rest = _parts(value[:_LONGEST]) or [[]]
            if first and first[0].lower() == authserv_id:
                return [result for part in rest if (result := _result(part)) is not None]
    return None


def _parts(text: str) -> list[list[str]]:
    """The parts between semicolons, each as its words; comments are blanks, quoted strings belong to their word."""
    parts: list[list[str]] = [[]]
    word, depth, is_quoted = "", 0, False
    characters = iter(text)
    for c in characters:
        if c == "\\" and (depth or is_quoted):
            escaped = next(characters, "")
            word += c + escaped if is_quoted else ""
        elif is_quoted or (c == '"' and not depth):
            is_quoted = is_quoted != (c == '"')
            word += c
        elif depth or c == "(":
            depth += {"(": 1, ")": -1}.get(c, 0)
            word = _end(parts, word)
        elif c == ";" or c.isspace():
            word = _end(parts, word)
            if c == ";":
                parts.append([])
        else:
            word += c
    _end(parts, word)
    return parts


def _end(parts: list[list[str]], word: str) -> str:
    if word:
        parts[-1].append(word)
    return ""


def _result(words: list[str]) -> _Result | None:
    """`dkim=pass header.d=example.com` as a value; None for what is none."""
    pairs = list(_pairs(words))
    if not pairs:
        return None
    (method, outcome), *rest = pairs
    properties: dict[str, str] = {}
    for name, value in rest:
        properties.setdefault(name, value)
    return _Result(method.partition("/")[0], outcome.lower(), properties)


def _pairs(words: list[str]) -> Iterator[tuple[str, str]]:
    """name=value, also where blanks stand around the sign."""
    glued: list[str] = []
    for word in words:
        if glued and ((glued[-1].endswith("=") and glued[-1].count("=") == 1) or word.startswith("=")):
            glued[-1] += word
        else:
            glued.append(word)
    for word in glued:
        match = _PAIR.fullmatch(word)
        if match:
            yield match[1].lower(), match[2]


def _judge(results: list[_Result], sender: str) -> Proof:
    """DMARC decides where it was asked; else DKIM or SPF counts if it is aligned with the From domain."""
    dmarc = [r for r in results if r.method == "dmarc"]
    if any(_domain(r.properties["header.from"]) != sender for r in dmarc if "header.from" in r.properties):
        return Proof.FAIL  # it judged another From than the one that we read
    outcomes = {r.outcome for r in dmarc}
    if outcomes & _FAILED or len(outcomes) > 1:
        return Proof.FAIL
    if outcomes == {"pass"}:
        return Proof.PASS
    return Proof.PASS if any(_vouches(r, sender) for r in results) else Proof.NONE


def _vouches(result: _Result, sender: str) -> bool:
    """Whether a passed DKIM or SPF check speaks of the From domain."""
    if result.outcome != "pass" or result.method not in ("dkim", "spf"):
        return False
    said = result.properties
    name = "smtp.mailfrom" if result.method == "spf" else "header.d" if "header.d" in said else "header.i"
    return name in said and _is_aligned(_domain(said[name]), sender)


def _domain(value: str) -> str:
    """The domain of a property, in its compared form: what stands after the last @, outside any quotes."""
    return domain_of("x@" + value.strip('"').rpartition("@")[2])


def _is_aligned(signed: str, sender: str) -> bool:
    """Relaxed alignment without a suffix list: the same domain, or one below the other with at least two labels."""
    return signed == sender or (signed.count(".") >= 1 and sender.endswith("." + signed))
