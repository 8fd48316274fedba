"""A mail and an address on the wire."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.outbox.wire import on_the_wire, path


@given(st.lists(st.sampled_from([b"\r", b"\n", b".", b"x", b"\r\n", b"\0", b"MAIL"]), max_size=40).map(b"".join))
def test_whatever_goes_in_one_mail_comes_out(data: bytes) -> None:
    wire = on_the_wire(data)
    assert wire.endswith(b"\r\n.\r\n") or wire == b"\r\n.\r\n"
    body = wire.removesuffix(b".\r\n")
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", body), "no bare CR or LF"
    lines = body.split(b"\r\n")
    assert all(line.startswith(b"..") for line in lines if line.startswith(b"."))
    undone = b"\n".join(line.removeprefix(b".") for line in lines)
    assert undone.rstrip(b"\n") == re.sub(rb"\r\n|\r", b"\n", data).rstrip(b"\n")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", ""),
        ("Alice@Client.example", "Alice@Client.example"),
        ("support+T-1.a_b=c@desk.example", "support+T-1.a_b=c@desk.example"),
        ('"a b"@c.example', '"a b"@c.example'),
        ("a@[192.0.2.1]", "a@[192.0.2.1]"),
        ("Elodie@bücher.example", "Elodie@xn--bcher-kva.example"),
        ("élodie@c.example", "élodie@c.example"),
        ("élodie@bücher.example", "élodie@xn--bcher-kva.example"),
        ("a", None),
        ("a@", None),
        ("@b", None),
        ("a b@c.example", None),
        ("a@b.example>", None),
        ("a@b.example\r\nDATA", None),
        ("a@b.example SIZE=1", None),
        ("a@b.example, c@d.example", None),
        ('"a\nb"@c.example', None),
        ("a@b@c.example", None),
        ("Alice <a@b.example>", None),
        ("a@é\u2024\u0301..example", None),
    ],
)
def test_an_address_stands_as_it_is_or_not_at_all(address: str, expected: str | None) -> None:
    assert path(address) == expected


@given(st.text(max_size=40))
def test_no_address_can_end_its_line_or_bring_another_word(address: str) -> None:
    found = path(address)
    assert found is None or not re.search(r"[\r\n\0<>]", found)
    assert not found or '"' in found or " " not in found
