"""One ticket goes on in another: who may be brought together, and what follows for either."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from maild.effects import AddMessage, AddParticipant, CancelTimers, ChangeTicket, Effect, LinkTickets
from maild.lifecycle import ENDED, TRANSITIONS, Event, Reason, Status
from maild.mail import is_deliverable
from maild.plan import closing, letters
from maild.plan.letters import AUTOMATIC, Desk
from maild.plan.move import Move
from maild.settings import Settings
from maild.ticket import Participant, Role, Ticket, Visibility

_UNFINISHED = frozenset({Status.NEW, Status.OPEN, Status.ON_HOLD})  # something is left for us to do


def merge(desk: Desk, source: Ticket, target: Ticket | None, *, is_confirmed: bool, by: str, now: datetime) -> Move:
    """The source ends as a duplicate, and its references lead into the target, which its customers join.

    They are told once, and see nothing of what the target was before. A target that has ended opens again where
    something is left to do on the source. `by`: an agent's address, or '' for the operator.
    """
    problem, what = _why_not(desk.settings, source, target, is_confirmed=is_confirmed)
    if problem or target is None:
        return Move(source, (), problem, what)
    joined = _joined(source, target, now)
    whole = replace(target, participants=(*target.participants, *joined), linked_to=(*target.linked_to, source.number))
    is_answered = target.status is Status.PENDING and _is_later(source, target)
    if is_answered:  # its customer has written since it waits, if under another number
        whole = replace(whole, status=Status.OPEN, waiting_since=None)
    is_opened = target.status in ENDED and source.status in _UNFINISHED  # what its customer asked is not dealt with
    if is_opened:
        whole = replace(whole, status=TRANSITIONS[target.status, Event.OPEN], reason=None, waiting_since=None)
    ended = {
        "status": Status.RESOLVED.value,
        "reason": Reason.DUPLICATE.value,
        "waiting_since": None,
        "merged_into": target.number,
    }
    brand = desk.settings.site.reference
    effects: list[Effect] = [
        ChangeTicket(source.number, ended),
        *(CancelTimers(source.number, policy) for policy in (*closing.WAITS, *closing.SINCE_THE_END)),
        *(AddParticipant(target.number, p) for p in joined),
        LinkTickets(source.number, target.number),
        AddMessage(source.number, Visibility.EVENT, by, f"merged into {brand}-{target.number}"),
        AddMessage(target.number, Visibility.EVENT, by, f"{brand}-{source.number} was merged into this"),
    ]
    if is_answered:
        effects.append(ChangeTicket(target.number, {"status": Status.OPEN.value, "waiting_since": None}))
        effects.append(CancelTimers(target.number, "waiting"))
    if is_opened:
        effects.append(ChangeTicket(target.number, {"status": whole.status.value, "reason": "", "waiting_since": None}))
        effects += [CancelTimers(target.number, policy) for policy in closing.SINCE_THE_END]
    effects += _told(desk, source, whole, now)
    return Move(whole, tuple(effects), "", f"{brand}-{target.number}")


def _why_not(settings: Settings, source: Ticket, target: Ticket | None, *, is_confirmed: bool) -> tuple[str, str]:
    brand = settings.site.reference
    if target is None:
        return "unknown-ticket", ""
    if source.merged_into:
        return "merged-already", f"{brand}-{source.merged_into}"
    if target.number == source.number:
        return "into-itself", f"{brand}-{target.number}"
    if target.merged_into:
        return "into-merged", f"{brand}-{target.merged_into}"
    if target.status is Status.CLOSED:
        return "into-closed", f"{brand}-{target.number}"
    if not is_confirmed and not _is_one_side(settings, source, target):
        return "other-customer", target.requester.address
    return "", ""


def _is_one_side(settings: Settings, source: Ticket, target: Ticket) -> bool:
    """Whether everybody who would join is on the target, or of the organisation of the one who asked there.

    Whoever was taken off the target does not come back in this way.
    """
    present = {p.key for p in target.customers}
    removed = {p.key for p in target.participants if p.role is Role.CUSTOMER} - present
    house = _organisation(settings, target.requester)
    return all(
        p.key in present or (p.key not in removed and house != "" and _organisation(settings, p) == house)
        for p in source.customers
    )


def _organisation(settings: Settings, who: Participant) -> str:
    person = settings.person(who.address)
    return person.organisation.casefold() if person else ""


def _joined(source: Ticket, target: Ticket, now: datetime) -> Sequence[Participant]:
    fresh = [p for p in source.customers if target.by_address(p.address) is None]
    return [
        replace(target.joining(p.address, p.name, now), slot=target.next_slot + n, is_undeliverable=p.is_undeliverable)
        for n, p in enumerate(fresh)
    ]


def _is_later(source: Ticket, target: Ticket) -> bool:
    since = target.waiting_since
    return source.requester.key == target.requester.key and bool(
        since and source.opened_at and source.opened_at > since
    )


def _told(desk: Desk, source: Ticket, target: Ticket, now: datetime) -> list[Effect]:
    """The customers of the source hear under which reference it goes on; those of the target have nothing to do."""
    told: list[Effect] = []
    for p in source.customers:
        who = target.by_address(p.address)
        if who is not None and who.role is Role.CUSTOMER and is_deliverable(who.address):
            letter = letters.to_participant(
                desk,
                "repeat_joined",
                target,
                who,
                owed_for=f"merged:{source.number}:{target.number}",
                now=now,
                automatic=AUTOMATIC,
                values={"former": source},
            )
            told.append(letter)
    return told
