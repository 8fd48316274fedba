"""Is it this sender: by address, domain, name, or an entry of a list?"""

from maild.mail import address_key, domain_of
from maild.rules.seen import Answer, Seen
from maild.rules.text_tests import listed, passes
from maild.rules.words import Searched
from maild.settings.conditions import SenderTest
from maild.settings.lists import Entries


def is_from(test: SenderTest, seen: Seen) -> Answer:
    """Whether each test of the sender holds."""
    sender = seen.mail.sender
    if sender is None:
        return False, "no single sender"
    reasons = []
    if test.address is not None:
        if sender.key not in {address_key(a) for a in test.address}:
            return False, f"from.address is not {listed(test.address)}"
        reasons.append(f"from.address is '{sender.key}'")
    if test.domain is not None:
        found = next((d for d in test.domain if _is_in_domain(domain_of(sender.address), d)), None)
        if found is None:
            return False, f"from.domain is not {listed(test.domain)}"
        reasons.append(f"from.domain is '{found}'")
    if test.in_ is not None:
        named = next((n for n in test.in_ if _is_in(sender.address, seen.settings.list_named(n))), None)
        if named is None:
            return False, f"the sender is not in {listed(test.in_)}"
        reasons.append(f"the sender is in '{named}'")
    if test.name is not None:
        is_true, why = passes(test.name, "from.name", Searched(sender.name), seen)
        if not is_true:
            return False, why
        reasons.append(why)
    return True, " and ".join(reasons)


def _is_in_domain(domain: str, written: str) -> bool:
    if written.startswith("."):
        return domain.endswith("." + domain_of("x@" + written[1:]))
    return domain == domain_of("x@" + written)


def _is_in(address: str, entries: Entries) -> bool:
    """Whether an address, its domain, or one above that stands in a list."""
    keys, domain = entries.compared(sender_key), domain_of(address)
    above = (domain[at:] for at, letter in enumerate(domain) if letter == ".")
    return address_key(address) in keys or domain in keys or any(parent in keys for parent in above)


def sender_key(entry: str) -> str:
    """An address or a domain of a list in the form in which senders are compared with it."""
    if "@" in entry:
        return address_key(entry)
    dot = "." if entry.startswith(".") else ""
    return dot + domain_of(f"x@{entry.removeprefix('.')}")
