"""Can the desk work in its mode: with answers by links, and with a system before it that gets its own mails?"""

from collections.abc import Iterator

from maild.mail import address_key
from maild.rules.finding import Finding, Subject
from maild.rules.text_tests import matches, pattern_fault


def links_can_carry(desk: Subject) -> Iterator[Finding]:
    """Mailboxes whose address can hold no reference, where only such an address counts."""
    if desk.settings.site.replies != "link":
        return
    for name, box in desk.settings.mailboxes.items():
        if box.delimiter == "none":
            what = (
                "with `replies: link` an answer is known by the address that a link has written, and this mailbox has "
                "none (`delimiter: none`); let the mail server take addresses such as support+...@, or write "
                "`replies: reference`"
            )
            yield Finding(("mailboxes", name, "delimiter"), what)


def the_old_system_is_another(desk: Subject) -> Iterator[Finding]:
    """An old system whose mail would come back here."""
    settings = desk.settings
    if settings.legacy is None:
        return
    if (box := settings.mailbox_of(settings.legacy.to)) is not None:
        what = f"'{settings.legacy.to}' is an address of the mailbox '{box}': maild would pass mail on to itself"
        yield Finding(("legacy", "to"), f"{what}; name an address that the old system alone reads")
    mine = {address_key(box.address): name for name, box in settings.mailboxes.items()}
    for i, address in enumerate(settings.legacy.addresses or ()):
        if (name := mine.get(address_key(address))) is not None:
            what = f"'{address}' is the address of the mailbox '{name}': all of its mail would be passed on"
            yield Finding(("legacy", "addresses", i), f"{what}; name addresses of the old system alone")


def old_patterns_can_be_used(desk: Subject) -> Iterator[Finding]:
    """Patterns that RE2 refuses, or that fit every mail."""
    old = desk.settings.legacy
    if old is None:
        return
    for key, patterns in (("subjects", old.subjects), ("message_ids", old.message_ids)):
        for i, pattern in enumerate(patterns or ()):
            if fault := pattern_fault(pattern):
                what = f"the pattern can't be used ({fault}); write it as RE2: no look-around, no back-references"
                yield Finding(("legacy", key, i), what)
            elif matches(pattern, ""):
                what = f"the pattern '{pattern}' fits an empty text, and so every mail; it would pass all of them on"
                yield Finding(("legacy", key, i), what)
