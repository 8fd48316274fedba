"""A mail is passed on to the system before this one, as it is (P9). Only lines that say so stand above it.

The bytes below them are those that came, so that the sender's DKIM signature still holds there. The envelope is ours: a
report that it could not be delivered comes back to us, and the admin is told.
"""

from datetime import datetime

from maild.effects import PASSED_ON, Effect, QueueMail
from maild.judgement import Delivery
from maild.mail import Address, domain_of
from maild.plan import letters
from maild.plan.case import Incoming, Plan
from maild.plan.letters import AUTOMATIC, Desk
from maild.threading.token import message_id_for, nonce_for, return_path_for
from maild.ticket import Disposition
from maild.writing.resent import resent_fields

_LONGEST_SUBJECT = 200


def pass_on(desk: Desk, case: Incoming) -> Plan:
    """The mail, owed to the old system once, whatever happens."""
    legacy = desk.settings.legacy
    assert legacy is not None and case.raw, "a mail of the old system comes with its bytes"
    mailbox = desk.settings.mailboxes[case.mailbox]
    key = f"legacy:{case.mail.content_key}"
    nonce = nonce_for(desk.ring, key)
    message_id = message_id_for(desk.ring, nonce, domain_of(mailbox.address))
    by = Address(mailbox.address, letters.desk_name(desk, mailbox))
    above = resent_fields(by, Address(legacy.to), message_id, case.now.astimezone(desk.settings.site.zone))
    owed: Effect = QueueMail(
        key=key,
        template=PASSED_ON,
        recipient=legacy.to,
        sender=return_path_for(desk.ring, nonce, mailbox.address, mailbox.delimiter),
        message_id=message_id,
        data=above + case.raw,
        subject=case.mail.subject[:_LONGEST_SUBJECT],
        is_personal=True,
    )
    return [owed], Disposition.APPLIED, None


def not_passed_on(desk: Desk, delivery: Delivery, said: str, now: datetime) -> QueueMail:
    """Such a mail did not arrive: the admin hears of it, and of no more than the first of each hour."""
    return letters.to_address(
        desk,
        "admin_alert",
        next(iter(desk.settings.mailboxes)),
        Address(desk.settings.admin),
        owed_for=f"not-passed-on:{now:%Y-%m-%dT%H}",
        now=now,
        automatic=AUTOMATIC,
        language=desk.settings.site.language,
        values={"notice": "not-passed-on", "details": (delivery.recipient, delivery.subject, said)},
    )
