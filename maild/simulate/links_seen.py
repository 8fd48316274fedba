"""Which signed links does a mail of ours show, and what is each for?"""

import re
from email import message_from_bytes
from html import unescape
from urllib.parse import unquote

from maild.judgement import Carrier, Purpose
from maild.plan.links import AGENT_LINKS, CUSTOMER_LINKS, RATING_LINKS, REFUSAL_LINKS
from maild.settings import Settings
from maild.threading.references import in_address, in_text

_OF_TICKETS = (CUSTOMER_LINKS, AGENT_LINKS, RATING_LINKS, REFUSAL_LINKS)


_LINK_NAMES = {purpose: name for links in _OF_TICKETS for name, purpose in links.items()} | {
    Purpose.RELEASE: "release",
    Purpose.RELEASE_NEW: "release",
    Purpose.ADMIT: "admit",
    Purpose.DISCARD: "discard",
    Purpose.JOIN: "confirm_address",
    Purpose.HELD: "same_person",
}


_HREF = re.compile(r'href="(mailto:[^"]+)"')


def links_in(raw: bytes, settings: Settings) -> tuple[tuple[str, str], ...]:
    """The signed links of a mail of ours, by what they are for, in the order of the mail."""
    html = next((p for p in message_from_bytes(raw).walk() if p.get_content_type() == "text/html"), None)
    if html is None:
        return ()
    payload = html.get_payload(decode=True)
    assert isinstance(payload, bytes)
    found = []
    for match in _HREF.finditer(payload.decode("utf-8")):
        url = unescape(match[1])
        name = _name_of(url, settings)
        if name:
            found.append((name, url))
    return tuple(found)


def _name_of(url: str, settings: Settings) -> str:
    address, _, query = unquote(url.removeprefix("mailto:")).partition("?")
    candidates = [*in_address(address, settings, Carrier.ADDRESS), *in_text(query, settings, Carrier.SUBJECT)]
    for candidate in candidates:
        if candidate.purpose is Purpose.CLAIM:
            return "add_to_request" if candidate.ticket else "new_request"
        if candidate.purpose is Purpose.ACCOUNT:
            return "request_account"
        return _LINK_NAMES.get(candidate.purpose, "")
    return ""
