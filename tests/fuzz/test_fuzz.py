"""Whatever octets come, reading keeps its promises (fuzz/checks.py): a little of what `make fuzz` does for long."""

import random

import pytest
from fuzz.catalogue import EML
from fuzz.checks import Broken, checked
from fuzz.mutations import mutated
from fuzz.structured import structured
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SEEDS = [path.read_bytes() for path in sorted(EML.glob("*.eml"))]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**64))
def test_mails_built_by_chance_are_read(seed: int) -> None:
    checked(structured(random.Random(seed)))


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SEEDS), st.integers(0, 2**64))
def test_spoilt_mails_are_read(raw: bytes, seed: int) -> None:
    checked(mutated(raw, random.Random(seed), SEEDS))


@pytest.mark.parametrize("raw", SEEDS, ids=lambda raw: "")
def test_every_fixture_is_read(raw: bytes) -> None:
    checked(raw)


def test_the_checks_see_what_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fuzz.checks.MOST_CPU", -1.0)
    with pytest.raises(Broken, match="s of CPU"):
        checked(b"From: a@b.example\r\n\r\nx")
