"""What is known of who sent a mail, by the word of the receiving server that the admin named (RFC 8601 section 5).

Only the topmost Authentication-Results of that server counts, and only above the border (threading/border.py). Besides:
a login on our own submission relay, a signature that was checked here, and a listed forwarder's seal as a hint.
"""

from collections.abc import Iterator, Sequence

from maild.judgement import Proof, Signatures
from maild.mail import ParsedMail, address_key, domain_of
from maild.settings import Mailbox, Trust
from maild.threading.alignment import is_aligned
from maild.threading.border import above_border, door, is_within_microsoft, received
from maild.threading.results import Result, Results, read_results
from maild.threading.seals import sealed_results

_FAILED = frozenset({"fail", "reject", "quarantine"})
_GOOGLE = "mx.google.com"


def proof_of(mail: ParsedMail, mailbox: Mailbox, signatures: Signatures | None = None) -> Proof:
    """One of the four values. Where nobody is named to judge: `unverified`.

    `signatures`: what the own check found, where `trust.dkim` asks for it.
    """
    trust = mailbox.trust
    if mail.sender is None:
        return Proof.NONE if trust.judge else Proof.UNVERIFIED
    sender = domain_of(mail.sender.address)
    if _is_submitted(mail, mailbox):
        return Proof.PASS
    results = _trusted_results(mail, trust)
    proof = _judge(results, sender) if results is not None else Proof.NONE
    if proof is Proof.FAIL:
        return Proof.NONE if trust.arc and _is_vouched_for(mail, trust, results or (), sender) else Proof.FAIL
    if proof is not Proof.PASS and trust.dkim and signatures is not None:
        if any(is_aligned(domain, sender) for domain in signatures.domains):
            return Proof.PASS
        if results is None and signatures.is_undecided:
            return Proof.UNVERIFIED
    return proof if trust.judge else Proof.UNVERIFIED


def _trusted_results(mail: ParsedMail, trust: Trust) -> Sequence[Result] | None:
    """The results of the topmost trusted header; None where there is none above the border."""
    if not (trust.provider or trust.authserv_id):
        return None
    for name, value in above_border(mail, trust):
        if name == "authentication-results" and _is_of(mail, trust, results := read_results(value)):
            return results.found
    return None


def _is_of(mail: ParsedMail, trust: Trust, results: Results) -> bool:
    if trust.provider == "microsoft":  # it names nobody, or the recipient's domain
        return bool(results.found)
    wanted = (_GOOGLE if trust.provider == "google" else trust.authserv_id or "").lower()
    if not wanted.startswith("."):
        return results.authserv_id == wanted
    # A server takes away what bears its own name, and not what bears its neighbour's: only the one that took it in.
    return results.authserv_id.endswith(wanted) and door(mail) in (None, results.authserv_id)


def _is_submitted(mail: ParsedMail, mailbox: Mailbox) -> bool:
    """Whether one of our own people handed it in (Decisions: a trusted internal path).

    Nothing stands above the relay's line but what our own servers told each other at private addresses. The line names
    who logged in; where it does not, the relay vouches for its own domain alone.
    """
    if mail.sender is None:
        return False
    trust, is_own_domain = mailbox.trust, domain_of(mail.sender.address) == domain_of(mailbox.address)
    if trust.provider == "microsoft":
        return is_own_domain and _is_microsofts_own(mail)
    for line in map(received, mail.all_headers("received") if trust.submission else ()):
        if line.is_from_user and any(address_key(f"x@{host}") == f"x@{line.by}" for host in trust.submission):
            return address_key(line.login) == mail.sender.key if line.login else is_own_domain
        if not line.is_private:
            break
    return False


def _is_microsofts_own(mail: ParsedMail) -> bool:
    """A mail that never left the tenant: Exchange's header firewall takes these names away from all that comes in."""
    lines = [received(value) for value in mail.all_headers("received")]
    said = [value.strip().lower() for value in mail.all_headers("x-ms-exchange-organization-authas")]
    return bool(lines) and all(map(is_within_microsoft, lines)) and said == ["internal"]


def _is_vouched_for(mail: ParsedMail, trust: Trust, results: Sequence[Result], sender: str) -> bool:
    """Whether a forwarder whom the admin lists saw the sender proved, and our server found its seal whole."""
    if not any(r.method == "arc" and r.outcome == "pass" for r in results):
        return False
    above = sum(1 for _ in _above(mail, trust))
    seen = sealed_results(mail.headers[above:], trust.arc)
    return seen is not None and _judge(seen, sender) is Proof.PASS


def _above(mail: ParsedMail, trust: Trust) -> Iterator[object]:
    """What our own servers wrote, down to the trusted header: they may have sealed the mail themselves."""
    above = list(above_border(mail, trust))
    last = max((i for i, (name, _) in enumerate(above) if name == "authentication-results"), default=-1)
    return iter(above[: last + 1])


def _judge(results: Sequence[Result], sender: str) -> Proof:
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


def _vouches(result: Result, sender: str) -> bool:
    """Whether a passed DKIM or SPF check speaks of the From domain."""
    if result.outcome != "pass" or result.method not in ("dkim", "spf"):
        return False
    said = result.properties
    name = "smtp.mailfrom" if result.method == "spf" else "header.d" if "header.d" in said else "header.i"
    return name in said and is_aligned(_domain(said[name]), sender)


def _domain(value: str) -> str:
    """The domain of a property, in its compared form: what stands after the last @, outside any quotes."""
    return domain_of("x@" + value.strip('"').rpartition("@")[2])
