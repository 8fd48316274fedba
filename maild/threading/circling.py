"""Has this mail been here before? Then it goes in circles, and whatever answered it would go round with it.

Our own address in From, a mail that we wrote ourselves (its Message-ID is signed), one that another site sent back to
the address it had been delivered to, or more Received lines than any true way has (reliability L07, L13).
"""

from maild.judgement import Facts
from maild.mail import Kind, ParsedMail, address_key
from maild.settings import Settings
from maild.threading.alignment import is_aligned
from maild.threading.border import Received, received

MOST_HOPS = 50  # Received lines; RFC 5321 6.3


def why_it_circles(mail: ParsedMail, facts: Facts, settings: Settings) -> str:
    """The slug of the reason, '' for a mail that comes for the first time."""
    if mail.sender is not None and settings.mailbox_of(mail.sender.address):
        return "own-address"
    if facts.is_own_message and mail.kind is not Kind.BOUNCE:  # some servers give a mail back under its own id
        return "own-message"
    if sum(name.lower() == "received" for name, _ in mail.headers) > MOST_HOPS:
        return "too-many-hops"
    return "delivered-before" if _came_back(mail, settings) else ""


def _came_back(mail: ParsedMail, settings: Settings) -> bool:
    """Whether it was delivered to the same address of ours twice, and was at another site in between.

    A server may note a delivery at each of its own steps; so the lines between have to be another site's.
    """
    delivered: set[str] = set()
    left: set[str] = set()
    home = ""
    for name, value in mail.headers:
        match name.lower():
            case "received":
                site = _site(received(value))
                home = home or site
                if site and home and not (is_aligned(site, home) or is_aligned(home, site) or _are_kin(site, home)):
                    left |= delivered
            case "delivered-to":
                key = address_key(value.strip(" <>")[:320])
                if key in left:
                    return True
                if settings.mailbox_of(key):
                    delivered.add(key)
    return False


def _site(line: Received) -> str:
    """The host that wrote the line; '' where it is an address or a name without a dot."""
    return line.by if "." in line.by and any(c.isalpha() for c in line.by.rpartition(".")[2]) else ""


def _are_kin(one: str, other: str) -> bool:
    """Whether two hosts are below the same domain that somebody registered."""
    return any(is_aligned(one[i + 1 :], other) for i, c in enumerate(one) if c == ".")
