"""Was every mail worked once, and answered once? The oracle: it knows each mail by its nonce and looks at all ends.

It looks at the database, at the server's folders and at what the relay took, never at what the daemon says of itself.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
from faults.desk import letter
from faults.relay import Relay

_NONCE = re.compile(r"\bN[0-9]+x[0-9a-z]*\b")
_ENDS = ("applied", "held", "duplicate")


@dataclass
class Totals:
    """What was found so far. Lists name nonces or Message-IDs: empty is right."""

    mails: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)  # no named end, not on the server, no ticket, not answered
    doubled_tickets: list[str] = field(default_factory=list)
    doubled_rows: list[str] = field(default_factory=list)  # two different mails for one cause
    copies: dict[str, int] = field(default_factory=dict)  # Message-IDs that the relay took again, and how often
    unequal_copies: list[str] = field(default_factory=list)
    doubled_on_server: int = 0  # copies in the folders beyond the first
    held_out: int = 0  # mails to people that wait for a person, by our own fault
    unconfirmed: list[str] = field(default_factory=list)  # given up after two ends in DATA, and never taken
    wrong: list[str] = field(default_factory=list)

    @property
    def doubled_copies(self) -> int:
        """How many mails too many the relay took."""
        return sum(self.copies.values())

    @property
    def faults(self) -> list[str]:
        """Everything that must not be, whatever was killed."""
        return [*self.lost, *self.doubled_tickets, *self.doubled_rows, *self.unequal_copies, *self.wrong]


class Ledger:
    """Makes the mails and checks them. `may_hold`: a bug was played, so that a person may have to look at something."""

    def __init__(self, database: Path, relay: Relay, *, mark: str = "", may_hold: bool = False) -> None:
        self._database = database
        self._relay = relay
        self._may_hold = may_hold
        self._mark = mark
        self._numbers = itertools.count(1)
        self.open: dict[str, int] = {}  # nonce: copies delivered
        self.totals = Totals()
        # Filed mail is read again: one that a server without MOVE copied twice is then known for the duplicate it is.
        self.is_read_again = False

    def new(self, size: int = 0, **more: Any) -> bytes:
        """A mail that opens a ticket."""
        nonce = f"N{next(self._numbers)}x{self._mark}"
        self.open[nonce] = 1
        self.totals.mails += 1
        return letter(nonce, size=size, **more)

    def again(self, raw: bytes) -> bytes:
        """The very same mail once more."""
        match = _NONCE.search(raw.decode("utf-8", "replace"))
        assert match
        self.open[match[0]] += 1
        self.totals.mails += 1
        return raw

    def check(self, folders: dict[str, Iterable[bytes]]) -> None:
        """All that was delivered has come to its end; `folders`: what lies on the server. Then it is forgotten."""
        on_server = Counter(
            nonce for mails in folders.values() for raw in mails for nonce in set(_NONCE.findall(_head(raw)))
        )
        ends: dict[str, Counter[str]] = {nonce: Counter() for nonce in self.open}
        rows = self.rows(
            "SELECT subject, CASE WHEN subject = '' THEN raw END, raw_file, disposition, filed_at FROM inbound"
        )
        for subject, raw, raw_file, disposition, filed_at in rows:
            nonce = _nonce(subject or self._unread_head(raw, raw_file))
            if nonce in ends:
                ends[nonce][disposition if filed_at else "unfiled"] += 1
        tickets: dict[str, list[int]] = {nonce: [] for nonce in self.open}
        for number, subject in self.rows("SELECT number, subject FROM ticket"):
            if _nonce(subject) in tickets:
                tickets[_nonce(subject)].append(number)
        owed: dict[int, list[tuple[str, str, str]]] = {}
        for number, template, state, reason, name in self.rows(
            "SELECT ticket, template, state, reason, message_id FROM outbox"
        ):
            owed.setdefault(number, []).append(
                (template, reason if reason == "unconfirmed" else state, bracketed(name))
            )
        for nonce, copies in self.open.items():
            found = ends[nonce]
            self.totals.ends += found
            if found.total() < copies or set(found) - set(_ENDS) or on_server[nonce] < copies:
                self.totals.lost.append(f"{nonce}: {dict(found)}, {on_server[nonce]} on the server")
            self.totals.doubled_on_server += max(on_server[nonce] - copies, 0)
            more = found.total() - copies
            if self.is_read_again and more <= min(found["duplicate"], on_server[nonce] - copies):
                more = 0
            if more > 0 or found["applied"] + found["held"] > 1:
                self.totals.wrong.append(f"{nonce}: received {copies}, {dict(found)}")
            if found["held"]:
                if not self._may_hold or tickets[nonce]:
                    self.totals.wrong.append(f"{nonce}: held, tickets {tickets[nonce]}")
            elif len(tickets[nonce]) != 1:
                which = self.totals.doubled_tickets if tickets[nonce] else self.totals.lost
                which.append(f"{nonce}: tickets {tickets[nonce]}")
            else:
                self._check_answers(nonce, owed.get(tickets[nonce][0], []))
        if self.rows("SELECT id FROM restoration"):
            self.totals.wrong.append("a database that nobody touched was taken for a restored one")
        self.check_copies()
        self.open.clear()

    def _unread_head(self, raw: bytes | None, raw_file: str) -> str:
        """A mail that was held unread has no subject in its row."""
        return _head(raw if raw is not None else (self._database.parent / "mails" / raw_file).read_bytes())

    def _check_answers(self, nonce: str, mails: list[tuple[str, str, str]]) -> None:
        templates = Counter(template for template, _, _ in mails)
        for template in ("acknowledgement", "agent_new_ticket"):
            if not templates[template]:
                self.totals.lost.append(f"{nonce}: no {template}")
            if templates[template] > 1:
                self.totals.doubled_rows.append(f"{nonce}: {template}")
        for template, state, name in mails:
            if state == "held" and self._may_hold:
                self.totals.held_out += 1
            elif state == "unconfirmed" and name not in self._relay.taken:
                self.totals.unconfirmed.append(name)
            elif state not in ("sent", "unconfirmed") or name not in self._relay.taken:
                self.totals.lost.append(f"{nonce}: {template} {name} is {state} and did not reach the relay")

    def check_copies(self) -> None:
        """Which mails the relay took more than once, and whether they were equal to the byte."""
        doubled = self._relay.doubled()
        self.totals.copies = {name: len(copies) - 1 for name, copies in doubled.items()}
        self.totals.unequal_copies = [name for name, copies in doubled.items() if len(set(copies)) > 1]

    def unsent(self) -> int:
        """Mails that are still owed."""
        [[number]] = self.rows("SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending', 'uncertain')")
        return int(number)

    def in_data(self) -> list[str]:
        """Mails whose bytes may have left when the process ended; none if it had not even made its tables."""
        if not self.rows("SELECT 1 FROM sqlite_master WHERE name = 'outbox'"):
            return []
        rows = self.rows("SELECT message_id FROM outbox WHERE state = 'sending' AND is_in_data")
        return [bracketed(name) for [name] in rows]

    def spread_timers(self) -> list[float]:
        """Move the reminders of each ticket by hours, so that no two fall due together; when: seconds from now.

        The second reminders by minutes beside: they follow the first ones by whole hours.
        """
        connection = sqlite.connect(self._database, timeout=30)
        try:
            found = list(connection.execute("SELECT id, ticket, step, due_at FROM timer WHERE state = 'armed'"))
            first, instants = min(ticket for _, ticket, _, _ in found), []
            for id_, ticket, step, due_at in found:
                due = datetime.fromisoformat(due_at).replace(tzinfo=UTC) + timedelta(
                    hours=ticket - first, minutes=20 * step
                )
                text = due.replace(tzinfo=None).isoformat(" ", "microseconds")
                connection.execute("UPDATE timer SET due_at = ? WHERE id = ?", (text, id_))
                if step < 3:
                    instants.append((due - datetime.now(UTC)).total_seconds() + 60)
            connection.commit()
        finally:
            connection.close()
        return sorted(instants)

    def mail_to(self, recipient: str, ticket: int) -> Any:
        """The first mail to somebody about a ticket."""
        [[data]] = self.rows(
            "SELECT data FROM outbox WHERE recipient = ? AND ticket = ? ORDER BY id LIMIT 1", recipient, ticket
        )
        return message_from_bytes(data, policy=policy.default)

    def rows(self, query: str, *values: Any) -> list[Any]:
        """What the database holds, read beside the daemon."""
        connection = sqlite.connect(f"file:{self._database}?mode=ro", uri=True, timeout=30)
        try:
            return list(connection.execute(query, values))
        finally:
            connection.close()


def is_of_ledger(subject: str) -> bool:
    """Whether a ledger made the mail with that subject."""
    return not subject or bool(_nonce(subject))  # one that was held unread has none, and is let in


def bracketed(name: str) -> str:
    """A Message-ID as it stands in the mail."""
    return f"<{name.strip('<>')}>"


def _nonce(subject: str) -> str:
    match = _NONCE.search(subject)
    return match[0] if match else ""


def nonce_of(raw: bytes) -> str:
    """Which of the ledger's mails that is; '' for another's."""
    return _nonce(_head(raw))


def _head(raw: bytes) -> str:
    return raw.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
