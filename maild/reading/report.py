"""What does `maild parse` print of a mail? The JSON that other programs rely on (docs/cli.md), without the file."""

from typing import Any

from maild.mail import Address, ParsedMail


def as_json(mail: ParsedMail) -> dict[str, Any]:
    """Values that json.dumps takes as they are. `from` is null where the sender can't be told."""
    return {
        "from": _address(mail.sender) if mail.sender else None,
        "to": [_address(address) for address in mail.to],
        "cc": [_address(address) for address in mail.cc],
        "subject": mail.subject,
        "message_id": mail.message_id,
        "in_reply_to": list(mail.in_reply_to),
        "references": list(mail.references),
        "date": mail.date.isoformat() if mail.date else None,
        "text": mail.text,
        "reply_text": mail.reply_text,
        "html": mail.html,
        "attachments": [
            {
                "filename": attachment.filename,
                "content_type": attachment.content_type,
                "size": attachment.size,
                "inline": attachment.inline,
            }
            for attachment in mail.attachments
        ],
        "kind": mail.kind.value,
        "auto_respond": mail.auto_respond,
        "bounce": {
            "recipients": list(mail.bounce.recipients),
            "action": mail.bounce.action,
            "status": mail.bounce.status,
        }
        if mail.bounce
        else None,
        "language": mail.language,
        "defects": list(mail.defects),
    }


def _address(address: Address) -> dict[str, str]:
    return {"name": address.name, "address": address.address}
