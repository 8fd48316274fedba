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
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import structlog

from maild.clock import Clock, rest
from maild.crash import point
from maild.effects import Effect, Settle
from maild.errors import BadInput, Temporary, pause_after
from maild.ids import jitter
from maild.judgement import Candidate, Carrier, Facts, HeldMail, Proof, Purpose, Reference, Verdict, VerdictName
from maild.mail import ParsedMail
from maild.plan.agents_words import agents_words
from maild.plan.case import Incoming
from maild.plan.holding import withheld
from maild.plan.incoming import plan
from maild.plan.letters import Desk
from maild.reader import Reader
from maild.reading import read
from maild.rules.decide import decide
from maild.store.apply import apply
from maild.store.database import Database, Session
from maild.store.facts import facts_for, received_mail
from maild.store.inbound import InboundStore, Kept, describe, is_kept
from maild.store.restoration import held_back, is_read_again
from maild.store.tickets import load_tickets
from maild.threading.proof import proof_of
from maild.threading.references import find_references, in_message_ids
from maild.threading.spam import marked
from maild.threading.token import verify
from maild.threading.verdict import Case, judge, released
from maild.ticket import Disposition

BATCH = 50
MOST_ATTEMPTS = 3  # a mail that was begun so often and never finished is held, and the others go on
LONGEST_PAUSE = 60.0  # seconds between two tries where nothing can be worked
_log = structlog.get_logger("maild.intake")


@dataclass(frozen=True, slots=True)
class Considered:
    """A mail with everything that was found and decided about it, and what would become true."""

    candidates: tuple[Candidate, ...]
    references: tuple[Reference, ...]
    incoming: Incoming
    effects: list[Effect]

    @property
    def verdict(self) -> Verdict:
        """What becomes of the mail."""
        return self.incoming.verdict


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
            considered = await self._database.write(lambda session: self._work(session, kept, mail))
            point("K09")
        except Temporary:
            raise
        except Exception:  # ours: this mail is held, its bytes are kept, the next one goes on
            _log.exception("a mail could not be worked", inbound=kept.id)
            await self._hold(kept, "our-fault")
            return
        end = next(e for e in reversed(considered.effects) if isinstance(e, Settle))
        _log.info("mail worked", inbound=kept.id, verdict=end.verdict.value, reason=end.reason, ticket=end.number)

    def _work(self, session: Session, kept: Kept, mail: ParsedMail) -> Considered:
        """Tx B."""
        now = self._clock.now()
        describe(session, kept.id, mail)
        considered = self.consider(session, kept.id, kept.mailbox, mail, now)
        is_old = is_read_again(session, kept.id, lambda: self._desk().settings)
        apply(session, held_back(considered.effects) if is_old else considered.effects, now)
        point("K08")
        return considered

    def consider(self, session: Session, inbound_id: int, mailbox: str, mail: ParsedMail, now: datetime) -> Considered:
        """All decisions about a mail, and none of their effects: `maild explain` asks this too."""
        desk = self._desk()
        box = desk.settings.mailboxes[mailbox]
        case, candidates = self._case(session, desk, mailbox, marked(mail, box), proof_of(mail, box), now)
        return self._planned(session, desk, case, candidates, judge(case), inbound_id, mailbox)

    def _case(
        self, session: Session, desk: Desk, mailbox: str, mail: ParsedMail, proof: Proof, now: datetime
    ) -> tuple[Case, tuple[Candidate, ...]]:
        """Everything that the verdict rests on."""
        settings = desk.settings
        candidates = find_references(mail, settings)
        facts = facts_for(session, mail, candidates, now)
        references = tuple(verify(desk.ring, c, facts.tickets, facts.held, now) for c in candidates)
        facts = _with_proved_delivery(desk, mail, references, facts)
        case = Case(mail, references, facts, settings, settings.mailboxes[mailbox], proof)
        return replace(case, words=agents_words(desk, case)), candidates

    def _planned(
        self,
        session: Session,
        desk: Desk,
        case: Case,
        candidates: tuple[Candidate, ...],
        verdict: Verdict,
        inbound_id: int,
        mailbox: str,
    ) -> Considered:
        """The rules are asked where a ticket opens: for a new mail, or for a held one that its sender brings in."""
        held_mail = None
        if verdict.name is VerdictName.CLAIM and case.facts.held is not None and case.facts.held.is_held:
            held_mail = read(self._inbound.raw_in(session, case.facts.held.inbound_id))
        opens = verdict.name is VerdictName.NEW_TICKET or (held_mail is not None and verdict.ticket is None)
        decision = decide(desk.settings, held_mail or case.mail, mailbox, case.facts.load) if opens else None
        incoming = Incoming(inbound_id, mailbox, case.mail, case.facts, verdict, case.words, decision, held_mail)
        return Considered(candidates, case.references, incoming, plan(desk, incoming))

    async def release(self, inbound_id: int, *, into: int | None, new: bool, by: str) -> Considered:
        """A person lets a held mail in: as what it would have been, into a ticket, or as a new one.

        BadInput if it is not held, if the ticket does not exist, or if it has to be said where the mail belongs.
        """
        considered = await self._database.write(partial(self._release, inbound_id=inbound_id, into=into, new=new))
        _log.info("held mail released", inbound=inbound_id, by=by, verdict=considered.verdict.name.value)
        self._on_settled()
        return considered

    def _release(self, session: Session, *, inbound_id: int, into: int | None, new: bool) -> Considered:
        now, desk = self._clock.now(), self._desk()
        held = _still_held(session, inbound_id)
        mail = read(self._inbound.raw_in(session, inbound_id))
        case, candidates = self._case(session, desk, held.mailbox, mail, Proof.PASS, now)
        case = replace(case, facts=replace(case.facts, duplicate_of=None))  # it would be found as its own copy
        ticket = load_tickets(session, [into]).get(into) if into is not None else None
        if into is not None and ticket is None:
            raise BadInput(f"there is no ticket {into}")
        verdict = released(case, ticket, is_new=new)
        considered = self._planned(session, desk, case, candidates, verdict, inbound_id, held.mailbox)
        apply(session, considered.effects, now)
        return considered

    async def discard(self, inbound_id: int, *, by: str) -> None:
        """A person says that a held mail leads to nothing. It stays where it is kept. BadInput if it is not held."""

        def work(session: Session) -> None:
            held = _still_held(session, inbound_id)
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


def _still_held(session: Session, inbound_id: int) -> HeldMail:
    held = received_mail(session, inbound_id)
    if held is None or not held.is_held:
        raise BadInput(f"no mail with the number {inbound_id} is held; `maild held list` shows those that are")
    return held


def _with_proved_delivery(desk: Desk, mail: ParsedMail, references: Sequence[Reference], facts: Facts) -> Facts:
    """A bounce counts only if a signature of ours came back: in the return path, or in the returned Message-ID."""
    if facts.delivery is None:
        return facts
    delivery = facts.delivery
    proved_paths = {r.candidate.nonce for r in references if r.is_valid and r.candidate.purpose is Purpose.BOUNCE}
    returned = in_message_ids((delivery.message_id,), Carrier.BODY)
    is_returned = mail.bounce is not None and delivery.message_id in mail.bounce.message_ids
    by_id = is_returned and any(verify(desk.ring, c, facts.tickets, None, facts.now).is_valid for c in returned)
    return facts if delivery.nonce in proved_paths or by_id else replace(facts, delivery=None)
