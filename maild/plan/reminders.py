"""Somebody wants no more reminders: what follows?

They get neither these nor requests for a rating; all else goes on.
"""

from maild.effects import AddMessage, Effect
from maild.judgement import Proof
from maild.personal_effects import OptOut
from maild.plan import letters
from maild.plan.case import Incoming, Plan
from maild.plan.letters import REPLIED, Desk
from maild.threading.limits import is_known, why_no_answer
from maild.ticket import Disposition, Visibility
from maild.writing.links import without_prefill

STOPPED = "reminders_stopped"


def no_more_reminders(desk: Desk, case: Incoming) -> Plan:
    """It is kept of the address on the ticket, which is told so once. What was written besides stands in the ticket."""
    ticket, who = case.verdict.ticket, case.verdict.participant
    assert ticket is not None and who is not None
    words = without_prefill(case.mail.reply_text)
    said = "\n\n".join(filter(None, ("wants no more reminders", words)))
    effects: list[Effect] = [
        AddMessage(ticket.number, Visibility.EVENT, case.sender.address, said, case.inbound_id),
    ]
    if who.key in case.facts.opted_out:
        return effects, Disposition.APPLIED, ticket.number
    effects.append(OptOut(who.key, who.key))
    if not why_no_answer(STOPPED, case.mail, case.verdict.proof, case.facts, desk.settings):
        told = letters.to_participant(
            desk,
            STOPPED,
            ticket,
            who,
            owed_for=f"opted-out:{case.mail.content_key}",
            now=case.now,
            automatic=REPLIED,
            is_answer=True,
            is_known=is_known(case.mail, case.facts, desk.settings) and case.verdict.proof is not Proof.NONE,
        )
        effects.append(told)
    return effects, Disposition.APPLIED, ticket.number
