"""What does a mail say? read(raw) is total: any octets give a ParsedMail, hostile ones with defects, no exception.

The way: prescan (how it is built, limits) -> parse (who, to whom, when) -> body (text, attachments) -> bounce and
classify (what sort) -> reply_text (what is new) -> language. Only the octets decide: no clock, no network.
"""

import re

from maild.mail import Address, Attachment, DeliveryReport, Kind, ParsedMail
from maild.reading.body import Body, payload, read_body
from maild.reading.bounce import read_report
from maild.reading.charset import decode
from maild.reading.classify import Traits, classify
from maild.reading.content_key import content_key
from maild.reading.field_text import shown
from maild.reading.forward import is_forward
from maild.reading.language import language_of
from maild.reading.parse import read_addresses, read_date, read_ids, read_message_id, read_sender
from maild.reading.prescan import Part, Scan, prescan
from maild.reading.reply_text import Cut, cut, cut_markup
from maild.reading.report import as_json

__all__ = ["as_json", "read"]

MOST_DEFECTS = 10

_METHOD = re.compile(r"(?im)^METHOD:\s*([A-Z]+)")
_RETURNED = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"})


def read(raw: bytes) -> ParsedMail:
    """A mail as fetched (CRLF, LF or CR line ends) in; what could be read comes out, all of it storable text.

    Beyond the limits of prescan the sender and one text are still tried for; `unreadable` names the limit where
    they can't be had, and the mail itself is attached where they can.
    """
    scan = prescan(raw)
    fields = scan.root.fields
    values: dict[str, list[bytes]] = {}
    for name, value in fields:
        values.setdefault(name.lower(), []).append(value)
    headers = tuple((name, shown(value)) for name, value in fields)
    first = {name.lower(): value for name, value in reversed(headers)}
    defects = list(scan.defects)

    def addresses(name: str) -> tuple[Address, ...]:
        found = [read_addresses(value) for value in values.get(name, ())[:20]]
        if any(wrong for _, wrong in found):
            defects.append(f"{name}-field")
        return tuple(dict.fromkeys(address for many, _ in found for address in many))

    sender = read_sender(values.get("from", []), scan.from_count)
    if sender is None:
        defects.append("no-from" if not values.get("from") else "from-field")
    body = read_body(scan)
    defects += body.defects
    to, cc, subject = addresses("to"), addresses("cc"), first.get("subject", "")
    date = read_date(values.get("date", [b""])[0])
    if date is None:
        defects.append("date-field" if values.get("date") else "no-date")
    own = [address.address for address in (*([sender] if sender else []), *to)]
    return_path = _return_path(values.get("return-path"))
    report = _report(scan, body, first.get("x-failed-recipients", ""), own)
    traits = Traits(
        fields=first,
        sender=sender,
        raw_from=first.get("from", ""),
        return_path=return_path,
        subject=subject,
        text=body.text,
        types=[part.type.value for part in scan.root.walk()],
        report_type=scan.root.type.get("report-type").lower(),
        calendar_method=_calendar_method(scan),
        is_report=report is not None and bool(report.status or report.message_ids or _reports(scan)),
    )
    kind, auto_respond = classify(traits)
    # A bounce has no new text; a mail passed on is meant as a whole, and Outlook's looks like a reply.
    is_whole = kind is Kind.BOUNCE or is_forward(subject, "")
    new = Cut(body.text, True) if is_whole else _new_text(body)
    attachments = list(body.attachments)
    if scan.beyond:
        attachments.append(Attachment("original.eml", "message/rfc822", raw))
    return ParsedMail(
        sender=sender,
        subject=subject,
        text=body.text,
        reply_text=new.text,
        cut_is_sure=new.is_sure,
        is_forward=is_forward(subject, new.text),
        html=body.html,
        to=to,
        cc=cc,
        reply_to=addresses("reply-to"),
        return_path=return_path,
        message_id=read_message_id(values.get("message-id", [b""])[0]),
        in_reply_to=read_ids(values.get("in-reply-to", [])),
        references=read_ids(values.get("references", [])),
        date=date,
        attachments=tuple(attachments),
        kind=kind,
        auto_respond=auto_respond and not scan.beyond,
        bounce=(report or DeliveryReport((), "failed", "")) if kind is Kind.BOUNCE else None,
        language=language_of(new.text or subject),
        headers=headers,
        defects=tuple(dict.fromkeys(defects))[:MOST_DEFECTS],
        unreadable=scan.beyond if scan.beyond and (sender is None or not body.text.strip()) else "",
        content_key=content_key(fields, memoryview(scan.octets)[scan.body_start :]),
        size=len(raw),
    )


def _new_text(body: Body) -> Cut:
    found = cut_markup(body.markup, body.text) if body.markup else cut(body.text, body.alternative)
    return found if found.text or found.is_sure else Cut(body.text.strip(), False)


def _return_path(values: list[bytes] | None) -> str | None:
    """The topmost Return-Path: '' for the null path `<>` (RFC 5321 4.5.5), None where none is stated."""
    if not values:
        return None
    text = shown(values[0]).strip()
    if "<" in text:
        text = text.partition("<")[2].partition(">")[0].strip()
    return text[:320]


def _calendar_method(scan: Scan) -> str:
    """METHOD of the first calendar part (RFC 5546), from its Content-Type or its text."""
    for part in scan.root.walk():
        if part.type.value == "text/calendar":
            stated = part.type.get("method") or _METHOD.search(decode(payload(scan, part)[0][:10_000]))
            return (stated if isinstance(stated, str) else stated[1] if stated else "").upper()
    return ""


def _report(scan: Scan, body: Body, failed_field: str, own: list[str]) -> DeliveryReport | None:
    returned = [part for part in scan.root.walk() if part.type.value in _RETURNED]
    return read_report(
        [_start_of(scan, part) for part in _reports(scan)[:5]],
        [_start_of(scan, part) for part in returned[:5]],
        body.text,
        failed_field,
        own,
    )


def _reports(scan: Scan) -> list[Part]:
    return [part for part in scan.root.walk() if part.type.value.endswith("delivery-status")]


def _start_of(scan: Scan, part: Part) -> bytes:
    return payload(scan, part)[0][:64_000]
