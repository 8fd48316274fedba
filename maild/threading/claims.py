"""May this click bring in a held mail? The link was given to that mail's sender alone, for one ticket or a new one."""

from maild.judgement import Facts, Proof, Reference, Verdict, VerdictName
from maild.mail import ParsedMail


def judge_claim(claim: Reference, mail: ParsedMail, facts: Facts, proof: Proof) -> Verdict:
    """The verdict on a mail that carries this claim, valid or not."""
    held = facts.held
    if not claim.is_valid or held is None or mail.sender is None:
        return Verdict(VerdictName.BAD_REFERENCE, claim.fault or "unknown-claim", None, None, claim, proof)
    if held.sender != mail.sender.key:
        return Verdict(VerdictName.STRANGER, "claim-of-another", None, None, claim, proof)
    there = facts.tickets.get(held.ticket)
    mine = there.by_address(held.sender) if there else None
    if not held.is_held and mine is not None:  # a second click: it is done already
        return Verdict(VerdictName.CLAIM, "already-done", there, mine, claim, proof)
    if not held.is_held:
        return Verdict(VerdictName.BAD_REFERENCE, "unknown-claim", None, None, claim, proof)
    ticket = facts.tickets.get(claim.candidate.ticket)
    if claim.candidate.ticket and (ticket is None or ticket.by_address(held.sender) is None):
        return Verdict(VerdictName.BAD_REFERENCE, "unknown-ticket", None, None, claim, proof)
    who = ticket.by_address(held.sender) if ticket else None
    return Verdict(VerdictName.CLAIM, "into-ticket" if ticket else "new-request", ticket, who, claim, proof)
