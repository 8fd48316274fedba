"""Of what is the admin told, when, and how often? Tables of days, looked at minute by minute."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from rules_files import RULES, write
from writing_samples import ALERTS

from maild.concern import Alert, Concern
from maild.config.desk import open_desk
from maild.config.load import load
from maild.plan import alerts as plan
from maild.plan.letters import Desk
from maild.threading.token import Key, Keyring
from maild.writing.wording import word

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = 24 * 60
Here = Callable[[int], Iterable[str]]  # the notices that are there at a minute


@dataclass
class Day:
    """What the admin heard of, each with the minute."""

    told: list[tuple[int, str]] = field(default_factory=list)
    paged: list[tuple[int, str]] = field(default_factory=list)
    ended: list[tuple[int, str]] = field(default_factory=list)


def lived(here: Here, minutes: int, *, leaves: bool = True, step: int = 1, start: Sequence[Alert] = ()) -> Day:
    """A watchman's day. `leaves`: whether mail does. `start`: what a life before left."""
    seen = plan.remembered(start, MONDAY)
    alerts = {alert.key: alert for alert in start}
    day, sent = Day(), {plan.mail_key(alert) for alert in start if alert.is_told}
    for minute in range(0, minutes, step):
        now = MONDAY + minute * MINUTE
        seen = plan.noted(seen, [Concern(notice, notice.partition(":")[0]) for notice in here(minute)], now)
        for alert in plan.changed(seen, alerts, now):
            alerts[alert.key] = alert
            if not alert.is_open:
                day.ended.append((minute, alert.key))
        for alert in plan.to_tell(seen, alerts.values(), now):
            alerts[alert.key] = replace(alert, told_at=now)
            day.told.append((minute, alert.key))
            if leaves:
                sent.add(plan.mail_key(alert))
        for alert in plan.to_page(alerts.values(), sent, now):
            alerts[alert.key] = replace(alert, paged_at=now)
            day.paged.append((minute, alert.key))
    return day


def between(notice: str, *spans: tuple[int, int]) -> Here:
    return lambda minute: [notice] if any(first <= minute < last for first, last in spans) else []


@pytest.mark.parametrize(
    ("what", "here", "minutes", "told", "ended"),
    [
        ("at once", between("disk-low", (3, 10)), 20, [3], [14]),
        ("a refused login within five minutes (I20)", between("mailbox-login", (0, 60)), 70, [2], [64]),
        ("a server that is away, after a quarter of an hour", between("mailbox-down", (0, 60)), 70, [15], [64]),
        ("a restart of the server is nothing", between("mailbox-down", (0, 14)), 70, [], []),
        ("a break begins the wait anew", between("mailbox-down", (0, 10), (11, 40)), 40, [26], []),
        ("an intake that fails, after five", between("intake-failing", (0, 9)), 20, [5], [13]),
        ("a disk that is full, after one", between("disk-full", (0, 9)), 20, [1], [13]),
        ("once, however long it lasts", between("not-filed", (0, 3 * DAY)), 3 * DAY, [0], []),
        ("a flap is one matter", lambda m: ["not-filed"] if m % 4 else [], 500, [1], []),
        ("back on the same day, nothing", between("not-filed", (0, 9), (100, 200)), 300, [0], [13, 204]),
        ("back on the next day, told again", between("not-filed", (0, 9), (DAY + 9, DAY + 20)), DAY + 30, [0, DAY + 9],
         [13, DAY + 24]),
        ("back and still there after a day, told then", between("not-filed", (0, 9), (100, 3 * DAY)), 3 * DAY,
         [0, DAY], [13]),
    ],
)  # fmt: skip
def test_the_admin_is_told(what: str, here: Here, minutes: int, told: list[int], ended: list[int]) -> None:
    day = lived(here, minutes)
    assert [minute for minute, _ in day.told] == told
    assert [minute for minute, _ in day.ended] == ended


def test_nobody_is_told_of_what_follows_from_a_full_disk() -> None:
    day = lived(
        lambda m: ["mailbox-down", "intake-failing", "disk-low", *(["disk-full"] if m < 60 else [])], 80, leaves=False
    )
    assert [(m, key) for m, key in day.told if m < 60] == [(1, "disk-full")]
    assert {key for m, key in day.told if m >= 60} == {"disk-low", "mailbox-down", "intake-failing"}


def test_a_hundred_matters_at_once_do_not_make_a_hundred_mails() -> None:
    day = lived(lambda _: [f"unreadable:{n}" for n in range(25)], 181)
    assert [sum(hour * 60 <= m < hour * 60 + 60 for m, _ in day.told) for hour in range(3)] == [10, 10, 5]
    assert len({key for _, key in day.told}) == 25


@pytest.mark.parametrize(
    ("notice", "leaves", "paged"),
    [
        ("smtp-configuration", True, [0]),
        ("smtp-down", False, [0]),
        ("smtp-refuses-all", False, [0]),
        ("disk-full", False, [1]),
        ("database", False, [1]),
        ("mailbox-login", True, []),
        ("mailbox-login", False, [17]),
        ("disk-low", False, [15]),
    ],
)
def test_the_command_runs_for_what_mail_can_not_tell(notice: str, leaves: bool, paged: list[int]) -> None:
    day = lived(between(notice, (0, 2 * DAY)), 2 * DAY, leaves=leaves)
    assert [minute for minute, _ in day.paged] == paged


