"""Which signatures of a mail hold (RFC 6376)? For desks whose mail server does not say: `trust: {dkim: true}`.

The only place that knows dkimpy and dnspython, which come with the extra `dkim`. A mail waits a few seconds at most for
the keys, and what then is not known stays undecided. Hostile mail is met by limits: only signatures that could speak
for the From domain are looked at, few, short, and with keys of a sane length.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from maild.judgement import Signatures
from maild.mail import domain_of
from maild.threading.alignment import is_aligned

if TYPE_CHECKING:
    from dns.asyncresolver import Resolver

WITHIN = 5.0  # seconds for all of a mail's keys
MOST_SIGNATURES = 3  # of a mail that are checked
LARGEST = 30 * 1024 * 1024  # octets of a mail that is checked
_LONGEST_FIELD = 10_000  # octets of a signature
_LONGEST_KEY = 1_200  # octets of a key record: RSA of 4,096 bits has 750
_LEAST_BITS = 1024  # RFC 8301 3.2

# All TXT records of a name, each put together, () where it has none. OSError or TimeoutError where nobody answers.
Resolve = Callable[[str], Awaitable[tuple[bytes, ...]]]
_log = structlog.get_logger("maild.signatures")


@dataclass(frozen=True, slots=True)
class _Signature:
    """One that is worth a look: where it stands among the mail's signatures, for whom it speaks, where its key is."""

    index: int
    domain: str
    key_at: str
    is_relaxed: bool  # in how the body was read


class SignatureCheck:
    """Checks mails. `resolve` asks the DNS; the default asks the machine's own resolver."""

    def __init__(self, resolve: Resolve | None = None, *, within: float = WITHIN) -> None:
        self._resolve = resolve or ask_dns
        self._within = within

    async def __call__(self, raw: bytes, sender: str) -> Signatures:
        """The domains whose signatures hold, of those that speak for `sender`, a domain in its compared form."""
        if len(raw) > LARGEST:
            return Signatures(is_undecided=True)
        worth = list(_worth_a_look(raw, sender))[:MOST_SIGNATURES]
        if not worth:
            return Signatures()
        try:
            async with asyncio.timeout(self._within):
                keys = await asyncio.gather(*(self._resolve(s.key_at) for s in worth))
            return Signatures(await asyncio.to_thread(_holding, raw, worth, keys))
        except (OSError, TimeoutError, ImportError) as error:  # ImportError: the extra is gone since the start
            _log.warning("a signature's key could not be looked up", domain=sender, reason=str(error) or repr(error))
            return Signatures(is_undecided=True)


async def ask_dns(name: str, resolver: "Resolver | None" = None) -> tuple[bytes, ...]:
    """The TXT records, by the machine's resolver where no other is given."""
    import dns.asyncresolver
    import dns.exception
    import dns.resolver

    try:
        asked = resolver or dns.asyncresolver.get_default_resolver()
        answer = await asked.resolve(name, "TXT", lifetime=WITHIN)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()
    except dns.exception.DNSException as error:
        raise OSError(str(error) or type(error).__name__) from error
    return tuple(b"".join(record.strings) for record in answer)


def _worth_a_look(raw: bytes, sender: str) -> Iterator[_Signature]:
    """`l=` leaves room for others' words below the signed ones (RFC 6376 8.2): such a signature does not count."""
    for index, field in enumerate(_fields(_lines(raw).partition(b"\r\n\r\n")[0], b"dkim-signature")):
        if len(field) > _LONGEST_FIELD:
            continue
        tags: dict[str, str] = {}
        for part in field.decode("latin-1").split(";"):
            name, _, value = part.partition("=")
            tags.setdefault("".join(name.split()), "".join(value.split()))
        domain, selector = domain_of("x@" + tags.get("d", "")), tags.get("s", "")
        is_whole = "l" not in tags and "from" in tags.get("h", "").lower().split(":")
        if is_whole and selector and len(selector) < 200 and is_aligned(domain, sender):
            body = tags.get("c", "").partition("/")[2]
            yield _Signature(index, domain, f"{selector}._domainkey.{domain}", body.lower() == "relaxed")


def _fields(head: bytes, name: bytes) -> Iterator[bytes]:
    """The values of a field, from the top, as dkimpy counts them."""
    for field in re.split(rb"\r\n(?![ \t])", head):
        key, _, value = field.partition(b":")
        if key.strip().lower() == name:
            yield value


def _lines(raw: bytes) -> bytes:
    """The octets with CRLF line ends, as they were signed; a server may have stored them with others."""
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _holding(raw: bytes, worth: list[_Signature], keys: list[tuple[bytes, ...]]) -> tuple[str, ...]:
    """In a thread: dkimpy's verdict on each. Whatever it raises is the mail's fault: that signature does not hold."""
    import dkim

    whole = _lines(raw)
    head, _, body = whole.partition(b"\r\n\r\n")
    held = []
    for signature, records in zip(worth, keys, strict=True):
        if len(records) != 1 or len(records[0]) > _LONGEST_KEY:  # RFC 6376 3.6.2.2: several are no key
            continue
        # What dkimpy does to blanks in a body takes the square of their number; done here before, it finds nothing.
        text = re.sub(rb"[\t ]++", b" ", body).replace(b" \r\n", b"\r\n") if signature.is_relaxed else body
        try:
            message = dkim.DKIM(head + b"\r\n\r\n" + text, minkey=_LEAST_BITS)
            holds = message.verify(idx=signature.index, dnsfunc=lambda name, timeout=0, record=records[0]: record)
        except Exception as error:
            _log.debug("a signature could not be checked", domain=signature.domain, reason=repr(error))
            continue
        said = message.signature_fields or {}
        if holds and b"l" not in said and domain_of("x@" + said.get(b"d", b"").decode("latin-1")) == signature.domain:
            held.append(signature.domain)
    return tuple(dict.fromkeys(held))
