"""Reads the `mail:` of a step: which keys may it have, which of them go together, which mail of the story is meant?"""

import re
from collections.abc import Collection

from maild.mail import Address
from maild.simulate.language import (
    AUTHENTICATION,
    CARRIERS,
    LINKS,
    LINKS_LATER,
    ROLES,
    Enclosure,
    Mail,
    Selector,
    Way,
)
from maild.simulate.nodes import Place, suggestion

_WAYS = tuple(way.value for way in Way if way is not Way.NEW)
_CONTENT = ("subject", "text", "html", "headers", "attachments")
_KEYS = ("as", "from", "to", "cc", *_CONTENT, "authentication", "keeps", "spoils", "renumbers", "quotes", *_WAYS)
_REPLY_KEYS = ("keeps", "spoils", "renumbers", "quotes")
# What may stand beside each way for a mail to come.
_BESIDE: dict[Way, Collection[str]] = {
    Way.NEW: ("as", "from", "to", "cc", *_CONTENT, "authentication"),
    Way.EML: ("as", "to", "authentication"),
    Way.AGAIN: ("as",),
    Way.ANSWERS: ("as", "from", "to", "cc", *_CONTENT, "authentication", *_REPLY_KEYS),
    Way.REPLIES_ALL: ("as", "from", "to", "cc", *_CONTENT, "authentication", *_REPLY_KEYS),
    Way.FORWARDS: ("as", "from", "to", "cc", *_CONTENT, "authentication"),
    Way.CLICKS: ("as", "from", "subject", "text", "headers", "attachments", "authentication", "renumbers"),
}
_NAME = re.compile(r"\w[\w-]*", re.ASCII)
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_NAMED = re.compile(r"(?P<name>[^<>]*?)\s*<(?P<address>[^<>]*)>")
_LAST = re.compile(r"last(?:\s+(\S+))?\s+to\s+(\S.*)")
_CLICK = re.compile(r"(\w+)(?:\s+(\d{1,4}))?\s+of\s+(last\s.*)")
_FIELD_NAME = re.compile(r"[!-9;-~]+")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
_LARGEST = 50_000_000  # octets of an attachment


def parse_address(written: str) -> Address | None:
    """`Name <address>` or an address; None where it is neither."""
    named = _NAMED.fullmatch(written.strip())
    address = (named["address"] if named else written).strip()
    name = named["name"].strip().strip('"') if named else ""
    return Address(address, name) if _ADDRESS.fullmatch(address) else None


def read_address(place: Place) -> str:
    """An address as written, or one of ROLES."""
    written = place.text().strip()
    if written in ROLES:
        return written
    if parse_address(written) is None:
        remedy = suggestion(written, ROLES) if "@" not in written else "write one address"
        raise place.wrong(f"'{written}' is no mail address; {remedy}, such as alice@client-a.example")
    return written


def read_selector(place: Place, names: Collection[str] = (), *, may_name: bool = False) -> Selector:
    """`last [TEMPLATE] to ADDRESS`, or, where `may_name`, the name of an earlier mail."""
    return _selector(place, place.text().strip(), names, may_name)


def _selector(place: Place, written: str, names: Collection[str], may_name: bool) -> Selector:
    match = _LAST.fullmatch(written)
    if match:
        to = match[2].strip()
        if to not in ROLES and parse_address(to) is None:
            raise place.wrong(f"'{to}' is no mail address; {suggestion(to, ROLES)}")
        return Selector(template=match[1] or "", to=to)
    if may_name and _NAME.fullmatch(written):
        return Selector(name=read_name(place, written, names))
    way = "last to ADDRESS, last TEMPLATE to ADDRESS" + (" or the name of an earlier mail" if may_name else "")
    raise place.wrong(f"{place.key} takes {way}; '{written}' is none of them")


def read_name(place: Place, name: str, names: Collection[str]) -> str:
    """The name of an earlier mail, if there is one of that name."""
    if name not in names:
        known = f"; {suggestion(name, names)}" if names else "; no mail before it has a name (as: m1)"
        raise place.wrong(f"no earlier mail is named '{name}'{known}")
    return name


