"""A share of what forgers can write (tests/impostors.py has all of it): nobody is believed or taken for another."""

import pytest
from impostors import (
    accepted_odd_froms,
    answers_elsewhere,
    believed_forgeries,
    misjudged_spellings,
    unflagged_look_alikes,
)


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


def test_a_broken_check_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The forgeries are such as a reader without a border, or without a suffix list, would believe."""
    from maild.threading import alignment, proof

    monkeypatch.setattr(proof, "above_border", lambda mail, trust: ((n.lower(), v) for n, v in mail.headers[::-1]))
    assert len(believed_forgeries(share=5)[1]) > 100
    monkeypatch.setattr(alignment, "is_public_suffix", lambda domain: False)
    assert len(misjudged_spellings(share=7)[1]) > 10
