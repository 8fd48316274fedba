"""What does a delivery report on a mail of ours look like? A multipart/report from the recipient's server.

RFC 3464 (delivery status notifications), RFC 6522 (multipart/report).
"""

from datetime import datetime
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.utils import format_datetime

from maild.mail import domain_of
from maild.simulate.mime import entity_bytes, text_part

_WHY = {
    "5.1.1": "550 5.1.1 User unknown",
    "5.2.2": "552 5.2.2 Mailbox full",
    "4.2.2": "452 4.2.2 Mailbox full",
    "5.7.1": "550 5.7.1 Delivery not authorized, message refused",
}


def delivery_report(
    raw: bytes, recipient: str, sender: str, to: str, status: str, message_id: str, date: datetime
) -> bytes:
    """The report's bytes. `to` is the mail's return address, where the report is true.

    `status`: an enhanced code; 5.x.x failed, 4.x.x delayed.
    """
    host = domain_of(recipient)
    is_failed = status.startswith("5")
    why = _WHY.get(status, f"{status[0]}50 {status} Delivery failed")
    sentence = "could not be delivered" if is_failed else "has been delayed; delivery will be tried again"
    report = MIMEMultipart("report", report_type="delivery-status")
    report.attach(
        text_part(
            f"This is the mail system at host mx.{host}.\n\n"
            f"Your message to <{recipient}> {sentence}.\n\n<{recipient}>: host mx.{host} said: {why}\n"
        )
    )
    report.attach(_status(host, recipient, "failed" if is_failed else "delayed", status, why, date))
    report.attach(_returned_headers(raw))
    head = (
        "Return-Path: <>",
        f"From: Mail Delivery System <{sender}>",
        f"To: {to}",
        "Subject: " + ("Undelivered Mail Returned to Sender" if is_failed else "Delayed Mail (still being retried)"),
        f"Date: {format_datetime(date)}",
        f"Message-ID: <{message_id}>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
    )
    return "".join(f"{line}\r\n" for line in head).encode() + entity_bytes(report, message_id)


def _status(host: str, recipient: str, action: str, status: str, why: str, date: datetime) -> Message:
    """The message/delivery-status part: the fields of the mail, then those of the recipient."""
    part = MIMEBase("message", "delivery-status")
    of_mail, of_recipient = Message(), Message()
    of_mail["Reporting-MTA"] = f"dns; mx.{host}"
    of_mail["Arrival-Date"] = format_datetime(date)
    of_recipient["Final-Recipient"] = f"rfc822; {recipient}"
    of_recipient["Action"] = action
    of_recipient["Status"] = status
    of_recipient["Remote-MTA"] = f"dns; mx.{host}"
    of_recipient["Diagnostic-Code"] = f"smtp; {why}"
    part.set_payload([of_mail, of_recipient])
    return part


def _returned_headers(raw: bytes) -> Message:
    """The headers of the mail that came back, as a text/rfc822-headers part."""
    part = MIMEBase("text", "rfc822-headers")
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    part.set_payload(head.decode("ascii", "replace") + "\n")
    return part