def read_mail(place: Place, names: Collection[str], default_name: str) -> Mail:
    """The mail of a step. `names` are those given to mails before it. Raises BadInput with file and line."""
    keys = place.keys(_KEYS)
    ways = [w for w in _WAYS if w in keys]
    if len(ways) > 1:
        raise keys[ways[1]].wrong(f"a mail comes in one way: keep '{ways[0]}' or '{ways[1]}'")
    way = Way(ways[0]) if ways else Way.NEW
    for name, key in keys.items():
        if name not in _BESIDE[way] and name != way:
            where = "in a mail that answers" if way is Way.NEW else f"beside '{way}'"
            raise key.wrong(f"'{name}' has no meaning {'except ' if way is Way.NEW else ''}{where}; leave it out")
    name = keys["as"].text() if "as" in keys else default_name
    if "as" in keys and (not _NAME.fullmatch(name) or name in (*names, "last")):
        raise keys["as"].wrong(f"'{name}' can't name a mail; take letters and digits, a name that is not used yet")
    _require(place, keys, way)
    written = keys.get(way.value)
    link, number, selector = "", 1, None
    if written is not None and way is Way.CLICKS:
        link, number, selector = _read_click(written)
    elif written is not None and way is Way.AGAIN:
        selector = Selector(name=read_name(written, written.text(), names))
    elif written is not None and way is not Way.EML:
        selector = read_selector(written, names, may_name=way is Way.FORWARDS)
    return Mail(
        name=name,
        way=way,
        sender=read_address(keys["from"]) if "from" in keys else "",
        to=_addresses(keys.get("to")),
        cc=_addresses(keys.get("cc")),
        subject=_optional(keys.get("subject")),
        text=_optional(keys.get("text")),
        html=_optional(keys.get("html")),
        headers=_headers(keys.get("headers")),
        attachments=tuple(_enclosure(p) for p in keys["attachments"].items()) if "attachments" in keys else (),
        authentication=_authentication(keys.get("authentication")),
        eml=keys["eml"].path() if way is Way.EML else None,
        selector=selector,
        link=link,
        link_number=number,
        keeps=_keeps(keys.get("keeps")),
        is_spoiled="spoils" in keys and keys["spoils"].choice(("reference",)) == "reference",
        renumbered=keys["renumbers"].number(1, 999_999_999_999) if "renumbers" in keys else 0,
        has_quote=keys["quotes"].flag() if "quotes" in keys else True,
        lines={"mail": place.line, **{key: p.line for key, p in keys.items()}},
    )


def _require(place: Place, keys: dict[str, Place], way: Way) -> None:
    if way in (Way.EML, Way.AGAIN):
        return
    if "from" not in keys:
        raise place.wrong("this mail has no sender; say from: ADDRESS")
    if way in (Way.NEW, Way.FORWARDS) and "to" not in keys:
        raise place.wrong("this mail goes to nobody; say to: ADDRESS")


def _read_click(place: Place) -> tuple[str, int, Selector]:
    match = _CLICK.fullmatch(place.text().strip())
    if not match:
        raise place.wrong("clicks takes NAME of last to ADDRESS, or NAME 2 of last TEMPLATE to ADDRESS")
    place.check(match[1], LINKS, LINKS_LATER, "there is no link")
    number = int(match[2] or 1)
    if number < 1:
        raise place.wrong("links are counted from 1")
    return match[1], number, _selector(place, match[3].strip(), (), False)


def _optional(place: Place | None) -> str | None:
    return None if place is None else place.text().removesuffix("\n")


def _addresses(place: Place | None) -> tuple[str, ...]:
    if place is None:
        return ()
    return tuple(read_address(p) for p in (place.items() if place.is_list else [place]))


def _keeps(place: Place | None) -> frozenset[str]:
    return frozenset(CARRIERS) if place is None else frozenset(p.choice(CARRIERS) for p in place.items())


def _authentication(place: Place | None) -> str | None:
    if place is None:
        return None
    written = " ".join(place.text().split())
    if written in AUTHENTICATION or ";" in written:
        return written
    raise place.wrong(
        f"authentication can't be '{written}'; {suggestion(written, AUTHENTICATION)}, "
        "or a whole value such as 'mx.isybuy.example; dmarc=pass header.from=client-a.example'"
    )


def _headers(place: Place | None) -> tuple[tuple[str, str], ...]:
    if place is None:
        return ()
    found: list[tuple[str, str]] = []
    for name, value in place.mapping().items():
        if not _FIELD_NAME.fullmatch(name):
            raise value.wrong(f"'{name}' can't name a header; it takes ASCII letters, digits and hyphens")
        if name.lower() == "mime-version" or name.lower().startswith("content-"):
            raise value.wrong(f"'{name}' is written by the mail client; for a mail built otherwise use eml: FILE")
        for text in value.texts():
            if any(c in text for c in "\r\n\0"):
                raise value.wrong(f"the header '{name}' takes one line; for a mail built otherwise use eml: FILE")
            found.append((name, text))
    return tuple(found)


def _enclosure(place: Place) -> Enclosure:
    keys = place.keys(("name", "type", "size", "text"))
    if "name" not in keys or ("size" in keys) == ("text" in keys):
        raise place.wrong("an attachment takes name: and either size: or text:, such as {name: a.png, size: 20000}")
    default = "text/plain" if "text" in keys else "application/octet-stream"
    kind = keys["type"].text() if "type" in keys else default
    if not _MEDIA_TYPE.fullmatch(kind):
        raise keys["type"].wrong(f"'{kind}' is no media type; write it like image/png")
    if "text" in keys:
        return Enclosure(keys["name"].text(), kind, text=keys["text"].text())
    return Enclosure(keys["name"].text(), kind, keys["size"].number(0, _LARGEST))
