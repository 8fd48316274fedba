"""The automatic answer to a mail whose sender is on no ticket by it: who gets it, in whose thread, owed for what?"""

from collections.abc import Mapping
from typing import Any

from maild.effects import QueueMail
from maild.mail import Address
from maild.plan import letters
from maild.plan.case import Incoming
from maild.plan.letters import REPLIED, Desk


def answer_to_sender(
    desk: Desk,
    template: str,
    case: Incoming,
    *,
    owed_for: str,
    language: str,
    values: Mapping[str, Any],
    is_known: bool,
    to: Address | None = None,
) -> QueueMail:
    """One mail for the received one, however often that came; it counts against the limits of answers. `to`: the
    sender's address on record, where there is one. `is_known`: whether it may say anything that the sender did not."""
    return letters.to_address(
        desk,
        template,
        case.mailbox,
        to or case.sender,
        owed_for=f"{owed_for}:{case.mail.content_key}",
        now=case.now,
        automatic=REPLIED,
        language=language,
        values=values,
        in_reply_to=case.mail.message_id,
        is_answer=True,
        is_known=is_known,
    )
