"""Which mails are fetched together, and which wait?"""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from maild.ingest.batches import BATCH_MAILS, BATCH_OCTETS, Suspects, batches

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@given(st.dictionaries(st.integers(1, 10**6), st.integers(0, 2 * BATCH_OCTETS), max_size=200))
def test_every_mail_is_in_one_batch_within_both_limits(sizes: dict[int, int]) -> None:
    found = list(batches(sizes))
    assert [uid for batch in found for uid in batch] == sorted(sizes)
    assert all(len(b) <= BATCH_MAILS and (len(b) == 1 or sum(map(sizes.__getitem__, b)) <= BATCH_OCTETS) for b in found)


def test_a_suspect_is_tried_three_times_and_again_after_an_hour() -> None:
    suspects = Suspects()
    suspects.accuse([1, 2, 3], NOW)
    suspects.accuse([1], NOW)
    assert suspects.to_try(NOW) == [2, 3, 1]
    suspects.accuse([1], NOW)
    assert (suspects.to_try(NOW), suspects.waiting(NOW)) == ([2, 3], {1})
    assert suspects.to_try(NOW + timedelta(hours=1)) == [2, 3, 1]


def test_a_suspect_that_was_fetched_or_has_gone_is_none_any_more() -> None:
    suspects = Suspects()
    suspects.accuse([1, 2, 3], NOW)
    suspects.acquit([1])
    suspects.forget_all_but([3, 4])
    assert [uid for uid in (1, 2, 3, 4) if uid in suspects] == [3]
