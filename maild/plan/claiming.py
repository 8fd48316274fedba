"""A sender says what is to become of their held mail: what does that make true?"""

from dataclasses import replace

from maild.effects import (
    LinkTickets,
    Settle,
)
from maild.judgement import Purpose, Verdict, VerdictName
from maild.plan import accounts
from maild.plan.case import Incoming, Plan
from maild.plan.continuing import continue_ticket
from maild.plan.letters import Desk
from maild.plan.opening import open_ticket
from maild.plan.redirecting import told_elsewhere
from maild.plan.waiting import resumed
from maild.threading.turning import becomes
from maild.ticket import Disposition
from maild.writing.links import without_prefill


def claim(desk: Desk, case: Incoming) -> Plan:
    """The held mail comes in, as what it would have been; words and files sent beside the click come with it."""
    if case.purpose is Purpose.ACCOUNT:
        return accounts.account_asked(desk, case)
    if case.purpose is Purpose.JOIN:
        return accounts.address_joined(desk, case)
    held, mail = case.facts.held, case.held_mail
    words = without_prefill(case.mail.reply_text)
    click = [(case.inbound_id, case.mail)] if words or case.mail.attachments else []
    if case.verdict.reason == "already-done":
        more = continue_ticket(desk, case, click, Purpose.REPLY) if click else []
        return more, Disposition.APPLIED, case.number
    assert held is not None and mail is not None
    if case.verdict.ticket is not None:
        effects = continue_ticket(desk, case, [(held.inbound_id, mail), *click], Purpose.REPLY)
        number, name = case.verdict.ticket.number, VerdictName.REPLY
    elif case.decision is not None and case.decision.redirection is not None:
        effects, number, name = told_elsewhere(desk, case, mail), None, VerdictName.REDIRECTED
    else:
        assert case.decision is not None
        attachments = (*mail.attachments, *case.mail.attachments)
        whole = replace(mail, text=f"{mail.text}\n\n{words}".strip(), attachments=attachments)
        effects, number = open_ticket(
            desk,
            whole,
            held.inbound_id,
            case.mailbox,
            case.facts,
            case.decision,
            case.verdict.proof,
            held.kept_at,
        )
        name = becomes(Verdict(VerdictName.NEW_TICKET, ""), case.decision).name
    if held.verdict is VerdictName.REPEAT and held.ticket and number is not None:
        effects.append(LinkTickets(number, held.ticket))
    by = case.sender.key
    decided = "" if name is VerdictName.REDIRECTED else "claimed"  # that one is for a person to look at
    released = Settle(held.inbound_id, Disposition.APPLIED, name, "claimed", number, decided=decided, decided_by=by)
    waits = resumed(desk, held, case.facts.own_tickets, number, case.now)
    return [*effects, released, *waits], Disposition.APPLIED, number