def test_what_concerns_the_way_out_waits_for_no_other_alert() -> None:
    """Ten whose mails have left, and then ten whose mails have not: it comes first, and it comes now."""
    old = [
        Alert(Concern(f"mailbox-down:{n}", "mailbox-down"), MONDAY - 180 * MINUTE, told_at=MONDAY - 120 * MINUTE)
        for n in range(plan.MOST_AN_HOUR)
    ]
    urgent = Alert(Concern("smtp-down", "smtp-down"), MONDAY)
    late = plan.late_mails([*old, urgent], MONDAY)
    assert late == [plan.mail_key(alert) for alert in old]
    assert plan.to_page([*old, urgent], late, MONDAY) == [urgent]
    assert plan.to_page([*old, urgent], (), MONDAY) == [urgent, *old[:-1]]
    paged = [replace(alert, paged_at=MONDAY - MINUTE) for alert in old]
    assert plan.to_page([*paged, urgent], (), MONDAY) == [urgent]


def test_what_has_ended_is_not_paged() -> None:
    assert lived(between("not-filed", (0, 6)), 60, leaves=False).paged == []


def test_a_matter_that_waits_for_its_next_mail_is_not_paged_instead() -> None:
    """Told this morning, back since noon: mail works, it is only not repeated."""
    assert lived(between("not-filed", (0, 9), (100, 300)), 300).paged == []


def test_a_restart_tells_nothing_again_and_leaves_time_to_show_what_still_is_so() -> None:
    before = Alert(Concern("not-filed", "not-filed"), MONDAY - 60 * MINUTE, told_at=MONDAY - 60 * MINUTE)
    assert lived(between("not-filed", (2, 60)), 60, start=[before]) == Day()
    assert lived(between("not-filed"), 60, start=[before]) == Day(ended=[(5, "not-filed")])


@pytest.mark.parametrize("was_ended", [True, False])
def test_what_is_read_late_is_not_told_twice(was_ended: bool) -> None:
    """The database could not be read at the start; the command has run meanwhile."""
    concern, earlier = Concern("smtp-down", "smtp-down"), MONDAY - 60 * MINUTE
    old = Alert(concern, earlier, told_at=earlier, ended_at=earlier + MINUTE if was_ended else None)
    new = Alert(concern, MONDAY, paged_at=MONDAY)
    alerts = plan.merged([old], {"smtp-down": new})
    seen = plan.noted({}, [concern], MONDAY)
    assert plan.to_tell(seen, alerts.values(), MONDAY) == plan.to_page(alerts.values(), (), MONDAY) == []
    assert alerts["smtp-down"].is_open


@pytest.fixture(scope="module", params=["fr", "en"])
def given(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk in each language."""
    folder = tmp_path_factory.mktemp("desk")
    settings = load(write(folder, RULES.replace("language: fr ", f"language: {request.param} ")))
    return open_desk(settings, Keyring("x", (Key("1", b"k" * 32, MONDAY),)))


@pytest.mark.parametrize("notice", ALERTS)
def test_each_notice_has_its_words_and_a_command_to_use(given: Desk, notice: str) -> None:
    alert = Alert(Concern(notice, notice, ALERTS[notice]), MONDAY)
    mail, page = plan.alert_mail(given, alert, MONDAY), plan.page(given, alert)
    words = message_from_bytes(mail.data, policy=policy.default).get_body(("plain",))
    assert words is not None
    assert page["text"].split() == words.get_content().split()
    assert all(detail in page["text"] for detail in ALERTS[notice])
    assert page["what"] == word(notice, given.settings.site.language) != notice
    assert page["what"] in mail.subject
    assert (mail.recipient, page["since"]) == ("admin@isybuy.example", "2026-11-23T09:00:00+01:00")
    assert page["text"].count("maild ") + page["text"].count("df -h") >= 2


@pytest.mark.parametrize("notice", ALERTS)
def test_each_command_of_a_mail_names_the_rules_file(
    given: Desk, notice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the daemon was started with it, wherever the admin may stand."""
    monkeypatch.chdir(tmp_path)
    desk = open_desk(given.settings, given.ring, Path("my desk.yaml"))
    text = plan.page(desk, Alert(Concern(notice, notice, ALERTS[notice]), MONDAY))["text"]
    commands = re.findall(r"\bmaild (?:status|check|audit|held|outbox)\b.*", text)
    assert commands and all(f" --rules '{tmp_path}/my desk.yaml'" in command for command in commands)
    assert "--rules" not in plan.page(given, Alert(Concern(notice, notice, ALERTS[notice]), MONDAY))["text"]


def test_every_notice_that_waits_or_follows_has_words() -> None:
    named = {*plan.PATIENCE, *plan.FOLLOWS, *plan.AT_ONCE, *(n for causes in plan.FOLLOWS.values() for n in causes)}
    assert named <= ALERTS.keys()
