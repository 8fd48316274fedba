"""What is put before the rules: an occasion, with all that is known of it."""

from datetime import datetime

from maild.decision import Matter, Occasion
from maild.judgement import Facts
from maild.mail import ParsedMail
from maild.settings import Settings
from maild.threading.subject import is_telling


def opening(
    settings: Settings, mailbox: str, mail: ParsedMail, facts: Facts, arrived_at: datetime | None = None
) -> Matter:
    """A ticket is about to open by this mail, which came by that mailbox."""
    who = facts.who or (settings.who(mail.sender.address) if mail.sender else None)
    return Matter(
        Occasion.OPENED,
        mailbox,
        (arrived_at or facts.now).astimezone(settings.site.zone),
        mail,
        who,
        is_telling=is_telling(mail.title, mail.sender, settings.site.reference),
        earlier_tickets=facts.earlier_tickets,
    )
