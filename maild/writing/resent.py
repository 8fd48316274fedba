"""What stands above a mail that is sent on as it is: a block of resent fields, before all others (RFC 5322 3.6.6)."""

from datetime import datetime
from email.utils import format_datetime

from maild.mail import Address
from maild.writing.headers import addresses, clean, message_ids, unstructured


def resent_fields(by: Address, to: Address, message_id: str, at: datetime) -> bytes:
    """The fields, each ended by CRLF. `at` carries its zone; the id comes without angle brackets."""
    if at.tzinfo is None:
        raise ValueError("the date of a resent mail needs a zone")
    return b"".join(
        (
            unstructured("Resent-Date", format_datetime(at)),
            addresses("Resent-From", (Address(by.address, clean(by.name)),)),
            addresses("Resent-To", (to,)),
            message_ids("Resent-Message-ID", [message_id]),
        )
    )
