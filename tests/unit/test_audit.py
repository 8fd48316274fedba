"""What counts as a difference, and in which words? Tables: rows and listings in, findings out."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import desk_values
import pytest

from maild.audit.findings import Difference, Finding, confirmed, of_plain, plain, ranges, together, what_is_new
from maild.audit.folders import Listing, Look, Misplaced, Records, Unfiled, Unplaced, compare, notes
from maild.audit.ledger import (
    LEADS_TO,
    DeskRows,
    MailRow,
    Reading,
    Totals,
    faults_of,
    faults_of_desk,
    faults_of_file,
)
from maild.audit.night import next_audit
from maild.audit.words import NOUN_OF, NOUNS, WORDS
from maild.judgement import VerdictName
from maild.settings import Imap

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
IMAP = Imap.model_validate({"host": "h", "user": "u", "password": {"env": "X"}})
BASE = desk_values.settings()
BOX = BASE.mailboxes["support"].model_copy(update={"imap": IMAP})
SETTINGS = BASE.model_copy(update={"mailboxes": {"support": BOX}})
LONG_AGO = NOW - timedelta(days=2)
ROW = MailRow(
    id=1,
    mailbox="support",
    kept_at=LONG_AGO,
    size=10,
    sha256="",
    octets=10,
    file="",
    file_octets=None,
    is_same=True,
    damage="",
    disposition="applied",
    verdict="new_ticket",
    reason="no-reference",
    ticket=1001,
    has_ticket=True,
    duplicate_of=None,
    is_decided=True,
    is_first_known=True,
    settled_at=LONG_AGO,
    is_vanished=False,
    filed_as="applied",
    filed_folder="Processed",
)
KEPT: dict[str, Any] = {
    "disposition": "kept",
    "verdict": "",
    "reason": "",
    "settled_at": None,
    "ticket": None,
    "has_ticket": False,
}
DUPLICATE: dict[str, Any] = {"disposition": "duplicate", "verdict": "duplicate"}
IN_FILE: dict[str, Any] = {"octets": None, "file": "a.eml", "file_octets": 10}
FAULTS: list[tuple[dict[str, Any], str]] = [
    ({}, ""),
    (KEPT, ""),
    ({**DUPLICATE, "duplicate_of": 7, "is_first_known": False, "is_decided": False}, ""),
    ({"disposition": "held", "verdict": "plain_reply", "ticket": None, "has_ticket": False}, ""),
    ({"verdict": "loop", "ticket": None, "has_ticket": False}, ""),
    ({"reason": "discarded", "is_decided": False, "ticket": None, "has_ticket": False}, ""),
    (IN_FILE, ""),
    ({"disposition": "lost"}, "state-unknown"),
    (KEPT | {"verdict": "reply"}, "kept-decided"),
    (KEPT | {"settled_at": NOW}, "kept-decided"),
    ({"settled_at": None}, "not-settled"),
    ({"verdict": "nonsense"}, "not-settled"),
    ({"is_decided": False}, "no-decision"),
    ({"ticket": None, "has_ticket": False}, "no-ticket"),
    ({"has_ticket": False}, "ticket-missing"),
    ({"disposition": "held", "verdict": "stranger", "reason": ""}, "no-reason"),
    ({"disposition": "held"}, "misjudged"),
    ({"verdict": "stranger"}, "misjudged"),
    ({"verdict": "stranger", "reason": "discarded"}, ""),
    ({"disposition": "held", "verdict": "agent_reply"}, ""),  # too many refusals
    ({"filed_folder": "Held"}, "misfiled"),
    ({"filed_folder": "Inbox.Old"}, ""),  # of an earlier setting
    ({"filed_folder": "Held", "filed_as": ""}, ""),
    ({"filed_folder": "Held", "mailbox": "gone"}, ""),
    (DUPLICATE, "no-original"),
    ({"is_first_known": False}, "copy-unknown"),
    ({"octets": None}, "no-bytes"),
    ({"octets": 4}, "bytes-short"),
    ({"is_same": False}, "bytes-changed"),
    (IN_FILE | {"file_octets": None}, "file-missing"),
    (IN_FILE | {"file_octets": 4}, "file-short"),
    (IN_FILE | {"is_same": False}, "bytes-changed"),
    (IN_FILE | {"file_octets": None, "damage": "lost"}, "bytes-lost"),
]


@pytest.mark.parametrize(("change", "kind"), FAULTS)
def test_a_row_is_whole_or_says_what_it_lacks(change: dict[str, Any], kind: str) -> None:
    assert [finding.kind for finding in faults_of(ROW._replace(**change), SETTINGS)] == ([kind] if kind else [])


def read(rows: list[MailRow], received: int, named: tuple[int, ...] = (), earlier: int = 0) -> list[tuple[str, int]]:
    reading = Reading(Totals(received, {}, named, earlier), NOW, SETTINGS)
    for row in rows:
        reading.take([row])
    return [(finding.kind, finding.number) for finding in reading.end(range(received + 1))]


@pytest.mark.parametrize(
    ("ids", "received", "named", "earlier", "missing"),
    [
        ([1, 2, 3], 3, (), 3, []),
        ([], 0, (), 0, []),
        ([1, 3, 6], 6, (), 0, [("mail-missing", 2), ("mail-missing", 4), ("mail-missing", 5)]),
        ([2], 2, (), 0, [("mail-missing", 1)]),
        ([1, 2], 2, (3, 5), 0, [("mail-missing", 3), ("mail-missing", 5)]),  # the newest: others speak of them
        ([1, 2], 2, (3,), 4, [("mail-missing", 3), ("newest-missing", 4)]),
        ([], 0, (), 2, [("newest-missing", 1), ("newest-missing", 2)]),
    ],
)
def test_a_number_without_a_row_is_a_missing_mail(
    ids: list[int], received: int, named: tuple[int, ...], earlier: int, missing: list[tuple[str, int]]
) -> None:
    assert read([ROW._replace(id=number) for number in ids], received, named, earlier) == missing


@pytest.mark.parametrize(
    ("copies", "found"),
    [
        ({2: 1}, []),
        ({2: 1, 3: 2}, []),  # by way of another copy
        ({2: 9}, [("no-original", 2)]),
        ({2: 0}, [("no-original", 2)]),
        ({2: 2}, [("only-duplicates", 2)]),
        ({2: 3, 3: 2, 4: 2}, [("only-duplicates", 2), ("only-duplicates", 3), ("only-duplicates", 4)]),
        ({2: 3, 3: 9}, [("only-duplicates", 2), ("no-original", 3)]),
    ],
)
def test_a_duplicate_leads_to_a_mail_that_is_none(copies: dict[int, int], found: list[tuple[str, int]]) -> None:
    rows = [ROW._replace(id=n, **(DUPLICATE | {"duplicate_of": copies[n]} if n in copies else {})) for n in range(1, 5)]
    assert read(rows, 4) == found


@pytest.mark.parametrize(
    ("kept_for", "settled_ago", "waits"),
    [
        (timedelta(minutes=14), None, False),
        (timedelta(minutes=16), None, True),
        (timedelta(minutes=16), timedelta(minutes=16), True),
        (timedelta(minutes=16), timedelta(minutes=1), False),  # somebody is at work
    ],
)
def test_a_kept_mail_waits_only_while_somebody_works(
    kept_for: timedelta, settled_ago: timedelta | None, waits: bool
) -> None:
    settled = LONG_AGO if settled_ago is None else NOW - settled_ago
    rows = [ROW._replace(settled_at=settled), ROW._replace(id=2, **(KEPT | {"kept_at": NOW - kept_for}))]
    assert read(rows, 2) == ([("waits", 2)] if waits else [])


def test_words_that_are_on_no_ticket_are_told() -> None:
    rows = [ROW, ROW._replace(id=2, verdict="reply"), ROW._replace(id=3, verdict="spam", ticket=None)]
    for said, missing in (({1, 2}, []), ({1}, [2]), (set(), [1, 2])):
        reading = Reading(Totals(3, {}, (), 0), NOW, SETTINGS)
        reading.take(rows)
        assert [(f.kind, f.number) for f in reading.end(said)] == [("no-words", number) for number in missing]


def test_mails_of_a_mailbox_that_the_rules_no_longer_name_are_a_remark() -> None:
    reading = Reading(Totals(2, {}, (), 0), NOW, SETTINGS)
    reading.take([ROW, ROW._replace(id=2, mailbox="sales")])
    assert list(reading.notes()) == ["sales: 1 mails received; the rules no longer name this mailbox"]


def test_every_verdict_leads_somewhere() -> None:
    assert LEADS_TO.keys() == set(VerdictName)


def test_a_gap_in_the_numbers_of_mails_out_is_a_deleted_row() -> None:
    desk = DeskRows([], [2, 3, 6], {}, [], [], [], [])
    assert [(f.kind, f.number) for f in faults_of_desk(desk, is_running=True)] == [
        ("out-missing", 1),
        ("out-missing", 4),
        ("out-missing", 5),
    ]


def test_what_is_wrong_with_tickets_mails_out_and_timers_is_said() -> None:
    desk = DeskRows([1], [1, 2, 3, 4], {2: "lost"}, [3], [4], [5], [6])
    kinds = ["ticket-empty", "out-state-unknown", "out-sending", "out-untried", "timer-of-ended", "timer-of-none"]
    assert [(f.kind, f.number) for f in faults_of_desk(desk, is_running=False)] == [
        *zip(kinds, range(1, 7), strict=True)
    ]
    assert "out-sending" not in [f.kind for f in faults_of_desk(desk, is_running=True)]


@pytest.mark.parametrize(
    ("said", "known", "kinds"),
    [
        ([], "no-reason", []),
        (["wrong # of entries in index x"], "no-reason", ["database-damaged"]),
        (["CHECK constraint failed in inbound"], "state-unknown", []),
        (["CHECK constraint failed in inbound"], "out-state-unknown", ["value-unknown"]),
        (["NULL value in inbound.sender"], "state-unknown", ["value-unknown"]),
    ],
)
def test_what_sqlite_says_is_told_once(said: list[str], known: str, kinds: list[str]) -> None:
    assert [finding.kind for finding in faults_of_file(said, [Finding(known, 1)])] == kinds


LOOK = Look("support", IMAP, NOW, timedelta(minutes=5), 1000)
INBOX, PROCESSED, HELD = "support, INBOX", "support, Processed", "support, Held"
RECORDS = Records(
    filed={("Processed", 1): {11: 1, 12: 2}, ("Held", 1): {11: 3}},
    origins={("INBOX", 1): {1: 1, 2: 2, 3: 3, 4: 4}},
    unfiled=[Unfiled(4, ("INBOX", 1), 4, None)],
    misplaced=[],
    unplaced=[],
    left_alone={("INBOX", 1): {90, 91}},
)
LISTINGS: Mapping[str, Listing | None] = {
    "INBOX": Listing(1, {4, 90}),
    "Processed": Listing(1, {11, 12}),
    "Held": Listing(1, {11}),
    "Duplicates": None,
}


def inbox(uid: int, size: int = 10, came_at: datetime = LONG_AGO) -> Mapping[str, Listing | None]:
    return {**LISTINGS, "INBOX": Listing(1, {4, 90, uid}, {uid: size}, {uid: came_at})}


def folder(name: str, uids: set[int], uidvalidity: int = 1, size: int = 10) -> Mapping[str, Listing | None]:
    return {**LISTINGS, name: Listing(uidvalidity, uids, dict.fromkeys(uids, size))}


FOLDERS: list[tuple[str, Mapping[str, Listing | None], Records, list[tuple[str, int, str]]]] = [
    ("all is well", LISTINGS, RECORDS, []),
    ("a mail without a row", inbox(5), RECORDS, [("not-taken", 5, INBOX)]),
    ("that has just come", inbox(5, came_at=NOW - timedelta(minutes=4)), RECORDS, []),
    ("of an unknown age", {**LISTINGS, "INBOX": Listing(1, {4, 5}, {5: 1})}, RECORDS, [("not-taken", 5, INBOX)]),
    ("that is gone again", {**LISTINGS, "INBOX": Listing(1, {4, 5})}, RECORDS, []),
    ("that is too large", inbox(5, 1001), RECORDS, [("too-large", 5, INBOX)]),
    ("left alone at first", inbox(91), RECORDS, []),
    ("before the first start", inbox(5), replace(RECORDS, left_alone={}), []),
    ("filed, but there", inbox(2), RECORDS, [("still-in-inbox", 2, INBOX)]),
    ("taken before it was filed", {**LISTINGS, "INBOX": Listing(1, ())}, RECORDS, [("not-in-inbox", 4, INBOX)]),
    (
        "settled and not filed",
        LISTINGS,
        replace(RECORDS, unfiled=[Unfiled(4, ("INBOX", 1), 4, LONG_AGO)]),
        [("not-filed", 4, INBOX)],
    ),
    ("just settled", LISTINGS, replace(RECORDS, unfiled=[Unfiled(4, ("INBOX", 1), 4, NOW)]), []),
    (
        "of an inbox that was made anew",
        LISTINGS,
        replace(RECORDS, unfiled=[Unfiled(4, ("INBOX", 9), 4, LONG_AGO)]),
        [("not-taken", 4, INBOX), ("old-uidvalidity", 4, INBOX)],
    ),
    ("taken out of a folder", folder("Processed", {12}), RECORDS, [("not-in-folder", 1, PROCESSED)]),
    ("put into a folder", folder("Held", {11, 12}), RECORDS, [("without-row", 12, HELD)]),
    (
        "a folder that is gone",
        {**LISTINGS, "Processed": None},
        RECORDS,
        [("folder-gone", 1, PROCESSED), ("folder-gone", 2, PROCESSED)],
    ),
    (
        "filed otherwise",
        LISTINGS,
        replace(RECORDS, misplaced=[Misplaced(3, "Held", "held", "applied", LONG_AGO)]),
        [("wrong-folder", 3, HELD)],
    ),
    ("settled anew", LISTINGS, replace(RECORDS, misplaced=[Misplaced(3, "Held", "held", "applied", NOW)]), []),
    ("made anew, all of one size", folder("Processed", {1, 2}, 2), RECORDS, []),
    ("made anew, one too few", folder("Processed", {1}, 2), RECORDS, [("not-in-folder", 1, PROCESSED)]),
    ("made anew, one too many", folder("Processed", {1, 2, 3}, 2), RECORDS, [("without-row", 3, PROCESSED)]),
    (
        "made anew, none of that size",
        folder("Held", {1}, 2, size=11),
        RECORDS,
        [("not-in-folder", 3, HELD), ("without-row", 1, HELD)],
    ),
    ("of an unknown place", folder("Held", {11, 12}), replace(RECORDS, unplaced=[Unplaced(5, "Held", 10)]), []),
    (
        "of an unknown place, gone",
        LISTINGS,
        replace(RECORDS, unplaced=[Unplaced(5, "Held", 10)]),
        [("not-in-folder", 5, HELD)],
    ),
]


@pytest.mark.parametrize(
    ("listings", "records", "found"), [row[1:] for row in FOLDERS], ids=[row[0] for row in FOLDERS]
)
def test_a_mail_lies_where_its_row_says(
    listings: Mapping[str, Listing | None], records: Records, found: list[tuple[str, int, str]]
) -> None:
    if records.unfiled and next(iter(records.unfiled)).place == ("INBOX", 9):
        listings = inbox(4)
        records = replace(records, origins={})
    seen = compare(LOOK, listings, records, {1: 10, 2: 10, 3: 10})
    assert sorted((f.kind, f.number, f.where) for f in seen) == sorted(found)


def test_what_is_known_to_be_taken_away_is_a_remark_and_no_difference() -> None:
    look = replace(LOOK, told={1})
    gone = folder("Processed", set())
    assert [(f.kind, f.number) for f in compare(look, gone, RECORDS, {})] == [("not-in-folder", 2)]
    assert [(f.kind, f.number) for f in compare(look, {**LISTINGS, "Processed": None}, RECORDS, {})] == [
        ("folder-gone", 2)
    ]
    assert "support: 1 mails were taken away by somebody, as the rows know; their bytes are kept" in list(
        notes(look, gone, RECORDS)
    )
    made_anew = folder("Processed", {1}, 2)  # one of two is left there: the one that nobody was told of
    assert list(compare(look, made_anew, RECORDS, {1: 10, 2: 10})) == []
    assert list(compare(look, LISTINGS, RECORDS, {})) == [], "and put back it is at its place again"


def test_what_the_poller_is_about_to_take_is_no_difference() -> None:
    look = replace(LOOK, is_taking=True)
    assert list(compare(look, inbox(5), RECORDS, {})) == []
    assert "support, INBOX: 1 mails are still to be taken; the daemon is at it" in list(notes(look, inbox(5), RECORDS))


def test_folders_of_an_earlier_setting_are_named() -> None:
    said = list(
        notes(replace(LOOK, imap=IMAP.model_copy(update={"held": "Other"})), {**LISTINGS, "Other": None}, RECORDS)
    )
    assert said[-1] == "support, Held: 1 mails were filed there; the rules no longer name it, so it was not read"


def test_only_what_is_seen_twice_counts_in_the_words_of_the_second_look() -> None:
    first = [Finding("not-taken", 5, INBOX), Finding("file-short", 6, more="3 of 10")]
    again = [Finding("file-short", 6, more="4 of 10"), Finding("not-taken", 7, INBOX)]
    assert confirmed(first, again) == [again[0]]


def test_findings_of_one_sort_and_place_are_one_line_that_says_what_to_do() -> None:
    findings = [Finding("not-in-folder", n, PROCESSED) for n in (3, 7, 5, 6)] + [Finding("mail-missing", 2)]
    assert [difference.line() for difference in together(findings)] == [
        "mail 2: received, and the row is gone from the database. To do: if its copy lies in a folder, move it back "
        "into the inbox with any mail program, and it is read as new mail; else restore a backup",
        "support, Processed: mails 3, 5-7: filed there and there no longer: somebody took it. "
        "To do: nothing is lost: its bytes are kept",
    ]


def test_every_kind_can_be_said_in_one_line() -> None:
    for kind in NOUN_OF:
        [difference] = together([Finding(kind, 4, more="why")])
        for language, to_do in (("en", "To do: "), ("fr", "À faire : ")):
            assert "\n" not in difference.line(language)
            assert difference.line(language).endswith(f"(why). {to_do}{WORDS[language][kind].do}")


def test_every_kind_has_words_in_every_language() -> None:
    assert {language: WORDS[language].keys() for language in NOUNS} == dict.fromkeys(("en", "fr"), NOUN_OF.keys())
    line = together([Finding("not-in-folder", n, "support, Held") for n in range(1, 60, 2)])[0].line("fr")
    assert line.startswith(
        "support, Held : messages 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23 et 18 de plus : rangé là"
    )
    assert line.endswith(". À faire : rien n’est perdu : ses octets sont conservés")


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([1], "1"),
        ([1, 2, 3, 5], "1-3, 5"),
        (list(range(1, 60, 2)), "1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23 and 18 more"),
    ],
)
def test_numbers_are_short_to_read(numbers: list[int], words: str) -> None:
    assert ranges(numbers) == words


def test_what_is_new_is_what_came_in_when_differences_last_became_more() -> None:
    a, c = (together([Finding("bytes-short", n)]) for n in (1, 3))
    both = together([Finding("bytes-short", n) for n in (1, 2)])

    def new(*audits: list[Difference]) -> list[int]:
        return sorted(number for _, _, number in what_is_new(audits[0], audits[1:]))

    assert new(a) == [1]
    assert new(both, a) == [2]
    assert new(a, both) == [1, 2], "fewer of them are the same matter"
    assert new(a, a, both, a, []) == [2]
    assert new([*a, *c], both) == [3]
    assert new(a, [], a) == [1]


def test_a_difference_comes_back_out_of_json() -> None:
    [difference] = together([Finding("file-short", 4, "support, Held", "3 / 10 octets")])
    assert of_plain(json.loads(json.dumps(plain(difference)))) == difference


PARIS = ZoneInfo("Europe/Paris")


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("now", "last", "failed", "due"),
    [
        ("2026-11-23 09:00", None, None, "2026-11-24 03:30"),
        ("2026-11-23 01:00", None, None, "2026-11-23 03:30"),
        ("2026-11-23 09:00", "2026-11-23 03:31", None, "2026-11-24 03:30"),
        ("2026-11-24 03:00", "2026-11-23 20:00", None, "2026-11-25 03:30"),  # less than 20 hours ago
        ("2026-11-23 09:00", "2026-11-20 03:31", None, "2026-11-23 09:00"),  # a machine that sleeps at night
        ("2026-11-23 03:40", "2026-11-22 03:31", "2026-11-23 03:35", "2026-11-23 04:35"),
        ("2026-11-23 04:40", "2026-11-23 04:36", "2026-11-23 03:35", "2026-11-24 03:30"),
        ("2026-03-28 12:00", "2026-03-28 03:31", None, "2026-03-29 03:30"),  # clocks go forward
    ],
)
def test_the_audit_is_once_a_night(now: str, last: str | None, failed: str | None, due: str) -> None:
    seen = next_audit(at(now), at(last) if last else None, at(failed) if failed else None, PARIS)
    assert seen == at(due)
