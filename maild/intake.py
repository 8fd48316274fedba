"""The straight line: a kept mail is read, judged, decided, planned, and the plan made true in one transaction.

IMAP bytes --keep--> inbound row          I/O   tx A: raw bytes and UID, before anything is understood
  read(raw)                 -> ParsedMail  pure  total: hostile bytes give a mail with defects, never an exception
  find_references(mail)     -> [Candidate] pure  everything that looks like a reference, strongest carrier first
  facts_for(tx, mail, refs) -> Facts       I/O   one read: tickets, participants, the sender's history
  verify(candidate, facts)  -> [Reference] pure  each valid, or with its fault (the signature binds the participant)
  judge(case)               -> Verdict     pure  may this mail open, continue, command; or is it held or refused; why
  decide(settings, mail)    -> Decision    pure  the rules' answer: queue, type, priority, assignee; which lines said so
  plan(desk, incoming)      -> [Effect]    pure  what must become true, mails already written
  with_rules(tx, effects)   -> [Effect]    I/O   what the rules add where something happens to a ticket, if any asks
  apply(tx, effects)                       I/O   tx B: ticket, messages, timers, outbox, disposition: all or nothing
file: the poller moves on the server what is settled       (never before tx B is durable)
outbox: claim -> send -> settle            I/O   at least once; Message-ID fixed when written: a repeat is recognisable
clock:  fire(desk, timer, ticket, now)     pure  due timers become effects; a unique key, so that a sweep can run again
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TypeVar

import structlog

from maild.clock import Clock, rest
from maild.considering import claimed_by, consider
from maild.crash import point
from maild.deciding import Considered
from maild.earlier import with_earlier
from maild.effects import Effect, Settle
from maild.ending_held import Ended, ended, still_held
from maild.errors import StoreAway, Temporary, pause_after
from maild.ids import jitter
from maild.ingest.signatures import SignatureCheck
from maild.judgement import ENDS, OF_HELD, Purpose, Signatures, VerdictName
from maild.mail import ParsedMail
from maild.opener import Opener
from maild.plan.ends import Order
from maild.plan.holding import withheld
from maild.plan.letters import Desk
from maild.reader import Reader
from maild.rules.legacy import thread_of
from maild.store.absences import with_absences
from maild.store.accounts import let_in
from maild.store.apply import apply
from maild.store.database import Database, Session
from maild.store.inbound import InboundStore, Kept, describe, is_kept
from maild.store.restoration import held_back, is_read_again
from maild.store.story import Earlier
from maild.threading.references import find_references
from maild.ticket import Disposition

T = TypeVar("T")
BATCH = 50
MOST_ATTEMPTS = 3  # a mail that was begun so often and never finished is held, and the others go on
LONGEST_PAUSE = 60.0  # seconds between two tries where nothing can be worked
_log = structlog.get_logger("maild.intake")


class Intake:
    """Works kept mails in the order in which they came. `desk` gives the present settings, keys and templates."""

    def __init__(
        self,
        database: Database,
        inbound: InboundStore,
        desk: Callable[[], Desk],
        clock: Clock,
        *,
        reader: Reader | None = None,
        signatures: Callable[[bytes, str], Awaitable[Signatures]] | None = None,
        on_settled: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._inbound = inbound
        self._desk = desk  # asked once a batch: each mail sees one version of the rules, whatever changes meanwhile
        self._clock = clock
        self._opener = Opener(inbound, reader or Reader(), signatures or SignatureCheck())
        self._on_settled = on_settled
        self._news = asyncio.Event()
        self.failure = ""  # why no mail can be worked now
        self._looks_again = True  # at the mails that wait for an account: the rules may know their senders now
        self._counted: set[int] = set()  # mails whose attempt in the life of this process is counted

    def wake(self) -> None:
        """There are new kept mails."""
        self._news.set()

    def rules_changed(self) -> None:
        """Other people may have an account now."""
        self._looks_again = True
        self._news.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop: drain, then wait for news."""
        delay = 1.0
        while not stop.is_set():
            self._news.clear()
            try:
                await self.drain(stop)
                delay, self.failure = 1.0, ""
            except Exception as error:
                self.failure, delay = str(error) or repr(error), pause_after(error, delay)
                if isinstance(error, Temporary):
                    _log.warning("intake waits", reason=str(error), seconds=delay)
                else:  # ours, and outside any one mail: the loop lives
                    _log.exception("intake failed", seconds=delay)
                await rest(self._clock, jitter(delay), stop)
                delay = min(delay * 2, LONGEST_PAUSE)
                continue
            if not stop.is_set():
                await self._news.wait()

    async def drain(self, stop: asyncio.Event | None = None) -> int:
        """Work everything that is kept, or go on until the batch in which `stop` is set; how many mails that was."""
        worked = 0
        if self._looks_again:
            await self._look_again()
        while not (stop and stop.is_set()) and (batch := self._together(await self._inbound.kept(BATCH))):
            poison = {kept.id for kept in batch if self._lives(kept) >= MOST_ATTEMPTS}
            if new := [kept.id for kept in batch if kept.id not in self._counted]:
                await self._inbound.count_attempt(new)
                self._counted.update(new)
            point("K06")
            desk = self._desk()
            mails = ["poison" if kept.id in poison else await self._opener.read(desk, kept) for kept in batch]
            # Before the work begins, since a task that waited would lose its place to the next.
            signed = await self._opener.signatures(desk, batch, mails)
            # The tasks start in order and each hands its work to the one writer before the next begins. All have
            # ended before one of them is begun again.
            work = (self._work_or_hold(desk, *one) for one in zip(batch, mails, signed, strict=True))
            outcomes = await asyncio.gather(*work, return_exceptions=True)
            self._counted -= {kept.id for kept, failure in zip(batch, outcomes, strict=True) if failure is None}
            if failures := [failure for failure in outcomes if failure is not None]:
                raise failures[0]
            worked += len(batch)
            self._on_settled()
        return worked

    async def _look_again(self) -> None:
        """Mails that were held for want of an account and would not be now are worked again, in their order."""
        self._looks_again = False
        try:
            if mails := await let_in(self._database, self._desk().settings):
                _log.info("held mails are worked again: their senders have an account", mails=mails)
        except BaseException:
            self._looks_again = True
            raise

    def _lives(self, kept: Kept) -> int:
        """In how many lives of the process it was begun, this one not counted: here a disk may just be full."""
        return kept.attempts - (kept.id in self._counted)

    def _together(self, kept: Sequence[Kept]) -> Sequence[Kept]:
        """What is worked at once: new mails in batches, one that was begun in another life alone.

        Else a mail that kills the process would take its neighbours along, and they would be held with it.
        """
        begun = [self._lives(mail) > 0 for mail in kept]
        return kept[: max(begun.index(True), 1)] if any(begun) else kept

    async def _work_or_hold(self, desk: Desk, kept: Kept, mail: ParsedMail | str, signed: Signatures | None) -> None:
        if isinstance(mail, str):
            await self._hold(desk, kept, mail)
            return
        try:
            claimed = await self._claimed_by(desk, mail)
            is_old = bool(thread_of(mail, desk.settings))
            raw = await self._inbound.raw_of(kept.id) if is_old else b""  # for nearly no mail, and not while all wait
            work = partial(self._work, desk=desk, kept=kept, mail=mail, claimed=claimed, signatures=signed, raw=raw)
            considered = await self._with_earlier(desk, work)
            point("K09")
        except Temporary:
            raise
        except Exception:  # ours: this mail is held, its bytes are kept, the next one goes on
            _log.exception("a mail could not be worked", inbound=kept.id)
            await self._hold(desk, kept, "our-fault")
            return
        end = next(e for e in reversed(considered.effects) if isinstance(e, Settle))
        _log.info("mail worked", inbound=kept.id, verdict=end.verdict.value, reason=end.reason, ticket=end.number)

    async def _claimed_by(self, desk: Desk, mail: ParsedMail) -> ParsedMail | None:
        """The held mail that this one decides on, read where any mail is, and not while the store waits."""
        found = [c.purpose for c in find_references(mail, desk.settings) if c.purpose in OF_HELD]
        if not found:
            return None
        held = await self._database.read(partial(claimed_by, desk=desk, mail=mail, now=self._clock.now()))
        if held is None:
            return None
        try:
            return await self._opener.parsed(desk, held)
        except StoreAway:
            raise
        except Exception:  # its own fault, not that of the word about it: that word is answered
            if found[0] not in ENDS:
                raise
            _log.exception("a held mail could not be read", inbound=held)
            return ParsedMail(None, unreadable="our-fault")

    def _work(
        self,
        session: Session,
        desk: Desk,
        kept: Kept,
        mail: ParsedMail,
        claimed: ParsedMail | None,
        signatures: Signatures | None,
        raw: bytes,
        earlier: Earlier,
    ) -> Considered:
        """Tx B."""
        now, at = self._clock.now(), kept.kept_at
        desk = with_absences(session, desk)
        considered = consider(session, desk, kept.id, kept.mailbox, mail, now, claimed, signatures, at, raw, earlier)
        describe(session, kept.id, considered.incoming.as_it_came)
        is_old = is_read_again(session, kept.id, lambda: desk.settings)
        apply(session, held_back(considered.effects) if is_old else considered.effects, now)
        point("K08")
        return considered

    async def release(self, inbound_id: int, *, into: int | None, new: bool, by: str) -> Ended:
        """A person lets a held mail in: as what it would have been, into a ticket, or as a new one.

        BadInput if it is not held, if the ticket does not exist, or if it has to be said where the mail belongs.
        """
        return await self._end(inbound_id, Order(Purpose.RELEASE_NEW if new else Purpose.RELEASE, by, into or 0))

    async def admit(self, inbound_id: int, *, by: str, same_as: str = "") -> Ended:
        """Its sender takes part in its ticket, or is the person of another address. BadInput where that is nonsense."""
        return await self._end(inbound_id, Order(Purpose.ADMIT, by, same_as=same_as))

    async def discard(self, inbound_id: int, *, by: str) -> Ended:
        """A person says that a held mail leads to nothing. It stays where it is kept. BadInput if it is not held."""
        return await self._end(inbound_id, Order(Purpose.DISCARD, by))

    async def _end(self, inbound_id: int, order: Order) -> Ended:
        await self._database.read(partial(still_held, inbound_id=inbound_id))
        is_read = order.end is not Purpose.DISCARD
        raw = await self._inbound.raw_of(inbound_id) if is_read else b""
        mail = await self._opener.understood(raw, self._desk()) if is_read else None

        def work(session: Session, earlier: Earlier) -> Ended:
            held, now = still_held(session, inbound_id), self._clock.now()
            end = ended(session, with_absences(session, self._desk()), held, mail, order, now, raw, earlier)
            apply(session, end.effects, now)
            return end

        done = await self._with_earlier(self._desk(), work)
        _log.info("a held mail has ended", inbound=inbound_id, by=order.by, end=done.done, ticket=done.number)
        self._on_settled()
        return done

    async def _with_earlier(self, desk: Desk, work: Callable[..., T]) -> T:
        """One transaction; once more with earlier mails where it needs some."""
        read = partial(self._opener.parsed, desk)
        return await with_earlier(lambda earlier: self._database.write(partial(work, earlier=earlier)), read)

    async def _hold(self, desk: Desk, kept: Kept, reason: str) -> None:
        """A mail that can't be worked waits for a person, and the admin is told."""
        effects: list[Effect] = [Settle(kept.id, Disposition.HELD, VerdictName.QUARANTINED, reason)]
        try:
            effects = withheld(desk, kept.mailbox, kept.id, reason, self._clock.now())
        except Exception:  # the same fault may be in the way of telling it
            _log.exception("the admin can't be told by mail", inbound=kept.id)

        def work(session: Session) -> None:
            if is_kept(session, kept.id):  # else it was worked after all, and only the news of it was lost
                apply(session, effects, self._clock.now())

        await self._database.write(work)
