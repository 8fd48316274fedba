"""What does a held mail become when a person lets it in, or admits its sender? Pure, like the verdict."""

from maild.errors import HeldStays
from maild.judgement import ENDS, Proof, Verdict, VerdictName
from maild.threading.agents import agents_verdict
from maild.threading.case import Case
from maild.threading.saying import say
from maild.threading.verdict import judge
from maild.ticket import Participant, Role, Ticket

_NEED_A_PLACE = frozenset(
    {VerdictName.PLAIN_REPLY, VerdictName.BAD_REFERENCE, VerdictName.AMBIGUOUS, VerdictName.STRANGER}
)


def released(case: Case, into: Ticket | None, *, is_new: bool) -> Verdict:
    """What a held mail becomes when a person lets it in: what they say, else what it would have been with proof.

    HeldStays where that is nothing that a ticket could hold.
    """
    verdict = _with_proof(case)
    if is_new:
        return say(case, VerdictName.NEW_TICKET, "released")
    if into is None and verdict.name is VerdictName.UNKNOWN_SENDER:  # this mail is let in, and nobody has an account
        return say(case, VerdictName.NEW_TICKET, "released")
    if into is None and verdict.name is VerdictName.STRANGER:
        into = verdict.ticket
    if into is not None and case.is_agents_address and verdict.name is not VerdictName.REPLY:
        return agents_verdict(case, into, None)
    if into is not None:
        who = case.on(into)
        return Verdict(VerdictName.REPLY, "released", into, who, None, case.proof)
    if verdict.name in _NEED_A_PLACE:
        raise HeldStays(
            "needs-a-place", "nothing in this mail says where it belongs: name the ticket with --into, or say --new"
        )
    return verdict


def admitted(case: Case) -> tuple[Verdict, Participant]:
    """Its sender takes part in the ticket that the mail names, from now on, and the mail goes in.

    HeldStays where there is nothing to admit to, or nobody.
    """
    verdict, sender = _with_proof(case), case.mail.sender
    ticket = verdict.ticket
    if verdict.name is not VerdictName.STRANGER or ticket is None or sender is None:
        raise HeldStays(
            "no-one-to-admit", "only who writes into a ticket without being on it can be admitted; release this mail"
        )
    if any(p.key == sender.key and p.role is Role.AGENT for p in ticket.participants) or case.is_agents_address:
        raise HeldStays("agents-are-not-admitted", "its sender is, or was, an agent: nobody is admitted as a customer")
    joins = ticket.joining(sender.address, sender.name, case.facts.now)
    return Verdict(VerdictName.REPLY, "admitted", ticket, joins, None, case.proof), joins


def joined(case: Case) -> Verdict:
    """What a stranger's mail is once its sender is known as one of the people on its ticket. HeldStays where that
    person is not on it either."""
    verdict = _with_proof(case)
    if verdict.name is VerdictName.STRANGER:
        raise HeldStays("not-of-that-person", "that person is not on the ticket that this mail names either")
    return verdict


def _with_proof(case: Case) -> Verdict:
    assert case.proof is Proof.PASS, "a person vouches for the sender"
    if case.mail.sender is None or case.mail.unreadable:
        raise HeldStays(
            "unreadable", "this mail has no sender or no text that could be read safely; it can only be discarded"
        )
    verdict = judge(case)
    purpose = verdict.reference.candidate.purpose if verdict.reference else None
    if verdict.name is VerdictName.CLAIM or purpose in ENDS:
        raise HeldStays(
            "a-click", "this mail is a click on a link that decides on another mail; decide on that one, discard this"
        )
    return verdict
