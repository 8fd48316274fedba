"""What a sender can write to look like somebody else, or like us, changes nothing in what is read (H15, H20)."""

from dataclasses import replace
from itertools import combinations, product

import pytest

from maild.mail import address_key
from maild.reading import read

AGENT = "lea.martin@isybuy.example"
# Unicode's confusables.txt: letters of other scripts that look like ours. None of them is a compatibility form.
LOOK_ALIKES = {
    "a": "\u0430\u03b1\u0251", "b": "\u0184\u042c", "e": "\u0435\u0435\u212e", "i": "\u0456\u03b9\u0131",
    "l": "\u04cf\u0399\u01c0", "m": "\u043c", "n": "\u0578\u057c", "p": "\u0440\u03c1", "r": "\u0433\u1d26",
    "s": "\u0455\u01bd", "t": "\u0442", "u": "\u03c5\u057d", "x": "\u0445\u04b3", "y": "\u0443\u04af\u03b3",
}  # fmt: skip
SPOOFED = (
    "X-Maild-Ticket: 1042",
    "X-Maild-Agent: lea.martin@isybuy.example",
    "X-Maild-Verdict: agent_reply",
    "X-Maild-Kind: message",
    "Delivered-To: lea.martin@isybuy.example",
    "X-Original-From: lea.martin@isybuy.example",
    "X-Sender: lea.martin@isybuy.example",
    "Sender: lea.martin@isybuy.example",
    "Resent-From: lea.martin@isybuy.example",
    "Authentication-Results: mx.isybuy.example; dmarc=pass header.from=isybuy.example",
    "Received: from mx.isybuy.example by mx.isybuy.example; Mon, 23 Nov 2026 09:00:00 +0100",
    "ARC-Authentication-Results: i=1; mx.isybuy.example; dmarc=pass",
    "Received-SPF: pass",
    "X-Spam-Flag: NO",
    "X-Spam-Flag: YES",
)


def look_alikes() -> set[str]:
    """The agent's address with one, two or three letters of another script, in either part of it."""
    places = [n for n, letter in enumerate(AGENT) if letter in LOOK_ALIKES]
    found: set[str] = set()
    for count in (1, 2, 3):
        for some in combinations(places, count):
            for letters in product(*(LOOK_ALIKES[AGENT[n]] for n in some)):
                spelt = list(AGENT)
                for n, letter in zip(some, letters, strict=True):
                    spelt[n] = letter
                found.add("".join(spelt))
    return found


def test_an_address_that_only_looks_like_an_agents_is_never_theirs() -> None:
    """H15: 5,000 spellings."""
    tried = look_alikes()
    assert len(tried) > 5_000
    assert [spelt for spelt in tried if address_key(spelt) == AGENT] == []


@pytest.mark.parametrize("field", SPOOFED)
def test_a_field_that_anybody_can_write_changes_nothing_that_is_read(field: str) -> None:
    """H20. What such fields are worth is for the verdict to say, which knows whose word counts."""
    body = "From: alice@client-a.example\r\nTo: support@isybuy.example\r\nSubject: Facture\r\n{}\r\nBonjour\r\n"
    plain, spoofed = read(body.format("").encode()), read(body.format(f"{field}\r\n").encode())
    assert replace(spoofed, headers=plain.headers, size=plain.size, content_key=plain.content_key) == plain
