"""Whom may one block? Never an agent, never one of ours, never a domain that everybody uses."""

import pytest
from desk_values import settings

from maild.people.blocking import PUBLIC_DOMAINS, block_key
from maild.plan.blocking import refused
from maild.store.facts import keys_of

SETTINGS = settings()
ROWS = [
    ("Promo@Publicite.example", "promo@publicite.example", ""),
    ("<promo@publicite.example>", "promo@publicite.example", ""),
    ("publicite.example", "publicite.example", ""),
    ("@Publicité.example", "xn--publicit-i1a.example", ""),
    ("someone@gmail.com", "someone@gmail.com", ""),
    ("gmail.com", "gmail.com", "a public domain"),
    ("Orange.FR", "orange.fr", "a public domain"),
    ("free.fr", "free.fr", "a public domain"),
    ("co.uk", "co.uk", "a public domain"),
    ("lea@isybuy.example", "lea@isybuy.example", "an agent"),
    ("support@isybuy.example", "support@isybuy.example", "ours"),
    ("support+1042-1-x@isybuy.example", "support+1042-1-x@isybuy.example", "ours"),
    ("isybuy.example", "isybuy.example", "ours"),
    ("example", "", "neither"),
    ("fr", "", "neither"),
    ("", "", "neither"),
    ("a@b@c", "", "neither"),
    ("everybody please", "", "neither"),
    ("*", "", "neither"),
]


@pytest.mark.parametrize(("written", "key", "why"), ROWS)
def test_the_table(written: str, key: str, why: str) -> None:
    assert block_key(written) == key
    said = refused(SETTINGS, written, "en")
    assert why in said if why else said == ""
    assert bool(refused(SETTINGS, written, "fr")) == bool(why)


def test_every_public_domain_is_written_as_it_is_compared() -> None:
    assert all(block_key(domain) == domain for domain in PUBLIC_DOMAINS)


def test_a_sender_is_looked_for_by_address_and_by_each_domain_above() -> None:
    assert keys_of("x@mail.publicite.example") == [
        "x@mail.publicite.example",
        "mail.publicite.example",
        "publicite.example",
    ]
