"""What is the sender told whose mail has joined an earlier request for the same problem (P8)?"""

from maild.effects import Effect
from maild.judgement import HeldMail, VerdictName
from maild.plan import letters
from maild.plan.case import Incoming
from maild.plan.letters import REPLIED, Desk
from maild.plan.links import claim_links, links_for
from maild.plan.promising import promise
from maild.threading.limits import is_known, why_no_answer


def told_of_joining(desk: Desk, case: Incoming) -> list[Effect]:
    """Instead of an acknowledgement: where it went, and the link by which it becomes a request of its own."""
    ticket, who, mail = case.verdict.ticket, case.verdict.participant, case.mail
    assert ticket is not None and who is not None
    if why_no_answer("repeat_joined", mail, case.verdict.proof, case.facts, desk.settings):
        return []
    language = letters.language_for(desk, who.address, ticket.language)
    links = links_for(desk, ticket, who, language) | joining_links(desk, case)
    return [
        letters.to_participant(
            desk,
            "repeat_joined",
            ticket,
            who,
            owed_for=f"joined:{mail.content_key}",
            now=case.now,
            automatic=REPLIED,
            values={
                "links": links,
                **promise(desk, ticket, case.facts.who or desk.settings.who(who.address), language, case.now),
            },
            is_answer=True,
            is_known=is_known(mail, case.facts, desk.settings),
        )
    ]


def joining_links(desk: Desk, case: Incoming) -> dict[str, str]:
    """The link by which the sender takes their mail out of the ticket that it has joined; none for any other mail."""
    ticket, who = case.verdict.ticket, case.verdict.participant
    if case.verdict.name is not VerdictName.REPEAT or ticket is None or who is None:
        return {}
    language = letters.language_for(desk, who.address, ticket.language)
    key = case.mail.content_key
    joined = HeldMail(case.inbound_id, ticket.mailbox, case.sender.key, case.verdict.name, key)
    _, new_request = claim_links(desk, joined, (), language)
    return {"new_request": new_request}
