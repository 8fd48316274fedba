"""May this click bring in a held mail, or ask for an account? The link was given to that mail's sender alone.

A click that joins their address to an account was offered to that account's owner alone (policies P1).
"""

from maild.judgement import HeldMail, Proof, Purpose, Reference, Verdict, VerdictName
from maild.threading.case import Case


def judge_claim(case: Case, claim: Reference) -> Verdict:
    """The verdict on a mail that carries this claim, valid or not."""

    def verdict(name: VerdictName, reason: str) -> Verdict:
        return Verdict(name, reason, None, None, claim, case.proof)

    held = case.facts.held
    if not claim.is_valid or held is None or case.mail.sender is None:
        return verdict(VerdictName.BAD_REFERENCE, claim.fault or "unknown-claim")
    if claim.candidate.purpose is Purpose.JOIN:
        return verdict(*_joined(case, held))
    if held.sender not in case.own_keys:
        return verdict(VerdictName.STRANGER, "claim-of-another")
    if claim.candidate.purpose is Purpose.ACCOUNT:
        waits = held.is_held and held.verdict is VerdictName.UNKNOWN_SENDER
        return verdict(VerdictName.CLAIM, "account-asked" if waits else "already-done")
    there = case.led_to(held.ticket)
    mine = case.on(there) if there else None
    is_taken_out = held.verdict is VerdictName.REPEAT and not claim.candidate.ticket  # of the ticket that it joined
    if not held.is_held and mine is not None and not is_taken_out:  # a second click: it is done already
        return Verdict(VerdictName.CLAIM, "already-done", there, mine, claim, case.proof)
    if not held.is_held and not is_taken_out:
        return verdict(VerdictName.BAD_REFERENCE, "unknown-claim")
    ticket = case.led_to(claim.candidate.ticket)
    if claim.candidate.ticket and (ticket is None or case.on(ticket) is None):
        return verdict(VerdictName.BAD_REFERENCE, "unknown-ticket")
    who = case.on(ticket) if ticket else None
    return Verdict(VerdictName.CLAIM, "into-ticket" if ticket else "new-request", ticket, who, claim, case.proof)


def _joined(case: Case, held: HeldMail) -> tuple[VerdictName, str]:
    """Two proofs are asked: the link, which only the owner's mailbox has received, and the server's word that it comes
    from there. Where the mail is no longer held somebody has decided otherwise."""
    who = case.facts.who
    if case.proof is not Proof.PASS:
        return VerdictName.STRANGER, "joining-unproved"
    if who is None or not who.has_account:
        return VerdictName.BAD_REFERENCE, "revoked"
    waits = held.is_held and held.verdict is VerdictName.UNKNOWN_SENDER
    return VerdictName.CLAIM, "address-joined" if waits else "already-done"
