"""Which mail of ours does a delivery report speak of, as far as anything proves it?

The return path is signed, and each mail has its own, which only its recipient's servers see: a report that comes to it
is believed. A Message-ID is signed too, but whoever answers all shows it to others: with it alone a report is a word
about that mail, told in the ticket and no more (reliability A24), and only if it names the mail's recipient and its own
sender is no proved forgery.
"""

from collections.abc import Sequence
from dataclasses import replace

from maild.judgement import Carrier, Delivery, Facts, Proof, Purpose, Reference, Verdict, VerdictName
from maild.mail import Kind, ParsedMail, address_key
from maild.threading.case import Case
from maild.threading.references import in_message_ids
from maild.threading.token import Keyring, verify


def is_returned(ring: Keyring, mail: ParsedMail, facts: Facts) -> bool:
    """Whether we passed this mail on before: whatever else became of it, our own signed id stands in it."""
    ids = tuple(value.strip().strip("<>") for value in mail.all_headers("resent-message-id"))[:20]
    candidates = in_message_ids(ids, Carrier.REFERENCES)
    return any(c.ticket == 0 and verify(ring, c, {}, None, facts.now).is_valid for c in candidates)


def proved_delivery(
    ring: Keyring, mail: ParsedMail, references: Sequence[Reference], facts: Facts, proof: Proof
) -> Delivery | None:
    """The delivery of the facts, with what proves it; None where nothing does."""
    delivery, report = facts.delivery, mail.bounce
    if delivery is None:
        return None
    paths = {r.candidate.nonce for r in references if r.is_valid and r.candidate.purpose is Purpose.BOUNCE}
    if delivery.nonce in paths:
        return replace(delivery, is_by_return_path=True)
    if report is None or delivery.message_id not in report.message_ids or proof is Proof.FAIL:
        return None
    named = {address_key(recipient) for recipient in report.recipients}
    ids = in_message_ids((delivery.message_id,), Carrier.BODY)
    is_ours = any(verify(ring, candidate, facts.tickets, None, facts.now).is_valid for candidate in ids)
    return delivery if is_ours and address_key(delivery.recipient) in named else None


def judge_report(case: Case) -> Verdict | None:
    """The verdict on a delivery report on a mail of ours; None where nothing proves that it is one."""
    delivery, report = case.facts.delivery, case.mail.bounce
    if case.mail.kind is not Kind.BOUNCE or delivery is None:
        return None
    first, ticket = case.facts.tickets.get(delivery.ticket), case.led_to(delivery.ticket)
    who = first.by_slot(delivery.slot) if first else None
    if first is not ticket:  # it was merged meanwhile
        who = ticket.by_address(who.address) if ticket and who else None
    reason = report.action if report is not None and report.action != "failed" else "delayed"
    if report is not None and report.is_permanent:
        reason = "failed" if delivery.is_by_return_path else "said-to-fail"
    return Verdict(VerdictName.BOUNCE, reason, ticket, who, None, case.proof)
