"""What is known of who sent a mail, by the word of the receiving server that the admin named (RFC 8601 section 5).

Only the topmost Authentication-Results of the configured authserv-id counts, and only above the border: the lowest of
the Received lines on top that our own relays wrote. Whatever stands below was in the hands of the sender.
"""

import re

from maild.judgement import Proof
from maild.mail import ParsedMail, domain_of
from maild.settings import Mailbox

_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"^([a-z0-9-]+)\s*=\s*([a-z0-9]+)", re.I)
_BY = re.compile(r"\bby\s+([^\s;()]+)", re.I)
_PROPERTY = re.compile(r"\b(header\.from|header\.d|header\.i|smtp\.mailfrom)\s*=\s*\"?([^\s;\"]+)", re.I)


def proof_of(mail: ParsedMail, mailbox: Mailbox) -> Proof:
    """One of the four values. Without a configured authserv-id nobody judges: `unverified`."""
    wanted = mailbox.trust.authserv_id
    if wanted is None:
        return Proof.UNVERIFIED
    verdict = _trusted_results(mail, wanted, frozenset(h.lower() for h in (*mailbox.trust.internal, wanted)))
    if verdict is None or mail.sender is None:
        return Proof.NONE
    return _judge(verdict, domain_of(mail.sender.address))


def _trusted_results(mail: ParsedMail, authserv_id: str, ours: frozenset[str]) -> list[str] | None:
    """The results of the topmost trusted header, one a method; None where there is no such header."""
    above: list[str] = []
    for name, value in mail.headers:
        if name.lower() == "received":
            by = _BY.search(value)
            if by is None or by[1].lower().rstrip(".") not in ours:
                break
        elif name.lower() == "authentication-results":
            above.append(value)
    # A header just below our lowest Received line is the sender's if our server wrote none: it must stand above.
    lowest = _lowest_own_received(mail, ours)
    trusted = above if lowest is None else above[: _count_above(mail, lowest)]
    for value in trusted:
        results = _parse(value)
        if results and results[0].split()[0].lower() == authserv_id.lower():
            return results[1:]
    return None


def _lowest_own_received(mail: ParsedMail, ours: frozenset[str]) -> int | None:
    lowest = None
    for position, (name, value) in enumerate(mail.headers):
        if name.lower() != "received":
            continue
        by = _BY.search(value)
        if by is None or by[1].lower().rstrip(".") not in ours:
            break
        lowest = position
    return lowest


def _count_above(mail: ParsedMail, position: int) -> int:
    return sum(name.lower() == "authentication-results" for name, _ in mail.headers[:position])


def _parse(value: str) -> list[str]:
    """authserv-id, then the results; comments of RFC 5322 taken out, nested ones too."""
    text, before = value[:10_000], None
    while before != text:
        before, text = text, _COMMENT.sub(" ", text)
    return [part.strip() for part in text.split(";") if part.strip()]


def _judge(results: list[str], sender_domain: str) -> Proof:
    """DMARC decides where it was asked; else DKIM or SPF counts if it is aligned with the From domain."""
    seen: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for result in results:
        match = _RESULT.match(result)
        if match:
            properties = {k.lower(): v.lower() for k, v in _PROPERTY.findall(result)}
            seen.setdefault(match[1].lower(), []).append((match[2].lower(), properties))
    for outcome, properties in seen.get("dmarc", []):
        if properties.get("header.from", sender_domain).rstrip(".") != sender_domain:
            return Proof.FAIL  # judged another From than the one we read
        if outcome == "pass":
            return Proof.PASS
        if outcome in ("fail", "reject", "quarantine"):
            return Proof.FAIL
    aligned = False
    for method, keys in (("dkim", ("header.d", "header.i")), ("spf", ("smtp.mailfrom",))):
        for outcome, properties in seen.get(method, []):
            domains = [properties[k].rpartition("@")[2] for k in keys if k in properties]
            if outcome == "pass" and any(_is_aligned(d, sender_domain) for d in domains):
                aligned = True
    return Proof.PASS if aligned else Proof.NONE


def _is_aligned(signed: str, sender: str) -> bool:
    """Relaxed alignment without a suffix list: the same domain, or one below the other with at least two labels."""
    if signed == sender:
        return True
    return signed.count(".") >= 1 and sender.endswith("." + signed)
