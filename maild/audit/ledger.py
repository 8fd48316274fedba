"""Does what the store says of its mails hold together? Received = applied + held + duplicate + kept, and each is whole.

Numbers of received mails are given out in order and never left out, so that a gap is a row that somebody has deleted.
Of the newest rows, behind which no gap can show, other tables and earlier audits speak.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from maild.audit.findings import Finding
from maild.audit.folders import folders_of
from maild.judgement import VerdictName
from maild.settings import Settings
from maild.ticket import Disposition

WAITS_AT_MOST = timedelta(minutes=15)  # a kept mail, while nothing else is settled either
UNTRIED_AT_MOST = timedelta(days=1)  # a mail that is due

_HELD, _APPLIED = frozenset({Disposition.HELD.value}), frozenset({Disposition.APPLIED.value})
# Where plan/incoming.py leads each verdict. A discarded mail is applied and keeps the verdict by which it was held.
LEADS_TO: Mapping[str, frozenset[str]] = {
    VerdictName.QUARANTINED: _HELD,
    VerdictName.DUPLICATE: frozenset({Disposition.DUPLICATE.value}),
    VerdictName.LOOP: _APPLIED | _HELD,  # somebody known, over their budget
    VerdictName.LEGACY: _APPLIED,
    VerdictName.BOUNCE: _APPLIED,
    VerdictName.AUTO_REPLY: _APPLIED,
    VerdictName.LIST_MAIL: _APPLIED,
    VerdictName.SPAM: _APPLIED,
    VerdictName.UNSIGNED_AGENT: _HELD,
    VerdictName.SPOOF_SUSPECT: _HELD,
    VerdictName.RATING: _APPLIED,
    VerdictName.CLAIM: _APPLIED,
    VerdictName.SELF_SERVICE: _APPLIED,
    VerdictName.AMBIGUOUS: _HELD,
    VerdictName.BAD_REFERENCE: _HELD,
    VerdictName.STRANGER: _HELD,
    VerdictName.FOLLOW_UP: _APPLIED,
    VerdictName.AGENT_NOTE: _APPLIED | _HELD,  # too many refusals
    VerdictName.AGENT_COMMAND: _APPLIED | _HELD,
    VerdictName.AGENT_REPLY: _APPLIED | _HELD,
    VerdictName.REPLY: _APPLIED,
    VerdictName.PLAIN_REPLY: _HELD,
    VerdictName.UNKNOWN_SENDER: _HELD,
    VerdictName.REDIRECTED: _APPLIED,
    VerdictName.REPEAT: _APPLIED,
    VerdictName.INCOMPLETE: _APPLIED,
    VerdictName.NEW_TICKET: _APPLIED,
}
_BRING_WORDS = frozenset(  # a customer's, onto a ticket
    name.value
    for name in (
        *(VerdictName.NEW_TICKET, VerdictName.INCOMPLETE, VerdictName.REPLY),
        *(VerdictName.FOLLOW_UP, VerdictName.REPEAT),
    )
)
_AGENTS = frozenset({VerdictName.AGENT_NOTE.value, VerdictName.AGENT_COMMAND.value, VerdictName.AGENT_REPLY.value})
_NO_VALUE_OF_OURS = ("CHECK constraint failed", "NULL value in")  # SQLite's words
_TOLD_BY_ROW = {
    "state-unknown": "CHECK constraint failed in inbound",
    "out-state-unknown": "CHECK constraint failed in outbox",
}
_OF_HELD = "held-"  # an agent's word on a held mail, which may lead to no ticket
_BY_HAND = "discarded"  # a person's word, which needs no decision of ours
_DISPOSITIONS = frozenset(d.value for d in Disposition)


class MailRow(NamedTuple):
    """What the store says of a received mail, and what it has of it."""

    id: int
    mailbox: str
    kept_at: datetime
    size: int
    sha256: str
    octets: int | None  # in the database; None: they are in the file
    file: str
    file_octets: int | None  # None: there is no such file
    is_same: bool | None  # by digest; None: not looked at
    damage: str
    disposition: str
    verdict: str
    reason: str
    ticket: int | None
    has_ticket: bool  # the ticket that it names is there
    duplicate_of: int | None
    is_decided: bool
    is_first_known: bool  # a second copy would be recognised
    settled_at: datetime | None
    is_vanished: bool
    filed_as: str
    filed_folder: str


class Totals(NamedTuple):
    """How many mails there are, of one instant."""

    received: int  # the highest number that was given out
    by_disposition: Mapping[str, int]
    named: Collection[int]  # numbers that other tables name and that have no row
    earlier: int  # the most that an earlier audit has counted


class DeskRows(NamedTuple):
    """What else can be wrong: numbers of those for which it is so."""

    empty_tickets: Collection[int]
    out: Collection[int]  # all mails out, ascending
    odd_out: Mapping[int, str]  # mails out in a state without a name
    sending: Collection[int]
    untried: Collection[int]  # due for long, nothing before them, never tried
    reminded: Collection[int]  # ended tickets with an armed reminder
    timed: Collection[int]  # tickets that are not there, with an armed timer
    unconfirmed: int = 0  # mails given up after they may have left twice


class Reading:
    """Goes through the rows in the order of their numbers and remembers what only the whole can tell."""

    def __init__(self, totals: Totals, now: datetime, settings: Settings) -> None:
        self._totals = totals
        self._now = now
        self._settings = settings
        self._mailboxes: Counter[str] = Counter()
        self._wordy: list[int] = []
        self._next = 1
        self._waiting: list[Finding] = []
        self._copies: dict[int, int] = {}
        self._last_settled: datetime | None = None
        self.missing: set[int] = set()
        self.taken: set[int] = set()  # rows that say themselves that somebody took their mail away
        self.findings: list[Finding] = []

    def take(self, rows: Iterable[MailRow]) -> None:
        """The next rows."""
        for row in rows:
            self.missing.update(range(self._next, row.id))
            self._next = row.id + 1
            self._mailboxes[row.mailbox] += 1
            self.findings += faults_of(row, self._settings)
            if row.is_vanished:
                self.taken.add(row.id)
            if row.disposition == Disposition.APPLIED and row.verdict in _BRING_WORDS and row.reason != _BY_HAND:
                self._wordy.append(row.id)
            if row.disposition == Disposition.KEPT and row.kept_at < self._now - WAITS_AT_MOST:
                self._waiting.append(Finding("waits", row.id))
            if row.disposition == Disposition.DUPLICATE and row.duplicate_of is not None:
                self._copies[row.id] = row.duplicate_of
            if row.settled_at is not None and (self._last_settled is None or row.settled_at > self._last_settled):
                self._last_settled = row.settled_at

    def end(self, said: Collection[int]) -> list[Finding]:
        """All that was found, once every row up to the highest number was taken. `said`: received mails whose words
        are on a ticket, read after the rows: so what was settled meanwhile is among them."""
        totals = self._totals
        self.missing.update(range(self._next, totals.received + 1), totals.named)
        found = [*self.findings, *(Finding("mail-missing", number) for number in sorted(self.missing))]
        beyond = range(max(totals.received, max(totals.named, default=0)) + 1, totals.earlier + 1)
        found += [Finding("newest-missing", number) for number in beyond]
        found += [Finding("no-words", number) for number in self._wordy if number not in said]
        found += _faults_of_copies(self._copies, self.missing, totals.received)
        is_at_work = self._last_settled is not None and self._last_settled >= self._now - WAITS_AT_MOST
        return found if is_at_work else [*found, *self._waiting]

    def notes(self) -> Iterator[str]:
        """What is no difference and yet worth saying."""
        for name in sorted(self._mailboxes.keys() - self._settings.mailboxes.keys()):
            yield f"{name}: {self._mailboxes[name]} mails received; the rules no longer name this mailbox"


def faults_of(row: MailRow, settings: Settings) -> Iterator[Finding]:
    """What is wrong with one row."""
    word = row.disposition
    if word not in _DISPOSITIONS:
        yield Finding("state-unknown", row.id, more=word)
    elif word == Disposition.KEPT:
        if row.verdict or row.settled_at is not None:
            yield Finding("kept-decided", row.id)
    else:
        yield from _faults_of_settled(row)
    yield from _faults_of_bytes(row)
    box = settings.mailboxes.get(row.mailbox)
    folders = folders_of(box.imap) if box is not None and box.imap is not None else {}
    others = {folder for disposition, folder in folders.items() if disposition != row.filed_as}
    if row.filed_as and row.filed_folder in others:  # the folder of an earlier setting is none of them
        yield Finding("misfiled", row.id, f"{row.mailbox}, {row.filed_folder}", row.filed_as)


def _faults_of_settled(row: MailRow) -> Iterator[Finding]:
    if row.settled_at is None or row.verdict not in LEADS_TO:
        yield Finding("not-settled", row.id, more=row.verdict if row.verdict not in LEADS_TO else "")
    elif row.disposition not in LEADS_TO[row.verdict] and row.reason != _BY_HAND:
        yield Finding("misjudged", row.id, more=f"{row.verdict} → {row.disposition}")
    if row.ticket is not None and not row.has_ticket:
        yield Finding("ticket-missing", row.id, more=f"ticket {row.ticket}")
    if row.disposition == Disposition.HELD and not row.reason:
        yield Finding("no-reason", row.id)
    if row.disposition == Disposition.DUPLICATE:
        if row.duplicate_of is None:
            yield Finding("no-original", row.id)
        return
    if not row.is_first_known:
        yield Finding("copy-unknown", row.id)
    if row.disposition == Disposition.APPLIED and row.reason != _BY_HAND:
        if not row.is_decided:
            yield Finding("no-decision", row.id)
        is_of_held = row.reason.startswith(_OF_HELD)
        if row.verdict in _BRING_WORDS | _AGENTS and row.ticket is None and not is_of_held:
            yield Finding("no-ticket", row.id, more=row.verdict)


def _faults_of_bytes(row: MailRow) -> Iterator[Finding]:
    if row.damage == "lost":
        yield Finding("bytes-lost", row.id)
    elif row.octets is None and not row.file:
        yield Finding("no-bytes", row.id)
    elif row.octets is None and row.file_octets is None:
        yield Finding("file-missing", row.id, more=row.file)
    elif row.octets is None and row.file_octets != row.size:
        yield Finding("file-short", row.id, more=f"{row.file}: {row.file_octets} / {row.size} octets")
    elif row.octets is not None and row.octets != row.size:
        yield Finding("bytes-short", row.id, more=f"{row.octets} / {row.size} octets")
    elif row.is_same is False:
        yield Finding("bytes-changed", row.id, more=row.file)


def _faults_of_copies(copies: Mapping[int, int], missing: Collection[int], received: int) -> Iterator[Finding]:
    """Each duplicate leads to a mail that is none; chains are short, but a hand may have made them anything."""
    leads: dict[int, bool] = {}
    for start in copies:
        here, path = start, dict[int, None]()
        while here in copies and here not in leads and here not in path:
            path[here] = None
            here = copies[here]
        is_there = 0 < here <= received and here not in missing
        leads.update(dict.fromkeys(path, leads.get(here, is_there and here not in path)))
    for number in sorted(copies):
        if not leads[number]:
            original = copies[number]
            is_row = 0 < original <= received and original not in missing
            yield (
                Finding("only-duplicates", number)
                if is_row
                else Finding("no-original", number, more=f"mail {original}")
            )


def faults_of_desk(desk: DeskRows, *, is_running: bool) -> list[Finding]:
    """Tickets, mails out, timers. `is_running`: a daemon is there that has mails in hand."""
    found = [Finding("ticket-empty", number) for number in desk.empty_tickets]
    gone = set(range(1, max(desk.out, default=0))).difference(desk.out)  # numbered as received mails are
    found += [Finding("out-missing", number) for number in sorted(gone)]
    found += [Finding("out-state-unknown", number, more=state) for number, state in desk.odd_out.items()]
    if not is_running:
        found += [Finding("out-sending", number) for number in desk.sending]
    found += [Finding("out-untried", number) for number in desk.untried]
    found += [Finding("timer-of-ended", number) for number in desk.reminded]
    found += [Finding("timer-of-none", number) for number in desk.timed]
    return found


def faults_of_file(said: Iterable[str], found: Iterable[Finding]) -> Iterator[Finding]:
    """What SQLite says of the database, but for values of which a finding tells already in which row they are."""
    told = {_TOLD_BY_ROW[finding.kind] for finding in found if finding.kind in _TOLD_BY_ROW}
    for line in said:
        if line.startswith(_NO_VALUE_OF_OURS):
            if line not in told:
                yield Finding("value-unknown", more=line)
        else:
            yield Finding("database-damaged", more=line)
