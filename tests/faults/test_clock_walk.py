"""Weeks of a desk by chance: no timer without a cause, no cause without a timer, no mail that must not be (T09, T02).

Each walk is drawn from its seed; one that goes wrong is shortened before it is shown.
"""

import pytest
import wrong_clocks
from breakages import Breakage, never_applied, replaced
from clock_walk import MINUTES, Step, shortest, steps_of, walked
from faults.figures import quick_folder, scaled, shown

from maild import sweeper
from maild.effects import CancelTimers, NoteMoment
from maild.plan import waiting

STEPS = 100_000
EACH = 60  # steps of a walk
MOST_WALKS = 12  # until a broken clock is found


async def test_the_clock_is_right_after_each_step_of_many_walks() -> None:
    walks = scaled(STEPS // EACH + 1, least=4)
    wrong = ""
    with quick_folder() as folder:
        for seed in range(walks):
            steps = steps_of(seed, EACH)
            if wrong := await walked(steps, folder):
                wrong = await walked(await shortest(steps), folder) or wrong
                break
    shown("t09", walks=walks, steps=walks * EACH, wrong=int(bool(wrong)))
    assert not wrong, f"walk {seed}\n{wrong}"


def _step(kind: str, amount: int = 1) -> Step:
    return Step(kind, 0, amount)


A_DAY, TWO_DAYS, THREE_DAYS, TEN_DAYS = (MINUTES.index(1440 * days) for days in (1, 2, 3, 10))
TEN_HOURS = MINUTES.index(600)
TWENTY_DAYS = TEN_DAYS  # an outage lasts twice as long
NOW = _step("time passes", 0)
TOLD = {
    "a moved step of a wait does not fire with those that were due beside it": (
        (_step("opens"), _step("waits"), _step("time passes", A_DAY), _step("outage", TWENTY_DAYS), NOW),
        replaced(sweeper, "is_still_due", lambda *_: True),
        "has ended on 2026-12-14, announced for 2026-12-17",
    ),
    "after an outage that ends on a closed day the end keeps its distance from the relance": (
        (_step("opens"), _step("waits"), _step("outage", TWENTY_DAYS), _step("time passes", A_DAY)),
        replaced(waiting, "caught_up", lambda *_: ()),
        "on 2026-12-14 its end was announced for 2026-12-14",
    ),
    "the end is announced for a day that is open by the rules of now": (
        (_step("opens"), _step("time passes", THREE_DAYS), _step("waits"), _step("time passes", TWO_DAYS),
         _step("other rules", 1), _step("time passes", TEN_DAYS), _step("time passes", THREE_DAYS)),
        wrong_clocks.announced_as_it_was(),
        "has ended on 2026-12-10, announced for 2026-12-07",
    ),
    "a breach is not told again where the rules by which it was told come back": (
        (_step("opens"), _step("time passes", TEN_HOURS), _step("other rules", 2), _step("other rules", 0),
         _step("time passes", A_DAY)),
        wrong_clocks.STORY_IS_NOT_READ,
        "told twice",
    ),
    "a held answer that is let in ends the pause that began after it came": (
        (_step("opens"), _step("plain reply"), _step("time passes"), _step("waits"), _step("time passes"),
         _step("is released")),
        wrong_clocks.held_words_come_first(),
        "resolution: paused since",
    ),
}  # fmt: skip


@pytest.mark.parametrize("told", TOLD)
async def test_what_walks_have_found(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    steps, breakage, words = TOLD[told]
    assert await walked(steps) == ""
    breakage(monkeypatch)
    assert words in await walked(steps)


BROKEN: dict[str, tuple[Breakage, str]] = {
    "timers go on": (never_applied(CancelTimers), "are armed"),
    "nothing is written down": (never_applied(NoteMoment), "without a cause"),
    "what was told is armed again": (wrong_clocks.told_again_at_once(), "told twice"),
    "a pause stops nothing": (wrong_clocks.never_paused(), "resolution: "),
    "business time is elapsed time": (wrong_clocks.every_hour_counts(), "was promised"),
    "mails leave at night": (wrong_clocks.told_at_any_time(), "was closed"),
    "other rules are not noticed": (replaced(sweeper, "rearm", lambda *_, **__: False), "timer"),
}


@pytest.mark.parametrize("broken", BROKEN)
async def test_a_walk_finds_a_broken_clock(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    breakage, words = BROKEN[broken]
    breakage(monkeypatch)
    with quick_folder() as folder:
        for seed in range(MOST_WALKS):
            if wrong := await walked(steps_of(seed, EACH), folder):
                assert words in wrong.splitlines()[-1]
                return
    raise AssertionError("no walk has found it")
