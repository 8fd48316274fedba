"""What does one connection do with the queue? It takes a row, sends it and settles it, and then the next.

A row is noted as `in DATA` only when the one before it on this connection is settled on disk: a kill costs at most one
copy a connection.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

from maild.clock import rest
from maild.crash import point
from maild.errors import Temporary, pause_after
from maild.outbox import retry
from maild.outbox.doubt import Doubt, InDoubt
from maild.outbox.outcome import Deferred, Outcome, Refused, Sent, TransportDown, Uncertain, is_of_this_mail
from maild.outbox.ports import Line, Outgoing
from maild.outbox.retry import Settlement
from maild.outbox.settling import Settling
from maild.outbox.shared import Shared

AT_LEAST, AT_MOST = 1.0, 60.0  # seconds between two looks at a queue with nothing to claim
CANCEL_EACH = 0.5  # seconds
IN_HAND = 10  # rows claimed at once for all connections: few, since whatever is queued now waits behind them
_CLOSING = 421  # RFC 5321 4.2.3: the server goes, whatever the mail


class _NotNow(Exception):
    """The store says at the last moment that the mail must not leave: somebody pulled the brake, or cancelled it."""


class Worker:
    """One transport's task. `wake_all` wakes the other ones."""

    def __init__(self, shared: Shared, line: Line, wake_all: Callable[[], None]) -> None:
        self._shared = shared
        self._store = shared.store
        self._clock = shared.clock
        self._jitter = shared.jitter
        self._log = shared.log
        self._health = shared.health
        self._line = line
        self._wake_all = wake_all
        self._doubt = Doubt(shared.refused)
        self._settling = Settling(shared.store, shared.clock, shared.jitter, shared.log)
        self.woken = asyncio.Event()
        self.hurried = asyncio.Event()  # an operator wants no rest to be waited for

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`: then what is in DATA is finished, and what was not sent waits again."""
        failures = 0
        self._settling.has_given_up = False
        try:
            while not stop.is_set() and not self._settling.has_given_up:
                self.woken.clear()
                self.hurried.clear()
                try:
                    delay = await self.poll(stop)
                except Exception as error:
                    failures += 1
                    delay = self._jitter(pause_after(error, retry.pause_for(failures)))
                    if isinstance(error, Temporary):
                        self._log.warning("outbox-pauses", error=str(error), seconds=round(delay, 1))
                    else:  # ours, and outside any one mail: the loop lives
                        self._log.error("our-fault", error=repr(error), seconds=round(delay, 1), exc_info=True)
                    self._wake_all()  # another connection may still be good for the rows that were put back
                    await rest(self._clock, delay, stop, self.hurried)  # not `woken`: a new mail mends nothing
                else:
                    failures = 0
                    await rest(self._clock, delay, stop, self.woken)
            await self._settling.done()
            await self._let_go(stop)
        finally:
            self._doubt.take()  # of what is left there the rows are still `sending`, and will be recovered
            await self._settling.cancel()
            await self._line.close()

    async def poll(self, stop: asyncio.Event) -> float:
        """Work on one row; how many seconds to wait before the next look. Temporary: transport or store are down."""
        try:
            mail = await self._take()
            if mail is not None:
                await self._work(mail, stop)
                return 0
            if self._doubt and self._health.sending:
                return AT_LEAST  # what the others hear may tell more
            if self._doubt:
                await self._believe(stop)
                return 0
        except Temporary:
            await self._shared.put_back()
            await self._let_go(stop)
            raise
        now = self._clock.now()
        due = await self._store.next_due(now)
        self._health.is_paused = due is None and await self._store.is_paused()
        if due is None and not self._health.is_paused and not self._health.sending:
            self._health.nothing_waits()
        # a due row that can't be claimed waits for an earlier one of its pair: no use in asking at once
        delay = min(max((due - now).total_seconds(), AT_LEAST), AT_MOST) if due else AT_MOST
        return delay + AT_LEAST if self._doubt.is_down else delay  # a connection that mail leaves by goes first

    async def _take(self) -> Outgoing | None:
        """The next row in hand, or claimed now."""
        shared = self._shared
        if (mail := shared.next_in_hand()) is not None:
            return mail
        await self._settling.done()  # the next of its pair may be claimed from now on
        async with shared.claiming:
            if (mail := shared.next_in_hand()) is None and len(shared.hand) <= IN_HAND:
                shared.hand.extend(await self._store.claim(self._clock.now(), IN_HAND))
                mail = shared.next_in_hand()
        return mail

    async def _work(self, mail: Outgoing, stop: asyncio.Event) -> None:
        """Send one row, unless it must not leave any more."""
        self._health.is_paused = False
        self._health.sending += 1
        try:
            if (why := self._must_stay(mail)) is not None:
                await self._settling.settle(mail, why, stop)
            else:
                await self._attempt(mail, stop)
        finally:
            self._health.sending -= 1
            self._shared.busy.discard(mail.recipient)

    def _must_stay(self, mail: Outgoing) -> Settlement | None:
        """What becomes of a row that must not be sent; None for every other."""
        try:
            if retry.is_over(mail.template, mail.was_uncertain):
                return retry.UNCONFIRMED
            if retry.is_stale(mail.template, mail.queued_at, self._clock.now()):
                return retry.STALE
            return None if self._shared.may_send_to(mail.recipient) else retry.NOT_ON_TRIAL
        except Exception as error:
            return self._our_fault(mail, error)

    def _our_fault(self, mail: Outgoing, error: Exception) -> Settlement:
        """This mail waits for the mend, the next one goes on."""
        self._log.error("our-fault", outbox=mail.id, template=mail.template, error=repr(error), exc_info=True)
        return Settlement("held", "our-fault", repr(error))

    async def _attempt(self, mail: Outgoing, stop: asyncio.Event) -> None:
        """Send once and settle. Temporary, after settling, where the transport or the store are down."""
        point("K14")
        outcome: Outcome | None = None
        failure: Temporary | None = None
        try:
            outcome = await self._send(mail, stop)
        except Temporary as error:  # of in_data: no byte has left
            failure = error
            settled = retry.put_back(mail.was_uncertain, "store-failed", str(error))
        except _NotNow:
            settled = retry.put_back(mail.was_uncertain, "paused")
            await self._shared.put_back()
        except Exception as error:
            settled = self._our_fault(mail, error)
        else:
            settled = self._settlement(mail, outcome)
        point("K18" if isinstance(outcome, Sent) else "K19")
        self._note(outcome)
        if isinstance(outcome, Refused) and self._doubt.add(mail, outcome):
            if self._doubt.is_down or self._doubt.is_full:
                await self._believe(stop)
            return
        await self._settling.begin(mail, settled, stop)
        if isinstance(outcome, Sent):
            self._doubt.accepted()
            await self._believe(stop)
        if isinstance(outcome, TransportDown):
            failure = Temporary(outcome.text)
            if outcome.is_configuration:
                self._log.error("smtp-configuration", error=outcome.text)
        if failure is not None:
            await self._settling.done()
            raise failure

    def _note(self, outcome: Outcome | None) -> None:
        """What it says of the server. A refusal may say that it takes nothing: see `_believe`."""
        match outcome:
            case TransportDown(text, is_configuration):
                self._health.fails(text, is_configuration=is_configuration)
            case Deferred(code, text) if code in (0, _CLOSING):
                self._health.fails(f"{code or ''} {text}".strip())
            case Uncertain(text):
                self._health.fails(text)
            case Refused() if not is_of_this_mail(outcome):
                pass
            case Sent() | Deferred() | Refused():
                self._health.works()

    def _settlement(self, mail: Outgoing, outcome: Outcome | None) -> Settlement:
        if outcome is None:
            return retry.put_back(mail.was_uncertain, "stopped")
        return retry.settlement(
            outcome,
            template=mail.template,
            attempts=mail.attempts,
            queued_at=mail.queued_at,
            was_uncertain=mail.was_uncertain,
            now=self._clock.now(),
            spread=self._jitter(1.0),
        )

    async def _believe(self, stop: asyncio.Event) -> None:
        """No more will be known of those in doubt. Temporary where the server refuses all: none of them has failed."""
        is_down = self._doubt.is_down
        refused = self._doubt.take()
        for each in refused:
            now, mail = self._clock.now(), each.mail
            if is_down:
                self._shared.last_turn = retry.next_turn(self._shared.last_turn, now)
                settled = self._not_judged(retry.AS_ALL, each, self._shared.last_turn)
            elif mail.was_refused:
                settled = self._settlement(mail, each.refusal)
            else:
                settled = retry.refused_once(mail.was_uncertain, each.refusal, now)
            await self._settling.settle(mail, settled, stop)
        if is_down and refused:
            text = _said(refused[-1])
            if not self._health.refuses_all:  # once, however long it lasts; each attempt has its `outbox-pauses`
                self._log.error("smtp-refuses-all", error=text)
            self._health.fails(text, refuses_all=True)
            raise Temporary(f"the server refuses every mail: {text}")

    async def _let_go(self, stop: asyncio.Event) -> None:
        """No more can be known of those in doubt now: they are tried again as if nothing had been said."""
        for each in self._doubt.take():
            settled = self._not_judged(retry.CUT_OFF, each, self._clock.now() + retry.AFTER_REFUSAL)
            await self._settling.settle(each.mail, settled, stop)

    def _not_judged(self, reason: str, refused: InDoubt, turn: datetime) -> Settlement:
        mail = refused.mail
        return retry.not_judged(
            reason,
            refused.refusal,
            template=mail.template,
            queued_at=mail.queued_at,
            was_uncertain=mail.was_uncertain,
            was_refused=mail.was_refused,
            now=self._clock.now(),
            turn=turn,
        )

    async def _send(self, mail: Outgoing, stop: asyncio.Event) -> Outcome | None:
        """The outcome; None if a stop came while the mail was surely not sent."""
        has_begun = False

        async def before_data() -> None:
            nonlocal has_begun
            await self._settling.done()
            has_begun = True
            try:
                if not await self._store.in_data(mail.id, self._clock.now()):
                    raise _NotNow
            except Exception:
                has_begun = False
                raise

        sending = asyncio.ensure_future(
            self._line.send(mail.sender, mail.recipient, mail.data, before_data=before_data)
        )
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait((sending, stopping), return_when=asyncio.FIRST_COMPLETED)
            if has_begun:
                await asyncio.wait((sending,), timeout=self._shared.drain_for)
        finally:
            stopping.cancel()
            while not sending.done():  # again: asyncio.wait_for of Python 3.11 may swallow one that meets a reply
                sending.cancel()
                await asyncio.wait((sending,), timeout=CANCEL_EACH)
        if sending.cancelled():
            return Uncertain("stopped in DATA") if has_begun else None
        error = sending.exception()
        if has_begun and isinstance(error, Exception):  # ours, and bytes may have left: sent again once, like a crash
            self._our_fault(mail, error)
            return Uncertain(repr(error))
        return sending.result()


def _said(refused: InDoubt) -> str:
    return f"{refused.refusal.code} {refused.refusal.text}"
