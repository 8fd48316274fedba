"""Which mail of ours does a delivery report speak of, as far as anything proves it?

The return path is signed, and each mail has its own, which only its recipient's servers see: a report that comes to it
is believed. A Message-ID is signed too, but whoever answers all shows it to others: with it alone a report is a word
about that mail, told in the ticket and no more (reliability A24), and only if it names the mail's recipient and its own
sender is no proved forgery.
"""

from collections.abc import Sequence
from dataclasses import replace

from maild.judgement import Carrier, Delivery, Facts, Proof, Purpose, Reference
from maild.mail import ParsedMail, address_key
from maild.threading.references import in_message_ids
from maild.threading.token import Keyring, verify


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
