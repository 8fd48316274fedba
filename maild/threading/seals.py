"""What did forwarders see of a mail before they passed it on? (RFC 8617, Authenticated Received Chain)

Our own server has checked the chain as a whole; here it is only asked whether every sealer in it is one that the admin
lists, and what the first of them saw: each could have changed what those before it wrote.
"""

from collections.abc import Sequence

from maild.mail import domain_of
from maild.threading.results import Result, read_sealed

_LONGEST = 10_000  # characters of a header that are read
_MOST = 50  # instances, RFC 8617 4.2.1


def sealed_results(headers: Sequence[tuple[str, str]], sealers: Sequence[str]) -> tuple[Result, ...] | None:
    """The first instance's results; None where the chain is not whole or one of its sealers is not listed.

    `headers`: what the mail had when it came in. A listed domain stands for those below it too.
    """
    seals: dict[int, str] = {}
    seen: dict[int, tuple[Result, ...]] = {}
    for name, value in headers:
        match name.lower():
            case "arc-seal":
                tags = _tags(value[:_LONGEST])
                number = tags.get("i", "")
                if not (number.isascii() and number.isdigit()) or int(number[:4]) in seals:
                    return None
                seals[int(number[:4])] = domain_of("x@" + tags.get("d", ""))
            case "arc-authentication-results":
                sealed = read_sealed(value)
                if sealed is None or sealed[0] in seen:
                    return None
                seen[sealed[0]] = sealed[1].found
    numbers = list(range(1, len(seals) + 1))
    if not numbers or len(numbers) > _MOST or sorted(seals) != numbers or sorted(seen) != numbers:
        return None
    listed = [domain_of("x@" + sealer.lstrip(".")) for sealer in sealers]
    if not all(any(d == one or d.endswith("." + one) for one in listed) for d in seals.values()):
        return None
    return seen[1]


def _tags(value: str) -> dict[str, str]:
    """`i=1; d=example.com` as a mapping (RFC 6376 3.2); of a tag given twice the first counts."""
    found: dict[str, str] = {}
    for part in value.split(";"):
        name, _, said = part.partition("=")
        found.setdefault("".join(name.split()).lower(), "".join(said.split()))
    return found
