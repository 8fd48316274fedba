"""What does a mail say? read(raw) is total: any octets give a ParsedMail, hostile ones with defects, no exception.

The way: prescan (how it is built, limits) -> parse (who, to whom, when) -> body (text, attachments) -> bounce and
classify (what sort) -> reply_text (what is new) -> language. Only the octets decide: no clock, no network.
"""

import re
from dataclasses import replace

from maild.mail import Address, Attachment, DeliveryReport, Kind, ParsedMail
from maild.reading.body import Body, read_body
from maild.reading.bounce import Bounced, read_report
from maild.reading.charset import decode
from maild.reading.classify import Calendar, Traits, classify, may_be_bounce
from maild.reading.content_key import content_key
from maild.reading.field_text import shown
from maild.reading.forward import is_forward, is_reply, without_prefixes
from maild.reading.language import language_of
from maild.reading.parse import read_addresses, read_date, read_ids, read_message_id, read_sender
from maild.reading.prescan import Part, Scan, prescan
from maild.reading.quote_proof import Answer
from maild.reading.reply_text import Cut, cut, cut_markup
from maild.reading.report import as_json
from maild.reading.transfer import payload

__all__ = ["as_json", "read"]

MOST_DEFECTS = 10

_CALENDARS = frozenset({"text/calendar", "application/ics"})
_METHOD = re.compile(r"(?im)^METHOD:\s*([A-Z]+)")
_HEADER = re.compile(rb"\s*+(?:received|return-path|dkim-signature|from|to|date|subject|message-id):", re.IGNORECASE)
_NO_RETURNED = ("-status", "-notification", "-report", "/external-body")  # what is message/* and no mail that came back


def read(raw: bytes) -> ParsedMail:
    """A mail as fetched (CRLF, LF or CR line ends) in; what could be read comes out, all of it storable text.

    Beyond the limits of prescan the sender and one text are still tried for; `unreadable` names the limit where
    they can't be had, and the mail itself is attached where they can. One mail that is attached is read too, but none
    that is attached to that one.
    """
    mail = _read(raw)
    inner = [a.data for a in mail.attachments if a.content_type == "message/rfc822"]
    is_persons = mail.kind is Kind.MESSAGE and not mail.unreadable and len(inner) == 1 and inner[0] is not raw
    return replace(mail, passed_on=_read(inner[0])) if is_persons else mail


def _read(raw: bytes) -> ParsedMail:
    scan = prescan(raw)
    fields = scan.root.fields
    values: dict[str, list[bytes]] = {}
    for name, value in fields:
        values.setdefault(name.lower(), []).append(value)
    headers = tuple((name, shown(value, scan.charset)) for name, value in fields)
    first = {name.lower(): value for name, value in reversed(headers)}
    defects = list(scan.defects)

    def addresses(name: str) -> tuple[Address, ...]:
        found = [read_addresses(value, scan.charset) for value in values.get(name, ())[:20]]
        if any(wrong for _, wrong in found):
            defects.append(f"{name}-field")
        return tuple(dict.fromkeys(address for many, _ in found for address in many))

    sender = read_sender(values.get("from", []), scan.from_count, scan.charset)
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
    in_reply_to, references = read_ids(values.get("in-reply-to", [])), read_ids(values.get("references", []))
    referenced = (references or in_reply_to or ("",))[-1]
    is_titled_re = is_reply(subject)
    is_answer = bool(in_reply_to or references or is_titled_re)
    answer = Answer((*to, *cc), subject)
    new = said = _new_text(body, answer if is_answer else None, sender)
    if not (is_answer or new.is_sure):  # a robot that says not that it answers quotes as programs do: to know its kind
        quoted = _new_text(body, answer, sender)
        said = quoted if quoted.is_sure else new
    passes_on = is_forward(subject, new.text)
    traits = Traits(
        fields=first,
        sender=sender,
        raw_from=first.get("from", ""),
        return_path=return_path,
        subject=subject,
        text=body.text,
        new_text=said.text if any(map(str.isalnum, said.text)) else body.text,
        types=[part.type.value for part in scan.root.walk()],
        report_type=scan.root.type.get("report-type").lower(),
        calendar=_calendar(scan),
        is_forward=passes_on,
    )
    report, failed_field = None, first.get("x-failed-recipients", "")
    if may_be_bounce(traits):
        report = _report(scan, subject, body.text, failed_field, own)
        is_report = report is not None and bool(report.status or report.message_ids or _reports(scan))
        gives_back = report is not None and bool(report.message_ids)
        traits = replace(traits, is_report=is_report, gives_back=gives_back)
    kind, auto_respond = classify(traits)
    # A bounce has no new text; a mail passed on is meant as a whole, and Outlook's looks like a reply.
    if kind is Kind.BOUNCE or is_forward(subject, ""):
        new = Cut(body.text, True)
    attachments = list(body.attachments)
    if scan.beyond:
        attachments.append(Attachment("original.eml", "message/rfc822", raw))
    return ParsedMail(
        sender=sender,
        subject=subject,
        title=without_prefixes(subject),
        text=body.text,
        reply_text=new.text,
        cut_is_sure=new.is_sure,
        is_forward=passes_on,
        is_reply=is_titled_re,
        html=body.html,
        to=to,
        cc=cc,
        reply_to=addresses("reply-to"),
        return_path=return_path,
        message_id=read_message_id(values.get("message-id", [b""])[0]),
        in_reply_to=in_reply_to,
        references=references,
        date=date,
        attachments=tuple(attachments),
        kind=kind,
        auto_respond=auto_respond and not scan.beyond,
        bounce=_bounce(report, referenced, bool(failed_field or _reports(scan))) if kind is Kind.BOUNCE else None,
        language=language_of(new.text or subject),
        headers=headers,
        defects=tuple(dict.fromkeys(defects))[:MOST_DEFECTS],
        unreadable=scan.beyond if scan.beyond and (sender is None or not body.text.strip()) else "",
        content_key=content_key(fields, memoryview(scan.octets)[scan.body_start :]),
        size=len(raw),
    )


