"""Where customers answer by links only the address of a link counts; agents answer as ever (P2)."""

from itertools import combinations
from typing import Any

import pytest
from desk_values import ALICE, LEA, NOW, RING, mail, settings, ticket

from maild.judgement import Facts, Proof, Purpose
from maild.mail import Address
from maild.reading.forward import is_reply
from maild.threading.case import Case
from maild.threading.references import find_references
from maild.threading.token import message_id_for, nonce_for, reference_for, verify
from maild.threading.verdict import judge

DESK = "support@isybuy.example"
SITE = {"name": "Support iSYBUY", "reference": "ISY", "key": {"env": "MAILD_KEY"}}
CARRIERS = ("address", "headers", "subject", "body")
KEPT = [set(kept) for many in range(5) for kept in combinations(CARRIERS, many)]


def judged(mode: str, who: Any, sender: str, kept: set[str], purpose: Purpose = Purpose.REPLY) -> str:
    """The verdict on an answer in which these carriers of that participant's reference came back."""
    desk = settings(site=SITE | {"replies": mode})
    token = reference_for(RING, 1042, who, purpose)
    own = message_id_for(RING, nonce_for(RING, "a"), "isybuy.example", 1042, who)
    subject = f"Re: Export {token.in_subject('ISY') if 'subject' in kept else ''}"
    received = mail(
        sender,
        to=(Address(token.in_address(DESK, "+") if "address" in kept else DESK),),
        in_reply_to=(own,) if "headers" in kept else (),
        subject=subject,
        is_reply=is_reply(subject),
        text=f"oui\n> {token.in_subject('ISY')}" if "body" in kept else "oui",
        reply_text="oui",
    )
    facts = Facts(NOW, 3000, tickets={1042: ticket()}, is_written_to=True)
    references = tuple(verify(RING, c, facts.tickets, None, NOW) for c in find_references(received, desk))
    return judge(Case(received, references, facts, desk, desk.mailboxes["support"], Proof.PASS)).name.value


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: "+".join(sorted(kept)) or "none")
def test_a_customers_answer(kept: set[str]) -> None:
    assert judged("link", ALICE, ALICE.address, kept) == ("reply" if "address" in kept else "plain_reply")
    assert judged("reference", ALICE, ALICE.address, kept) == ("reply" if kept else "plain_reply")


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: "+".join(sorted(kept)) or "none")
def test_an_agents_answer_is_the_same_in_both_modes(kept: set[str]) -> None:
    expected = "agent_reply" if kept else "plain_reply"
    assert [judged(mode, LEA, LEA.address, kept) for mode in ("link", "reference")] == [expected] * 2


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: "+".join(sorted(kept)) or "none")
def test_a_link_in_other_hands_opens_nothing(kept: set[str]) -> None:
    seen = judged("link", ALICE, "eve@evil.example", kept)
    assert seen == ("stranger" if "address" in kept else "plain_reply")


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: "+".join(sorted(kept)) or "none")
def test_the_link_to_ones_requests_writes_into_no_ticket(kept: set[str]) -> None:
    """Its token stands in the address or the Subject; the other carriers are those of the mail around it."""
    seen = judged("link", ALICE, ALICE.address, kept - {"headers"}, Purpose.MY_REQUESTS)
    assert seen == ("self_service" if "address" in kept else "plain_reply")
