"""What does a delivery report say? RFC 3464 first; then the words of servers that write no such report.

Only read here: whether a report may be believed is for whoever knows which mails we sent (reliability.md A24).
"""

import re
from collections.abc import Iterable

from maild.mail import DeliveryReport
from maild.reading.charset import decode, storable, storable_line

MOST_RECIPIENTS = 50
MOST_OCTETS = 64_000  # of a report and of what came back
MOST_TEXT = 20_000  # characters of prose
MOST_VALUE = 2_000  # characters of a field of a report, from which on no further lines are added

_NO_MIDDLE = r"(?<![A-Za-z0-9!#$%&'*+/=?^_`{|}~.@-])"  # no address begins within one
_ADDRESS = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}+@[A-Za-z0-9.-]{1,250}[A-Za-z0-9]"
_BRACKETED = re.compile(rf"<({_ADDRESS})>")
_BARE = re.compile(rf"{_NO_MIDDLE}{_ADDRESS}(?![A-Za-z0-9@])")
_FIELD = re.compile(r"^([A-Za-z][A-Za-z0-9-]{2,40}+)[ \t]*+:[ \t]*+(.*)$")
_MESSAGE_ID = re.compile(r"^[> \t]*Message-ID:\s*<([^<>\s]{1,250})>", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.:-])([45])(\d{2})(?=[ -](?:[^\d]|\d\.\d))")
_DELAYED = re.compile(
    r"delay|not yet been delivered|will (?:be retried|continue to (?:be )?(?:try|attempt))|still trying|warning only"
    r"|retard|sera retent|nouvelle tentative|verzögert|do not need to resend|temporary (?:problem|failure)",
    re.IGNORECASE,
)
_RETURNED = re.compile(
    r"^[ \t]*+(?:-{2,}+.{0,60}(?:copy of|original|returned|below|unsent|undelivered|message (?:header|text|follow)|"
    r"transcript|enclosed).{0,120}|(?:original message|message headers?|the (?:original|text of the) message).{0,40}:?|"
    r"received: from .*|return-path: .*|below this line is a copy of the message\.?)[ \t]{0,20}$",
    re.IGNORECASE | re.MULTILINE,
)
_NAMED = re.compile(
    rf"(?:(?:recipients?|destinataires?|to|user|users|address(?:es)?|mailbox|rcpt to|original-recipient|"
    rf"final-recipient|failed recipient|e-?mail|envoyé à|empfänger|delivering to|delivery to|forwarding to|"
    rf"deliver(?:ed)?(?: mail| message| it| your message)? to|sent to|unknown user|user unknown)\b"
    rf"[^\n@]{{0,40}}?{_NO_MIDDLE}"
    rf"|^[ \t]*|<|\")"
    rf"({_ADDRESS})",
    re.IGNORECASE | re.MULTILINE,
)


def read_report(
    reports: Iterable[bytes], returned: Iterable[bytes], text: str, failed_field: str, own: Iterable[str]
) -> DeliveryReport | None:
    """The report, or None where nothing of one is found.

    `reports` are the message/delivery-status parts, `returned` what came back (a mail or its headers), `text` the
    prose, `failed_field` the X-Failed-Recipients header (Exim), `own` addresses that are not the recipient: the sender
    and receiver of the report.
    """
    blocks = [block for octets in reports for block in _blocks(octets)]
    recipients = list(dict.fromkeys(r for block in blocks for r in _recipients(block)))[:MOST_RECIPIENTS]
    main = next((block for block in blocks if "action" in block or "status" in block), {})
    prose, _, quoted = _split(text[:MOST_TEXT])
    if not recipients:
        recipients = list(dict.fromkeys(_BARE.findall(failed_field)))[:MOST_RECIPIENTS]
    if not recipients:
        recipients = _recipients_in(prose, {address.lower() for address in own})
    diagnostic = storable_line(main.get("diagnostic-code", ""))[:1_000] or _diagnostic(prose)
    status = _STATUS.search(main.get("status", "")) or _STATUS.search(diagnostic) or _STATUS.search(prose)
    code = status[1] if status else _status_of_code(diagnostic or prose)
    ids = _ids(list(returned), quoted)
    if not recipients and not main and not ids and not code:
        return None
    return DeliveryReport(tuple(recipients), _action(main, code, prose), code, ids, diagnostic)


def _blocks(octets: bytes) -> Iterable[dict[str, str]]:
    """The groups of fields of RFC 3464 section 2.1, names in lower case."""
    block: dict[str, str] = {}
    name = ""
    for line in storable(decode(octets[:MOST_OCTETS])).split("\n"):
        if not line.strip():
            if block:
                yield block
            block, name = {}, ""
        elif line[0] in " \t" and name:
            if len(block[name]) < MOST_VALUE:
                block[name] += " " + line.strip()
        elif match := _FIELD.match(line):
            name = match[1].lower()
            block.setdefault(name, match[2].strip())
    if block:
        yield block


def _recipients(block: dict[str, str]) -> Iterable[str]:
    """Final-Recipient, or the original one where the final is a name inside the other server (RFC 3464 2.3.2)."""
    for name in ("final-recipient", "original-recipient", "x-actual-recipient"):
        value = block.get(name, "").rpartition(";")[2].strip().strip("<>")
        if found := _BARE.search(value):
            yield found[0]
            return


def _split(text: str) -> tuple[str, str, str]:
    """The server's prose, and what it shows of the mail that came back."""
    for match in _RETURNED.finditer(text):
        if text[: match.start()].strip():
            return text[: match.start()], match[0], text[match.start() :]
    return text, "", text


def _recipients_in(prose: str, own: set[str]) -> list[str]:
    for pattern in (_BRACKETED, _NAMED, _BARE):
        found = [address.rstrip(".") for address in pattern.findall(prose)]
        found = [
            a for a in found if a.lower() not in own and not a.lower().startswith(("postmaster@", "mailer-daemon@"))
        ]
        if found:
            return list(dict.fromkeys(found))[:MOST_RECIPIENTS]
    return []


def _diagnostic(prose: str) -> str:
    for line in prose.split("\n"):
        if _STATUS.search(line) or _CODE.search(line):
            return storable_line(" ".join(line.split()))[:1_000]
    return ""


def _status_of_code(text: str) -> str:
    """The class of a plain reply code (RFC 5321 4.2.1) as an enhanced code."""
    match = _CODE.search(text)
    return f"{match[1]}.0.0" if match else ""


def _action(main: dict[str, str], status: str, prose: str) -> str:
    stated = main.get("action", "").split(" ")[0].strip(";,").lower()
    if stated in ("failed", "delayed", "delivered", "relayed", "expanded"):
        return stated
    if status.startswith("2."):
        return "delivered"
    if status.startswith("4."):
        return "delayed" if _DELAYED.search(prose) else "failed"
    return "delayed" if not status and _DELAYED.search(prose[:2_000]) else "failed"


def _ids(returned: list[bytes], quoted: str) -> tuple[str, ...]:
    ids: list[str] = []
    for octets in returned:
        head = re.split(rb"\r?\n\r?\n", octets[:MOST_OCTETS].lstrip(b"\r\n"), maxsplit=1)[0]
        ids += _MESSAGE_ID.findall(storable(decode(head)))[:1]
    return tuple(dict.fromkeys(ids or _MESSAGE_ID.findall(quoted)))[:10]
