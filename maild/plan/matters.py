"""What is put before the rules: an occasion, with all that is known of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from maild.decision import Deadline, Matter, Occasion
from maild.judgement import Facts
from maild.mail import Address, ParsedMail
from maild.reading.hiding import as_rules_see
from maild.settings import Settings
from maild.threading.subject import is_telling
from maild.ticket import Person, Ticket


def opening(
    settings: Settings, mailbox: str, mail: ParsedMail, facts: Facts, arrived_at: datetime | None = None
) -> Matter:
    """A ticket is about to open by this mail, which came by that mailbox."""
    mail = as_rules_see(mail, settings.secrecy)
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


def following(
    settings: Settings,
    ticket: Ticket,
    occasions: Sequence[Occasion],
    at: datetime,
    mail: ParsedMail | None,
    who: Person | None,
    *,
    earlier_tickets: int = 0,
    silence: timedelta | None = None,
    deadline: Deadline | None = None,
) -> Matter:
    """Something has happened to a ticket, which is as it will be then. What tells most stands last.

    `mail`: by which it happened; none where only time has passed, or by a command. `who`: its requester.
    """
    asked = ticket.requester
    return Matter(
        occasions[-1],
        ticket.mailbox,
        at.astimezone(settings.site.zone),
        as_rules_see(mail, settings.secrecy) if mail else None,
        who,
        ticket,
        is_telling(ticket.subject, Address(asked.address, asked.name), settings.site.reference),
        earlier_tickets,
        silence,
        deadline,
        tuple(occasions[:-1]),
    )
