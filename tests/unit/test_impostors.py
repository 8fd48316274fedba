"""A share of what forgers can write (tests/impostors.py has all of it): nobody is believed or taken for another."""

import pytest
from desk_values import mail
from hypothesis import given
from hypothesis import strategies as st
from impostors import (
    EVE,
    HOSTS,
    LEA,
    OWN,
    Host,
    accepted_odd_froms,
    answers_elsewhere,
    believed_forgeries,
    misjudged_spellings,
    unflagged_look_alikes,
)

from maild.threading.proof import proof_of


def test_no_forged_result_is_believed() -> None:
    tried, believed = believed_forgeries(share=5)
    assert tried >= 500 and believed == []


def test_a_domain_is_the_same_in_every_spelling_and_a_suffix_vouches_for_nobody() -> None:
    tried, wrong = misjudged_spellings()
    assert tried >= 500 and wrong == []


def test_a_look_alike_is_never_taken_for_ours_and_always_told() -> None:
    tried, taken, silent = unflagged_look_alikes(share=5)
    assert (tried, taken, silent) == (1_000, 0, [])


def test_an_odd_from_field_is_no_known_sender() -> None:
    assert accepted_odd_froms() == (300, [])


async def test_answers_go_to_the_participant_on_record() -> None:
    mails, alices, eves = await answers_elsewhere(15)
    assert (mails, alices, eves) == (15, 15, 0)


NAMES = ["Authentication-Results", "Received", "X-MS-Exchange-Organization-AuthAs", "ARC-Seal", "From", "X-Other"]
WORDS = [
    OWN,
    "mx.google.com",
    "in68.mail.ovh.net",
    "dmarc=pass",
    "dkim=pass",
    "header.from=isybuy.example",
    "from",
    "by",
]
WORDS += ["by", "with", "ESMTPSA", "[10.0.0.1]", "(Authenticated sender: lea@isybuy.example)", "Internal", *';("=\\']
TEXT = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
BELOW = st.lists(st.tuples(st.sampled_from(NAMES), TEXT), max_size=6)


@given(host=st.sampled_from(HOSTS), below=BELOW)
def test_nothing_below_a_foreign_line_changes_the_proof(host: Host, below: list[tuple[str, str]]) -> None:
    top = [(name, value.strip()) for name, _, value in (line.partition(":") for line in host.top)]
    top.append(("Received", f"from {EVE} by relay.evil.example with ESMTP"))
    box = host.settings().mailboxes["support"]
    assert proof_of(mail(LEA, headers=(*top, *below)), box) is proof_of(mail(LEA, headers=tuple(top)), box)


def test_a_broken_check_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The forgeries are such as a reader without a border, or without a suffix list, would believe."""
    from maild.threading import alignment, proof

    monkeypatch.setattr(proof, "above_border", lambda mail, trust: ((n.lower(), v) for n, v in mail.headers[::-1]))
    assert len(believed_forgeries(share=5)[1]) > 100
    monkeypatch.setattr(alignment, "is_public_suffix", lambda domain: False)
    assert len(misjudged_spellings(share=7)[1]) > 10
