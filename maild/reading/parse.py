"""Who wrote, to whom, when? The only place that knows mail-parser, which reads addresses and dates.

It is given one bounded field at a time and never a body: so its traps (recursion, memory, `''` for all that is
absent, the first of two From fields) are out of reach, and what it still raises becomes a defect.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

import mailparser

from maild.mail import Address, address_key
from maild.reading.charset import keeps_syntax
from maild.reading.field_text import characters, decode_words

MOST_OCTETS = 20_000  # of an address field
MOST_ADDRESSES = 500
MOST_IDS = 100  # reliability.md H19

_ID = re.compile(r"<([^<>]{1,500})>|([^\s<>,]{1,500}+)")  # bracketed, or a word of its own
_BARE_ID = re.compile(r"[^\s<>\"(),;:@]{1,125}@[^\s<>\"(),;:@]{1,125}")
_LONGEST_ID = 250
# Tried at the start of a word alone, and possessive: a long name without an address in it is looked at once.
_IN_NAME = re.compile(r"(?<![^\s@<>\"'(),;:])[^\s@<>\"'(),;:]++@[^\s@<>\"'(),;:]++")
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"?')
_BARE_COMMA = re.compile(r"([^<>\"@(),;]*,[^<>\"@(),;]*)<[^<>]*>\s*")  # Durand, Alice <alice@..>
# The forms that nearly all mails have are read at once; whatever else goes to the library, which takes its time.
_ADDRESS = r"[A-Za-z0-9_+'=/-]++(?:\.[A-Za-z0-9_+'=/-]++){0,9}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
_SAID = r"[^\"\\<>@,;:()\[\]\ufffd]*+"  # a name, with nothing in it that has a meaning
_MAILBOX = re.compile(rf"(?:\"({_SAID})\"[ ]?|({_SAID}))<({_ADDRESS})>|({_ADDRESS})")
_DATE = re.compile(
    r"(?:[A-Z][a-z]{2}, {1,2})?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)([0-5]\d)"
    r"(?: \([A-Z]{1,5}\))?"
)
_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
# What mail-parser finds odd and is no danger: a name that should have been quoted.
_HARMLESS = frozenset({"invalid-display-name", "structural-recovery", "invalid-utf8"})


def read_addresses(field: bytes, hint: str = "") -> tuple[tuple[Address, ...], frozenset[str]]:
    """The mailboxes of an address field, at most MOST_ADDRESSES, and slugs of what is wrong with it.

    `hint` as for field_text.characters; only where it can't turn syntax into letters.
    """
    text = characters(field[:MOST_OCTETS], hint if keeps_syntax(hint) else "")
    if not text:
        return (), frozenset()
    if (plain := _read_plain(text)) is not None:
        return plain, frozenset()
    try:
        parsed = mailparser.parse_from_bytes(b"To: " + text.encode("utf-8", "replace") + b"\r\n\r\n")
        found = parsed.to or []
        defects = frozenset(
            reason for defect in parsed.address_header_defects for reason in str(defect.get("reason", "")).split(",")
        )
        pairs = [(str(name), str(address)) for name, address in found[:MOST_ADDRESSES]]
    except Exception:  # whatever it raises: the field can't be read, and that is the message's fault
        return (), frozenset({"unreadable"})
    addresses = tuple(
        Address(address, " ".join(decode_words(name).split())) for name, address in pairs if _is_address(address)
    )
    return addresses, defects if len(addresses) == len(pairs) else defects | {"invalid-address"}


def _read_plain(text: str) -> tuple[Address, ...] | None:
    """The mailboxes where each is an address in its common form, with a name or without; None for other forms."""
    found = [_MAILBOX.fullmatch(piece.strip()) for piece in text.split(",")[: MOST_ADDRESSES + 1]]
    if len(found) > MOST_ADDRESSES:
        return None
    addresses = []
    for match in found:
        if match is None:
            return None
        quoted, bare, bracketed, alone = match.groups()
        addresses.append(Address(bracketed or alone, " ".join(decode_words(quoted or bare or "").split())))
    return tuple(addresses)


def _is_address(text: str) -> bool:
    local, _, domain = text.rpartition("@")
    return (
        bool(local and domain)
        and len(text) <= 320
        and text.isprintable()
        and "\ufffd" not in text
        and not set(domain) & set(' "<>(),;:\\')
    )


def read_sender(fields: list[bytes], from_count: int, hint: str = "") -> Address | None:
    """The single From mailbox (RFC 5322 section 3.6.2), or None: none, several, a group, or a form made to deceive.

    `fields` are the From fields; `from_count` counts those beyond our limits too (reliability.md H17).
    """
    if len(fields) != 1 or from_count != 1:
        return None
    text = characters(fields[0], hint if keeps_syntax(hint) else "")
    bare = _QUOTED.sub("", text)
    addresses, defects = read_addresses(fields[0], hint)
    if len(addresses) != 1 or ";" in bare or len(fields[0]) > MOST_OCTETS:
        return None
    sender = addresses[0]
    comma = _BARE_COMMA.fullmatch(text)
    if defects - _HARMLESS and (comma is None or defects - _HARMLESS != {"invalid-or-ambiguous-address"}):
        return None
    if any(address_key(other) != sender.key for other in _IN_NAME.findall(sender.name)):
        return None  # a name that shows another address
    return Address(sender.address, " ".join(decode_words(comma[1]).split())) if comma else sender


def read_date(field: bytes) -> datetime | None:
    """An aware instant in the sender's zone, or None. RFC 5322 section 3.3, and near forms that the library knows."""
    text = characters(field)[:200]
    if not text:
        return None
    try:
        if match := _DATE.fullmatch(text):
            day, month, year, hour, minute, second, sign, zone_hour, zone_minute = match.groups()
            offset = timedelta(hours=int(zone_hour), minutes=int(zone_minute)) * (-1 if sign == "-" else 1)
            time = int(hour), int(minute), int(second)
            return datetime(int(year), _MONTHS[month], int(day), *time, tzinfo=timezone(offset))
    except (ValueError, KeyError):  # the library knows what to make of some of these
        pass
    try:
        parsed = mailparser.parse_from_bytes(b"Date: " + text.encode("ascii", "replace") + b"\r\n\r\n")
        instant: datetime | None = parsed.date
        if instant is not None:
            aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
            return aware.astimezone(timezone(timedelta(hours=float(parsed.timezone or 0))))
        loose = parsedate_tz(text)
        if loose is None:
            return None
        zone = timezone(timedelta(seconds=loose[9] or 0))
        when = datetime(*loose[:5], min(loose[5], 59), tzinfo=zone)
        return when if 1970 <= when.year <= 9000 else None
    except Exception:  # out of range, broken: no date is a value
        return None


def read_ids(fields: list[bytes]) -> tuple[str, ...]:
    """Message ids without angle brackets, each once, in order; of too many the newest, which stand last."""
    ids = [found for field in fields for found in _ids(characters(field))]
    return tuple(dict.fromkeys(ids))[-MOST_IDS:]


def read_message_id(field: bytes) -> str:
    """The mail's own id without angle brackets, also where they are missing or blanks stand inside; '' for none."""
    text = characters(field)
    return next(_ids(text), "") or "".join(text.strip("<> ").split())[:_LONGEST_ID]


def _ids(text: str) -> Iterator[str]:
    """The ids of a field: whatever stands in brackets, folded or not, and those without where no other words are.

    RFC 822 allowed a phrase in In-Reply-To (`Your message of Monday from alice@..`): what it names is no id.
    """
    found = [match.groups() for match in _ID.finditer(text)]
    is_phrase = any(bare and not _BARE_ID.fullmatch(bare) for _, bare in found)
    for bracketed, bare in found:
        word = "".join((bracketed or "").split())
        if word and len(word) <= _LONGEST_ID and (word == bracketed or word.count("@") == 1):
            yield word
        elif bare and not is_phrase:
            yield bare
