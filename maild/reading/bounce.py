"""What does a delivery report say? RFC 3464 first; then the words of servers that write no such report.

Only read here: whether a report may be believed is for whoever knows which mails we sent (reliability.md A24).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from maild.mail import DeliveryReport
from maild.reading.bounce_words import ARRIVED, DELAYED, GIVEN_UP, HELP, RETURNED, SAYS_SO, SUBJECTS, WARNINGS
from maild.reading.charset import decode, storable, storable_line
from maild.reading.field_text import decode_words

MOST_RECIPIENTS = 50
MOST_OCTETS = 64_000  # of a report and of what came back
MOST_TEXT = 20_000  # characters of prose
MOST_VALUE = 2_000  # characters of a field of a report, from which on no further lines are added

# The worst that is told of any recipient is what the report says; RFC 3464 section 2.3.3, and words near to it.
_ACTIONS = (
    ("failed", ("fail", "error", "undeliverable", "bounced", "rejected")),
    ("delayed", ("delay", "defer", "warning")),
    ("expanded", ("expand",)),
    ("relayed", ("relay",)),
    ("delivered", ("deliver", "success")),
)
_BY_CLASS = {"2": "delivered", "5": "failed"}  # 4 may be either: words decide
_NEW_GROUP = ("final-recipient", "original-recipient")  # each stands once in a group

# Letters and digits of an address: also of RFC 6531, but not of the scripts that write words without blanks.
_ALNUM = "A-Za-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u052f"
_LOCAL = rf"{_ALNUM}!#$%&'*+/=?^_`{{|}}~.-"
_NO_MIDDLE = rf"(?<![{_LOCAL}@])"  # no address begins within one
_ADDRESS = rf"[{_LOCAL}]{{1,64}}+@[{_ALNUM}.-]{{1,250}}[{_ALNUM}]"
_ALONE = re.compile(
    rf"^[ \t>*•-]{{0,40}}[<\"']?({_ADDRESS})(?:<mailto:[^<>\n]{{1,300}}>)?[>\"']?[:,.]?[ \t]{{0,40}}$", re.MULTILINE
)
_BRACKETED = re.compile(rf"<({_ADDRESS})>")
_SENT_BY = re.compile(rf"\b(?:from|sender(?: address)?)[ \t]*+:[ \t]*+<?{_ADDRESS}>?", re.IGNORECASE)
_BARE = re.compile(rf"{_NO_MIDDLE}{_ADDRESS}(?![{_ALNUM}@])")
# To the end of the line, and of the next one if that goes on.
_HELP = re.compile(rf"\b(?:{'|'.join(HELP)})\b(?:[^\n@]*[^\n@.!:]\n[^\n]*|[^\n]*)", re.IGNORECASE)
_FIELD = re.compile(r"^([A-Za-z][A-Za-z0-9-]{2,40}+)[ \t]*+:[ \t]*+(.*)$")
_MAILBOX = re.compile(r"""(?:"[^"@]{1,64}"|[^\s<>"(),:;@]{1,64}+)@[^\s<>"(),:;@]{1,250}""")  # also of RFC 6531
_UNITEXT = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")  # RFC 6533 section 3
_XTEXT = re.compile(r"\+(2B|3D|40)")  # RFC 3461 section 4: these alone are told from a tag such as `bob+2026`
_HAS_FIELDS = re.compile(r"^(?:final|original)-recipient[ \t]*+:", re.IGNORECASE | re.MULTILINE)
_ID = re.compile(r"<?([^<>\s@]{1,120}+@[^<>\s@]{1,120}[^<>\s@,;.)])")  # some lose the brackets, as if they were a tag
_MESSAGE_ID = re.compile(rf"^[> \t]*+Message-ID[ \t]*+:[\s>]{{0,9}}{_ID.pattern}", re.IGNORECASE | re.MULTILINE)
_FORMER_ID = re.compile(rf"^[> \t]*+X-Original-Message-ID:[\s>]{{0,9}}{_ID.pattern}", re.IGNORECASE | re.MULTILINE)
_TO = re.compile(r"^[> \t]*+To:(.{0,2000}(?:\n[ \t].{0,2000}){0,20})", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.:-])([45])(\d{2})(?=[ :-](?:[^\d]|\d\.\d))")
_DELAYED = re.compile("|".join(DELAYED), re.IGNORECASE)
_GIVEN_UP = re.compile("|".join(GIVEN_UP), re.IGNORECASE)
_ARRIVED = re.compile("|".join(ARRIVED), re.IGNORECASE)
_SAYS_SO = re.compile("|".join(SAYS_SO), re.IGNORECASE)
_RETURNED = re.compile(rf"^[ \t]*+(?:{'|'.join(RETURNED)})[ \t]{{0,20}}$", re.IGNORECASE | re.MULTILINE)
_ECHO = re.compile(rf"\b(?:{SUBJECTS})(?: of the message)?(?: is| was)?[ \t\xa0]{{0,9}}:.*", re.IGNORECASE)
# The Subject of the mail that came back, where the server cites it in its sentence.
_CITED = re.compile(
    r"«[^«»\n]{1,200}»|“[^“”\n]{1,200}”|„[^„“\n]{1,200}“|\"[^\"\n]{1,200}\"|‘[^‘’\n]{1,200}’(?!\w)|(?<!\w)'[^'\n]{1,200}'(?!\w)"
)
_WARNING = re.compile(rf"\W{{0,9}}(?:{WARNINGS})\b", re.IGNORECASE)
_NAMED = re.compile(
    rf"(?:(?:recipients?|destinataires?|to|user|users|address(?:es)?|mailbox|rcpt to|original-recipient|"
    rf"final-recipient|failed recipient|e-?mail|envoyé à|empfänger|delivering to|delivery to|forwarding to|"
    rf"deliver(?:ed)?(?: mail| message| it| your message)? to|sent to|unknown user|user unknown)\b"
    rf"[^\n@]{{0,40}}?{_NO_MIDDLE}"
    rf"|^[ \t]*|<|\")"
    rf"({_ADDRESS})",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Bounced:
    """The parts of a mail that may be a report, decoded.

    `reports` are the delivery-status parts, `returned` what came back (a mail or its headers), `text` the prose,
    `failed_field` the X-Failed-Recipients header (Exim), `own` addresses that are not the recipient: the sender and
    receiver of the report.
    """

    reports: Sequence[bytes]
    returned: Sequence[bytes]
    subject: str
    text: str
    failed_field: str = ""
    own: Iterable[str] = ()


def read_report(parts: Bounced) -> DeliveryReport | None:
    """The report, or None where nothing of one is found."""
    prose, quoted = _split(_ECHO.sub("", parts.text[:MOST_TEXT]))
    groups = [group for octets in parts.reports for group in _groups(storable(decode(_single(octets[:MOST_OCTETS]))))]
    if not any(_recipient(group) or "action" in group for group in groups) and _HAS_FIELDS.search(prose):
        groups = list(_groups(prose))  # a gateway made text of the part
    said = {id(group): _action_of(group) for group in groups}
    action = next((name for name, _ in _ACTIONS if name in said.values()), "")
    chosen = [group for group in groups if said[id(group)] == action] if action else []
    main = next((group for group in chosen or groups if "action" in group or "status" in group), {})
    heads = [_head(octets) for octets in parts.returned]
    recipients = _recipients(parts, chosen or groups, prose, heads or [quoted])
    diagnostic = storable_line(decode_words(main.get("diagnostic-code", "")))[:1_000] or _diagnostic(prose)
    status = _STATUS.search(main.get("status", "")) or _STATUS.search(diagnostic) or _STATUS.search(prose)
    code = status[1] if status else _status_of_code(diagnostic or prose)
    ids = _ids(heads, groups, quoted)
    if not recipients and not main and not ids and not code:
        return None
    return DeliveryReport(tuple(recipients), action or _action(code, parts.subject, prose), code, ids, diagnostic)


def _single(octets: bytes) -> bytes:
    """Some gateways end lines with CR CR LF: no blank line is meant."""
    return octets.replace(b"\r\r\n", b"\n")


def _groups(text: str) -> Iterable[dict[str, str]]:
    """The groups of fields of RFC 3464 section 2.1, names in lower case, whether or not a blank line parts them."""
    group: dict[str, str] = {}
    name = ""
    for line in text.split("\n"):
        match = _FIELD.match(line)
        opens = match is not None and match[1].lower() in _NEW_GROUP and match[1].lower() in group
        if (opens or not line.strip()) and group:
            yield group
            group, name = {}, ""
        if match:
            name = match[1].lower()
            group.setdefault(name, match[2].strip())
        elif line[:1] in (" ", "\t") and name and line.strip() and len(group[name]) < MOST_VALUE:
            group[name] += " " + line.strip()
    if group:
        yield group


def _action_of(group: dict[str, str]) -> str:
    """The action of a group about a recipient, by its status where none is stated; '' for the group of the mail."""
    stated = group.get("action", "").lower()
    for name, words in _ACTIONS:
        if stated.startswith(words):
            return name
    status = _STATUS.match(group.get("status", ""))
    return _BY_CLASS.get(status[1][0], "") if status and not stated else ""


def _recipient(group: dict[str, str]) -> str:
    """Final-Recipient, or the original one where the final is a name inside the other server (RFC 3464 2.3.2)."""
    for name in ("final-recipient", "original-recipient", "x-actual-recipient"):
        value = group.get(name, "").rpartition(";")[2]
        value = _UNITEXT.sub(_character, value)
        if name == "original-recipient":
            value = _XTEXT.sub(lambda match: chr(int(match[1], 16)), value)
        if found := _MAILBOX.search(value.strip(" <>")[:500]):
            return found[0].rstrip(".")
    return ""


def _character(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    return chr(number) if 0xA0 <= number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"


def _recipients(parts: Bounced, groups: list[dict[str, str]], prose: str, heads: Sequence[str]) -> list[str]:
    """By the report's fields, Exim's header, the prose, and at last by whom the returned mail went to."""
    own = {address.lower() for address in parts.own}
    found = [recipient for group in groups if (recipient := _recipient(group))] or _BARE.findall(parts.failed_field)
    found = found or _recipients_in(prose, own)
    if not found:
        receivers = [match[1] for head in heads[:1] if (match := _TO.search(head))]
        found = [address for text in receivers for address in _BARE.findall(text) if address.lower() not in own]
    return list(dict.fromkeys(found))[:MOST_RECIPIENTS]


def _recipients_in(prose: str, own: set[str]) -> list[str]:
    """Whom the prose names, those first who stand where reports name recipients; servers only if nobody else."""
    prose = _HELP.sub("", _SENT_BY.sub("", prose))
    of_servers: list[str] = []
    for pattern in (_ALONE, _BRACKETED, _NAMED, _BARE):
        found = [address.rstrip(".") for address in pattern.findall(prose)]
        found = [address for address in found if address.lower() not in own]
        people = [a for a in found if not a.lower().startswith(("postmaster@", "mailer-daemon@"))]
        if people:
            return people
        of_servers = of_servers or found
    return of_servers


def _split(text: str) -> tuple[str, str]:
    """The server's prose, and what it shows of the mail that came back (the whole, where no line parts them)."""
    for match in _RETURNED.finditer(text):
        if text[: match.start()].strip():
            return text[: match.start()], text[match.start() :]
    return text, text


def _diagnostic(prose: str) -> str:
    for line in prose.split("\n"):
        if _STATUS.search(line) or _CODE.search(line):
            return storable_line(" ".join(line.split()))[:1_000]
    return ""


def _status_of_code(text: str) -> str:
    """The class of a plain reply code (RFC 5321 4.2.1) as an enhanced code."""
    match = _CODE.search(text)
    return f"{match[1]}.0.0" if match else ""


def _action(status: str, subject: str, prose: str) -> str:
    """By words where no field says it: a delay is one by the subject, or by a text that does not give up."""
    if status.startswith("2."):
        return "delivered"
    title = subject if _WARNING.match(subject) else subject.partition(":")[0]
    start = _CITED.sub(" ", " ".join(prose[:3_000].split()))
    if _DELAYED.search(title) and not _GIVEN_UP.search(title):
        return "delayed"
    if not status and _ARRIVED.search(start) and not _SAYS_SO.search(f"{title} {start}"):
        return "delivered"
    tries_on = _DELAYED.search(start) and not _GIVEN_UP.search(f"{title} {start}")
    return "delayed" if tries_on and not status.startswith("5.") else "failed"


def _head(octets: bytes) -> str:
    return storable(decode(re.split(rb"\r?\n\r?\n", octets[:MOST_OCTETS].lstrip(b"\r\n"), maxsplit=1)[0]))


def _ids(heads: Sequence[str], groups: Sequence[dict[str, str]], quoted: str) -> tuple[str, ...]:
    """The ids of the returned mail: its own, and the one that it had before a relay gave it another (SES)."""
    ids = [found for head in heads for pattern in (_MESSAGE_ID, _FORMER_ID) for found in pattern.findall(head)[:1]]
    for group in groups:
        stated = group.get("x-original-message-id", "") or group.get("original-message-id", "")
        ids += _ID.findall(stated)[:1]
    return tuple(dict.fromkeys(ids or _MESSAGE_ID.findall(quoted)[:1]))[:10]
