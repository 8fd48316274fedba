"""A person's word ends a held mail: what becomes true? One way for mail and command line."""

from dataclasses import dataclass, replace
from datetime import datetime

from maild.deciding import decided, with_what_rules_do
from maild.effects import AddParticipant, Effect, RecordDecision, Settle
from maild.errors import BadInput, HeldStays, Temporary
from maild.evidence import case_for, case_recorded
from maild.judgement import (
    HeldMail,
    Proof,
    Purpose,
    VerdictName,
)
from maild.mail import ParsedMail
from maild.plan.accounts import admit_account
from maild.plan.ends import Order
from maild.plan.letters import Desk
from maild.plan.waiting import resumed
from maild.same_person import same_person
from maild.store.database import Session
from maild.store.facts import received_mail
from maild.store.story import Earlier, with_story
from maild.store.tickets import open_tickets_of, where_it_goes_on
from maild.threading.identity import identify
from maild.threading.released import admitted, joined, released
from maild.ticket import Disposition

_NONE: Earlier = {}


MOST_SUSPENDED = 1_000  # waiting tickets of one requester whose count begins anew


@dataclass(frozen=True, slots=True)
class Ended:
    """What a person's word makes true for a held mail."""

    effects: list[Effect]
    done: str  # into, new, nowhere, admitted, account, joined or discarded
    verdict: VerdictName  # what the held mail has become
    number: int | None = None  # the ticket that it is on now


def ended(
    session: Session,
    desk: Desk,
    held: HeldMail,
    mail: ParsedMail | None,
    order: Order,
    now: datetime,
    raw: bytes = b"",
    earlier: Earlier = _NONE,
) -> Ended:
    """The one way in which a person ends a held mail, by mail or by command. `mail`: the held mail, read; a discarded
    one needs none. HeldStays where the order can't be carried out, and then nothing is done; MailsWanted as above.
    """
    if not held.waits:
        raise HeldStays("not-held", f"no mail with the number {held.inbound_id} is held; `maild held list` shows those")
    own = open_tickets_of(session, held.sender, limit=MOST_SUSPENDED) if held.sender else ()
    if order.end is Purpose.DISCARD:
        settle = Settle(held.inbound_id, Disposition.APPLIED, held.verdict, "discarded")
        record = RecordDecision(
            *(None, held.inbound_id, "discarded", held.verdict.value, order.by), rules_version=desk.settings.digest
        )
        waits = resumed(desk, held, own, None, now)
        return Ended([record, _signed(settle, "discarded", order), *waits], "discarded", held.verdict)
    if mail is None:
        raise Temporary("the mail that is brought in was not held a moment ago")
    found = identify(mail, desk.settings.mailboxes[held.mailbox], Proof.PASS)
    case, candidates = case_for(session, desk, held.mailbox, replace(found, proof=Proof.PASS), now)
    # It would be found as its own copy; and a person's word stands above a filter's and a counter's.
    case = replace(case, facts=replace(case.facts, duplicate_of=None, is_blocked=False, refused_lately=0, lately=()))
    admission: list[Effect] = []
    if order.same_as:
        case, admission = same_person(session, desk, held, case, order)
    if order.end is Purpose.ADMIT and held.verdict is VerdictName.UNKNOWN_SENDER:
        assert case.mail.sender is not None, "whose account is wanted"
        # With an account its mails are worked again.
        admission = admission or admit_account(desk.settings, case.mail.sender, by=order.by)
        return Ended(admission, "joined" if order.same_as else "account", held.verdict)
    joining: list[Effect] = []
    if order.same_as:
        verdict = joined(case)
    elif order.end is Purpose.ADMIT:
        verdict, joins = admitted(case)
        assert verdict.ticket is not None
        joining = [AddParticipant(verdict.ticket.number, joins)]
    else:
        into = where_it_goes_on(session, order.into) if order.into else None
        if order.into and into is None:
            raise HeldStays("no-such-ticket", f"there is no ticket {order.into}")
        verdict = released(case, into, is_new=order.end is Purpose.RELEASE_NEW)
    case, verdict, recorded = case_recorded(session, desk, held.mailbox, case, verdict, now)
    case = with_story(session, desk.settings, case, verdict, earlier)
    at, number = held.kept_at or now, held.inbound_id
    considered = decided(desk, case, candidates, verdict, number, held.mailbox, None, at, raw, recorded)
    considered = with_what_rules_do(session, desk, considered)
    verdict = considered.verdict
    how = "admitted" if joining or admission else "released"
    effects = [_signed(e, how, order) for e in considered.effects]
    end = next(e for e in reversed(effects) if isinstance(e, Settle) and e.inbound_id == held.inbound_id)
    done = "admitted" if joining else "nowhere" if end.number is None else "into"
    if verdict.name in (VerdictName.NEW_TICKET, VerdictName.INCOMPLETE):
        done = "new"
    if admission:
        done = "joined"
    waits = resumed(desk, held, own, end.number, now)
    return Ended([*admission, *joining, *effects, *waits], done, verdict.name, end.number)


def _signed(effect: Effect, how: str, order: Order) -> Effect:
    """With who decided, where it settles a mail."""
    return replace(effect, decided=how, decided_by=order.by) if isinstance(effect, Settle) else effect


def still_held(session: Session, inbound_id: int) -> HeldMail:
    """That mail; BadInput if it waits for nobody any more."""
    held = received_mail(session, inbound_id)
    if held is None or not held.waits:
        raise BadInput(f"no mail with the number {inbound_id} is held; `maild held list` shows those that are")
    return held