def _new_text(body: Body, answer: Answer | None, writer: Address | None) -> Cut:
    markup, text = body.markup, body.text
    found = cut_markup(markup, text, answer, writer) if markup else cut(text, body.alternative, answer, writer)
    return found if found.text or found.is_sure else Cut(body.text.strip(), False)


def _return_path(values: list[bytes] | None) -> str | None:
    """The topmost Return-Path: '' for the null path `<>` (RFC 5321 4.5.5), None where none is stated."""
    if not values:
        return None
    text = shown(values[0]).strip()
    if "<" in text:
        text = text.partition("<")[2].partition(">")[0].strip()
    return text[:320]


def _calendar(scan: Scan) -> Calendar | None:
    """The first calendar part or file that states a METHOD (RFC 5546), in its type or its text; else the first."""
    found, parts = None, list(scan.root.walk())
    alternatives = [child for part in parts if part.type.value == "multipart/alternative" for child in part.children]
    for part in parts:
        filename = (part.disposition.get("filename") or part.type.get("name")).lower()
        if part.type.value not in _CALENDARS and not filename.endswith(".ics"):
            continue
        stated = part.type.get("method") or _METHOD.search(decode(payload(scan, part)[0][:10_000]))
        method = (stated if isinstance(stated, str) else stated[1] if stated else "").upper()
        is_attached = part.disposition.value == "attachment" or part.type.value != "text/calendar"
        calendar = Calendar(method, is_attached, any(part is other for other in alternatives))
        if method:
            return calendar
        found = found or calendar
    return found


def _bounce(report: DeliveryReport | None, referenced: str, is_stated: bool) -> DeliveryReport:
    """The report of a bounce. Exim may return nothing and refer to the mail alone: believed for a delay, which ends
    nothing, and where fields, not words, say that the mail failed.
    """
    report = report or DeliveryReport((), "failed", "")
    if report.message_ids or not referenced or not (is_stated or report.action == "delayed"):
        return report
    return replace(report, message_ids=(referenced,))


def _report(scan: Scan, subject: str, text: str, failed_field: str, own: list[str]) -> DeliveryReport | None:
    """What a delivery report says; where a list or a gateway passes one on (message/rfc822), what that one says."""
    reports, returned = _reports(scan), _returned(scan)
    if not reports and returned and b"delivery-status" in (inner := _start_of(scan, returned[0])):
        passed_on = prescan(inner)
        if inner_reports := _reports(passed_on):
            scan, reports, returned, text = passed_on, inner_reports, _returned(passed_on), ""
    return read_report(
        Bounced(
            [_start_of(scan, part) for part in reports[:5]],
            [_start_of(scan, part) for part in returned[:5]],
            subject,
            text,
            failed_field,
            own,
        )
    )


def _reports(scan: Scan) -> list[Part]:
    return [part for part in scan.root.walk() if part.type.value.endswith("delivery-status")]


def _returned(scan: Scan) -> list[Part]:
    """What came back: by its type, or, of small parts after the first, by a header of its own (GroupWise: Mime.822)."""
    parts = list(scan.root.walk())
    typed = [part for part in parts if _is_returned(part.type.value)]
    leaves = [part for part in parts if not part.children][1:6]
    return typed or [part for part in leaves if part.end - part.start < 64_000 and _HEADER.match(_start_of(scan, part))]


def _is_returned(kind: str) -> bool:
    return kind == "text/rfc822-headers" or (kind.startswith("message/") and not kind.endswith(_NO_RETURNED))


def _start_of(scan: Scan, part: Part) -> bytes:
    return payload(scan, part)[0][:64_000]
