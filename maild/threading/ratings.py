"""Is a mail a click by which a customer rates how their request was dealt with, or refuses further reminders?

Both speak of the ticket, or of who writes, and write nothing into it. The link is taken from whoever is on the ticket
on the customer's side, and only where the link itself has written it: in the address or the Subject. A rating is of the
request that was asked about, even if that has gone on in another one since.
"""

from collections.abc import Collection

from maild.judgement import Candidate, Carrier, Purpose, Verdict, VerdictName
from maild.threading.case import Case
from maild.ticket import Role, Ticket

RATING_OF = {Purpose.RATE_GOOD: "good", Purpose.RATE_BAD: "bad"}
_BY_LINK = (Carrier.ADDRESS, Carrier.SUBJECT)


def judge_rating(case: Case) -> Verdict | None:
    """The verdict on a rating; None for any other mail, and for a click of somebody else."""
    return _clicked(case, RATING_OF, VerdictName.RATING)


def judge_refusal(case: Case) -> Verdict | None:
    """The same where the sender wants no more reminders."""
    return _clicked(case, (Purpose.NO_REMINDERS,), VerdictName.SELF_SERVICE)


def _clicked(case: Case, purposes: Collection[Purpose], name: VerdictName) -> Verdict | None:
    clicks = (r for r in case.counted if r.is_valid and r.candidate.purpose in purposes)
    found = next((r for r in clicks if r.candidate.carrier in _BY_LINK), None)
    ticket = _about(case, found.candidate) if found else None
    who = case.on(ticket) if ticket is not None and case.mail.sender is not None else None
    if found is None or who is None or who.role is not Role.CUSTOMER:
        return None
    reason = RATING_OF.get(found.candidate.purpose)
    return Verdict(name, f"rated-{reason}" if reason else "no-reminders", ticket, who, found, case.proof)


def _about(case: Case, click: Candidate) -> Ticket | None:
    is_rating = click.purpose in RATING_OF
    return case.facts.tickets.get(click.ticket) if is_rating else case.led_to(click.ticket)
