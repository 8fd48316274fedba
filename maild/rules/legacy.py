"""Does a mail belong to the system before this one (P9)? By its Subject, what it answers, or its addresses."""

from collections.abc import Iterator

from maild.mail import ParsedMail, address_key
from maild.rules.text_tests import matches
from maild.settings import Settings
from maild.settings.legacy import Legacy

MOST_IDS = 200
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")


def thread_of(mail: ParsedMail, settings: Settings) -> str:
    """By what it belongs there (`old-subject`, `old-message-id`, `old-address`), or ''."""
    old = settings.legacy
    if old is None:
        return ""
    if any(matches(pattern, mail.subject) for pattern in old.subjects or ()):
        return "old-subject"
    if any(_is_old_id(message_id, old) for message_id in _answered(mail)):
        return "old-message-id"
    if old.addresses and any(_leads_to(a, old.addresses) for a in _receivers(mail)):
        return "old-address"
    return ""


def _answered(mail: ParsedMail) -> tuple[str, ...]:
    """The mails that it answers, or reports on."""
    returned = mail.bounce.message_ids if mail.bounce is not None else ()
    return (*mail.in_reply_to, *reversed(mail.references), *returned)[:MOST_IDS]


def _is_old_id(message_id: str, old: Legacy) -> bool:
    return any(matches(pattern, message_id) for pattern in old.message_ids or ()) or old.knows(message_id)


def _receivers(mail: ParsedMail) -> Iterator[str]:
    yield from (a.address for a in mail.recipients)
    for name in _DELIVERED:
        yield from mail.all_headers(name)


def _leads_to(written: str, addresses: tuple[str, ...]) -> bool:
    """Whether it is one of the addresses, or one with a tag in it (`old+id77@`)."""
    local, _, domain = address_key(written).rpartition("@")
    return any(f"{name}@{domain}" in map(address_key, addresses) for name in (local, local.partition("+")[0]))
