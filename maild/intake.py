"""The straight line: a kept mail is read, judged, decided, planned, and the plan made true in one transaction.

IMAP bytes --keep--> inbound row          I/O   tx A: raw bytes and UID, before anything is understood
  read(raw)                 -> ParsedMail  pure  total: hostile bytes give a mail with defects, never an exception
  find_references(mail)     -> [Candidate] pure  everything that looks like a reference, strongest carrier first
  facts_for(tx, mail, refs) -> Facts       I/O   one read: tickets, participants, the sender's history
  verify(candidate, facts)  -> [Reference] pure  each valid, or with its fault (the signature binds the participant)
  judge(case)               -> Verdict     pure  may this mail open, continue, command; or is it held or refused; why
  decide(settings, mail)    -> Decision    pure  the rules' answer: queue, type, priority, assignee; which lines said so
  plan(desk, incoming)      -> [Effect]    pure  what must become true, mails already written
  apply(tx, effects)                       I/O   tx B: ticket, messages, timers, outbox, disposition: all or nothing
file: the poller moves on the server what is settled       (never before tx B is durable)
outbox: claim -> send -> settle            I/O   at least once; Message-ID fixed when written: a repeat is recognisable
clock:  fire(desk, timer, ticket, now)    pure  due timers become effects; a unique key, so that a sweep can run again
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import structlog

from maild.clock import Clock, rest
from maild.considering import Considered, case_for, claimed_by, consider, decided
from maild.crash import point
from maild.effects import Effect, Settle
from maild.errors import BadInput, Temporary, pause_after
from maild.ids import jitter
from maild.judgement import HeldMail, Proof, Purpose, VerdictName
from maild.mail import ParsedMail
from maild.plan.holding import withheld
from maild.plan.letters import Desk
from maild.reader import Reader
from maild.rules.legacy import thread_of
from maild.store.apply import apply
from maild.store.database import Database, Session
from maild.store.facts import received_mail
from maild.store.inbound import InboundStore, Kept, describe, is_kept
from maild.store.restoration import held_back, is_read_again
from maild.store.tickets import load_tickets
from maild.threading.references import find_references
from maild.threading.verdict import released
from maild.ticket import Disposition

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
        on_settled: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._inbound = inbound
        self._desk = desk
        self._clock = clock
        self._reader = reader or Reader()
        self._on_settled = on_settled
        self._news = asyncio.Event()
        self.failure = ""  # why no mail can be worked now
        self._counted: set[int] = set()  # mails whose attempt in the life of this process is counted

    def wake(self) -> None:
        """There are new kept mails."""
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
        while not (stop and stop.is_set()) and (batch := self._together(await self._inbound.kept(BATCH))):
            poison = {kept.id for kept in batch if self._lives(kept) >= MOST_ATTEMPTS}
            if new := [kept.id for kept in batch if kept.id not in self._counted]:
                await self._inbound.count_attempt(new)
                self._counted.update(new)
            point("K06")
            mails = ["poison" if kept.id in poison else await self._read(kept) for kept in batch]
            # The tasks start in order and each hands its work to the one writer before the next begins. All have
            # ended before one of them is begun again.
            work = (self._work_or_hold(kept, mail) for kept, mail in zip(batch, mails, strict=True))
            outcomes = await asyncio.gather(*work, return_exceptions=True)
            ended = (kept.id for kept, failure in zip(batch, outcomes, strict=True) if failure is None)
            self._counted.difference_update(ended)
            if failures := [failure for failure in outcomes if failure is not None]:
                raise failures[0]
            worked += len(batch)
            self._on_settled()
        return worked

    def _lives(self, kept: Kept) -> int:
        """In how many lives of the process it was begun, this one not counted: here a disk may just be full."""
        return kept.attempts - (kept.id in self._counted)

    def _together(self, kept: Sequence[Kept]) -> Sequence[Kept]:
        """What is worked at once: new mails in batches, one that was begun in another life alone.

        Else a mail that kills the process would take its neighbours along, and they would be held with it.
        """
        begun = [self._lives(mail) > 0 for mail in kept]
        return kept[: max(begun.index(True), 1)] if any(begun) else kept

    async def _read(self, kept: Kept) -> ParsedMail | str:
        """The mail, or the reason why it is held unread."""
        try:
            mail = await self._reader.read(await self._inbound.raw_of(kept.id))
        except Temporary:
            raise
        except Exception:  # ours, or its file is gone: the next one goes on
            _log.exception("a mail could not be read", inbound=kept.id)
            return "our-fault"
        point("K07")
        return mail

    async def _work_or_hold(self, kept: Kept, mail: ParsedMail | str) -> None:
        if isinstance(mail, str):
            await self._hold(kept, mail)
            return
        try:
            desk = self._desk()
            claimed = await self._claimed_by(mail, desk)
            is_old = bool(thread_of(mail, desk.settings))
            raw = await self._inbound.raw_of(kept.id) if is_old else b""  # for nearly no mail, and not while all wait
            considered = await self._database.write(lambda session: self._work(session, kept, mail, claimed, raw))
            point("K09")
        except Temporary:
            raise
        except Exception:  # ours: this mail is held, its bytes are kept, the next one goes on
            _log.exception("a mail could not be worked", inbound=kept.id)
            await self._hold(kept, "our-fault")
            return
        end = next(e for e in reversed(considered.effects) if isinstance(e, Settle))
        _log.info("mail worked", inbound=kept.id, verdict=end.verdict.value, reason=end.reason, ticket=end.number)

    async def _claimed_by(self, mail: ParsedMail, desk: Desk) -> ParsedMail | None:
        """The held mail that this one brings in, read where any mail is, and not while the store waits."""
        if not any(c.purpose is Purpose.CLAIM for c in find_references(mail, desk.settings)):
            return None
        work = partial(claimed_by, desk=desk, mail=mail, now=self._clock.now())
        held = await self._database.read(work)
        return None if held is None else await self._reader.read(await self._inbound.raw_of(held))

    def _work(
        self, session: Session, kept: Kept, mail: ParsedMail, claimed: ParsedMail | None, raw: bytes
    ) -> Considered:
        """Tx B."""
        now = self._clock.now()
        describe(session, kept.id, mail)
        considered = consider(session, self._desk(), kept.id, kept.mailbox, mail, now, claimed, raw)
        is_old = is_read_again(session, kept.id, lambda: self._desk().settings)
        apply(session, held_back(considered.effects) if is_old else considered.effects, now)
        point("K08")
        return considered

    async def release(self, inbound_id: int, *, into: int | None, new: bool, by: str) -> Considered:
        """A person lets a held mail in: as what it would have been, into a ticket, or as a new one.

        BadInput if it is not held, if the ticket does not exist, or if it has to be said where the mail belongs.
        """
        await self._database.read(partial(still_held, inbound_id=inbound_id))
        raw = await self._inbound.raw_of(inbound_id)
        mail = await self._reader.read(raw)
        work = partial(self._release, inbound_id=inbound_id, mail=mail, raw=raw, into=into, new=new)
        considered = await self._database.write(work)
        _log.info("held mail released", inbound=inbound_id, by=by, verdict=considered.verdict.name.value)
        self._on_settled()
        return considered

    def _release(
        self, session: Session, *, inbound_id: int, mail: ParsedMail, raw: bytes, into: int | None, new: bool
    ) -> Considered:
        now, desk = self._clock.now(), self._desk()
        held = still_held(session, inbound_id)
        case, candidates = case_for(session, desk, held.mailbox, mail, Proof.PASS, now)
        # it would be found as its own copy, and a person has let it in
        case = replace(case, facts=replace(case.facts, duplicate_of=None, lately=()))
        ticket = load_tickets(session, [into]).get(into) if into is not None else None
        if into is not None and ticket is None:
            raise BadInput(f"there is no ticket {into}")
        verdict = released(case, ticket, is_new=new)
        considered = decided(desk, case, candidates, verdict, inbound_id, held.mailbox, raw=raw)
        apply(session, considered.effects, now)
        return considered

    async def discard(self, inbound_id: int, *, by: str) -> None:
        """A person says that a held mail leads to nothing. It stays where it is kept. BadInput if it is not held."""

        def work(session: Session) -> None:
            held = still_held(session, inbound_id)
            settle = Settle(inbound_id, Disposition.APPLIED, held.verdict, "discarded")
            apply(session, [settle], self._clock.now())

        await self._database.write(work)
        _log.info("held mail discarded", inbound=inbound_id, by=by)

    async def _hold(self, kept: Kept, reason: str) -> None:
        """A mail that can't be worked waits for a person, and the admin is told."""
        now = self._clock.now()
        effects: list[Effect] = [Settle(kept.id, Disposition.HELD, VerdictName.QUARANTINED, reason)]
        try:
            effects = withheld(self._desk(), kept.mailbox, kept.id, reason, now)
        except Exception:  # the same fault may be in the way of telling it
            _log.exception("the admin can't be told by mail", inbound=kept.id)

        def work(session: Session) -> None:
            if is_kept(session, kept.id):  # else it was worked after all, and only the news of it was lost
                apply(session, effects, now)

        await self._database.write(work)


def still_held(session: Session, inbound_id: int) -> HeldMail:
    """That mail; BadInput if it waits for nobody any more."""
    held = received_mail(session, inbound_id)
    if held is None or not held.is_held:
        raise BadInput(f"no mail with the number {inbound_id} is held; `maild held list` shows those that are")
    return held
