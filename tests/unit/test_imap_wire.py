"""Are responses, names and UID sets read and written as the RFCs say, however the network cuts them?"""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymap.parsing.modutf7 import modutf7_decode

from maild.ingest.wire import Garbled, ResponseReader, fetch_items, folder_name, numbers, quoted, uid_sets

STREAM = (
    b"* OK [ALERT] not a literal {3}\r\n"
    b'* 1 FETCH (UID 5 ENVELOPE ("a :-( * b") BODY[] {7}\r\n\r\n) {2}x BODY[1] {0}\r\n)\r\n'
    b"* SEARCH 1 2\r\nA1 OK done {5}\r\n+ go on {6}\r\n* 2 FETCH (UID 6 FLAGS (\\Seen))\r\n"
)


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_the_responses_are_the_same_wherever_the_stream_is_cut(cuts: list[int]) -> None:
    reader = ResponseReader()
    edges = [0, *sorted(cuts), len(STREAM)]
    found = [r for a, b in pairwise(edges) for r in reader.feed(STREAM[a:b])]
    assert found == ResponseReader().feed(STREAM)
    assert found[1][1::2] == [b"\r\n) {2}", b""]
    assert len(found) == 6
    assert reader.is_between_responses


def test_a_literal_is_taken_by_its_count_alone() -> None:
    found = ResponseReader().feed(b"* 1 FETCH (UID 5 BODY[] {9}\r\n)\r\n* 2 X\r BODY[1] {0}\r\n)\r\n")
    assert found == [[b"* 1 FETCH (UID 5 BODY[] {9}", b")\r\n* 2 X\r", b" BODY[1] {0}", b"", b")"]]


@given(st.binary(max_size=300))
def test_any_bytes_give_responses_or_are_garbled(data: bytes) -> None:
    try:
        for response in ResponseReader(longest_line=50, largest_literal=50).feed(b"* 1 FETCH (" + data + b"\r\n"):
            fetch_items(response)
    except Garbled:
        pass


@pytest.mark.parametrize(
    "data", [b"x" * 51, b"x" * 51 + b"\r\n", b"* 1 FETCH (X {51}\r\n", b"* X {" + b"9" * 30 + b"}\r\n"]
)
def test_limits_are_kept(data: bytes) -> None:
    with pytest.raises(Garbled):
        ResponseReader(longest_line=50, largest_literal=50).feed(data)


@pytest.mark.parametrize(
    ("response", "items"),
    [
        ([b"* 12 FETCH (UID 5 RFC822.SIZE 44)"], {b"UID": b"5", b"RFC822.SIZE": b"44"}),
        ([b"* 1 fetch (uid 5 flags (\\Seen (a)) body[] NIL)"], {b"UID": b"5", b"FLAGS": None, b"BODY[]": None}),
        ([b"* 1 FETCH (BODY[] {3}", b"NIL", b" UID 5)"], {b"BODY[]": b"NIL", b"UID": b"5"}),
        ([b'* 1 FETCH (BODY[] "a \\"b\\\\ (" UID 5)'], {b"BODY[]": b'a "b\\ (', b"UID": b"5"}),
        ([b"* 1 FETCH ()"], {}),
        ([b"* 1 EXISTS"], None),
        ([b"* SEARCH 1"], None),
    ],
)
def test_what_a_fetch_says(response: list[bytes], items: dict[bytes, bytes | None] | None) -> None:
    assert fetch_items(response) == items


def test_search_answers_are_put_together() -> None:
    assert numbers([b"* SEARCH 9 2", b"* SEARCH", b"* SEARCH 2 10"]) == [2, 9, 10]
    with pytest.raises(Garbled):
        numbers([b"* SEARCH 1 x"])


@given(st.lists(st.integers(1, 2**32 - 1)), st.integers(25, 100))
def test_uid_sets_hold_exactly_the_given(uids: list[int], longest: int) -> None:
    sets = list(uid_sets(uids, longest))
    written = [part.split(":") for text, _ in sets for part in text.split(",")]
    assert all(len(text) <= longest for text, _ in sets)
    assert [uid for _, members in sets for uid in members] == sorted(set(uids))
    assert sum(int(p[-1]) - int(p[0]) + 1 for p in written) == len(set(uids))


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_folder_name_goes_there_and_back(name: str) -> None:
    written = folder_name(name)
    assert written.isascii()
    assert written.isprintable()
    plain = written[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    assert modutf7_decode(plain.encode()) == name


@pytest.mark.parametrize("text", ["é", "a\r\nb", "\0", "\x7f"])
def test_a_quoted_string_takes_no_control_character(text: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII"):
        quoted(text)
