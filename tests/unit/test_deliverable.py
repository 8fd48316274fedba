"""One rule says which address a mail can be written to, and the writer obeys it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from maild.mail import Address, address_key, is_deliverable, written_form
from maild.reading import read
from maild.writing.compose import Letter, compose
from maild.writing.headers import BadHeader

LETTER = Letter(
    Address("support@isybuy.example"), Address(""), "x", "m1@isybuy.example", datetime(2026, 11, 23, tzinfo=UTC), "x"
)
_ODD = st.text(st.sampled_from('ab.-_@"\\ ()<>,;:[]{}~+/!=*1é☃ß㎏\u200b\ud800\n'), max_size=30)
_LIKELY = st.builds("{}@{}".format, _ODD, _ODD) | st.emails()


def can_be_written(address: str) -> bool:
    try:
        return f"{written_form(address)}".encode() in compose(replace(LETTER, to=Address(address, "")))
    except BadHeader:
        return False


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60) | _LIKELY)
@example('"a b"@x.example')
@example("a@[IPv6:::1]")
@example("a" * 64 + "@" + ".".join(["b" * 60] * 3))
def test_what_is_deliverable_is_what_can_be_written(address: str) -> None:
    assert is_deliverable(address) == can_be_written(address)
    assert address_key(address) is not None  # total, whatever the string


@settings(max_examples=200, deadline=None)
@given(_LIKELY)
def test_each_sender_that_is_read_can_be_written_to_or_is_refused_by_the_rule(address: str) -> None:
    sender = read(f"From: <{address}>\r\n\r\nBonjour".encode("utf-8", "replace")).sender
    assert sender is None or is_deliverable(sender.address) == can_be_written(sender.address)


@pytest.mark.parametrize(
    "address",
    ["a@b.example", "a.b+c@b.example", '"a b"@b.example', "o'neil@x-y.example", "a@bücher.example", "a@[192.0.2.1]"],
)
def test_good_addresses_are_deliverable(address: str) -> None:
    assert is_deliverable(address)


@pytest.mark.parametrize(
    "address",
    [
        "a@x~y.example", "a@x+y.example", "a@x/y.example", "a@ex!ample.com", "a@☃.example", "a@{x}", "a@x=y", "a@*",
        "a@-x.example", "a@x-.example", "a@x..example", "a@x.example.", "a@" + "b" * 64 + ".example", "a@[x]", "a@[x",
        "a" * 65 + "@x.example", "a@" + ".".join(["bbb"] * 75), "a..b@x.example", ".a@x.example", "é@x.example",
        "a@b@x.example", "", "@", "a@", "@b", "a\n@x.example", "a@x.example\n", "a@" + "é" * 20_000,
    ],
)  # fmt: skip
def test_hostile_addresses_are_refused_by_the_rule_and_the_writer(address: str) -> None:
    assert not is_deliverable(address)
    assert not can_be_written(address)


@pytest.mark.parametrize("address", ["a@x~y.example", "a@ex!ample.com", "a@x/y.example", "a" * 100 + "@x.example"])
def test_a_sender_that_cannot_be_written_to_is_still_a_sender(address: str) -> None:
    sender = read(f"From: <{address}>\r\n\r\nBonjour".encode()).sender
    assert sender is not None and sender.address == address
