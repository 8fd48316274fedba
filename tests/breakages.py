"""How can the desk be broken on purpose? One function a kind of damage; each gives what makes it, undone by pytest.

The damage is done on the real objects, at the one place where they are looked up. A scenario that is still told to its
end after that, and finds nothing wrong, does not guard what it seems to guard.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import count
from types import ModuleType
from typing import Any

from pytest import MonkeyPatch
from sqlalchemy import Connection

from maild.effects import Effect, QueueMail, Settle
from maild.judgement import Candidate, Carrier, Verdict, VerdictName
from maild.plan import incoming, letters
from maild.plan.case import Incoming, Plan
from maild.plan.letters import Desk
from maild.store import apply
from maild.threading import references, verdict
from maild.threading.case import Case
from maild.ticket import Disposition

Breakage = Callable[[MonkeyPatch], None]
Row = Callable[[Case], Verdict | None]


def replaced(owner: ModuleType | type, name: str, by: object) -> Breakage:
    """That name means something else now."""
    return lambda patch: patch.setattr(owner, name, by)


def together(*breakages: Breakage) -> Breakage:
    """What is guarded twice has to be broken twice."""

    def breakage(patch: MonkeyPatch) -> None:
        for one in breakages:
            one(patch)

    return breakage


def without_row(row: Row) -> Breakage:
    """The table of verdicts lacks that row."""
    return replaced(verdict, "_ROWS", tuple(r for r in verdict._ROWS if r is not row))


def row_blind_to(row: Row, is_unseen: Callable[[Case], bool]) -> Breakage:
    """That row of the table does not see some mails."""

    def blind(case: Case) -> Verdict | None:
        return None if is_unseen(case) else row(case)

    return replaced(verdict, "_ROWS", tuple(blind if r is row else r for r in verdict._ROWS))


def treated_as(name: VerdictName, other: VerdictName) -> Breakage:
    """What is done for one verdict is what another one asks for."""
    return lambda patch: patch.setitem(incoming._PLANS, name, incoming._PLANS[other])


def seen_as(name: VerdictName, change: Callable[[Incoming], Incoming]) -> Breakage:
    """The plan for that verdict is made for something else than what came."""
    plan = incoming._PLANS[name]
    return lambda patch: patch.setitem(incoming._PLANS, name, lambda desk, case: plan(desk, change(case)))


def with_effects(name: VerdictName, bend: Callable[[Desk, Incoming, list[Effect]], list[Effect]]) -> Breakage:
    """The plan for that verdict asks for too much, or for too little."""
    plan = incoming._PLANS[name]

    def bent(desk: Desk, case: Incoming) -> Plan:
        effects, disposition, number = plan(desk, case)
        return bend(desk, case, effects), disposition, number

    return lambda patch: patch.setitem(incoming._PLANS, name, bent)


def without_effects(name: VerdictName, *kinds: type) -> Breakage:
    """The plan for that verdict leaves some effects out."""
    return with_effects(name, lambda desk, case, effects: [e for e in effects if not isinstance(e, kinds)])


def never_applied(*kinds: type) -> Breakage:
    """Those effects are planned and never made true."""
    return together(*(_applied_as(kind, lambda rows, effect, now: None) for kind in kinds))


def never_sent(template: str) -> Breakage:
    """No mail of that template is ever queued."""

    def queue(rows: Connection, effect: QueueMail, now: datetime) -> None:
        if effect.template != template:
            apply._queue_mail(rows, effect, now)

    return _applied_as(QueueMail, queue)


def held_mail_is_dropped() -> Breakage:
    """What should wait for a person counts as done."""

    def settle(rows: Connection, effect: Settle, now: datetime) -> None:
        is_held = effect.disposition is Disposition.HELD
        apply._settle(rows, replace(effect, disposition=Disposition.APPLIED) if is_held else effect, now)

    return _applied_as(Settle, settle)


def _applied_as(kind: type, applier: Callable[[Connection, Any, datetime], None]) -> Breakage:
    return lambda patch: patch.setitem(apply._APPLIERS, kind, applier)


def reader_dead(*carriers: Carrier) -> Breakage:
    """References in those carriers are not seen."""

    def but(read: Callable[..., Iterator[Candidate]]) -> Callable[..., Iterator[Candidate]]:
        return lambda *arguments: (found for found in read(*arguments) if found.carrier not in carriers)

    readers = ("in_address", "in_message_ids", "in_text")
    return together(*(replaced(references, name, but(getattr(references, name))) for name in readers))


def owed_anew(template: str) -> Breakage:
    """Each mail of that template is owed for itself, so that the unique key no longer keeps it from going out twice."""
    to_participant, to_address, numbers = letters.to_participant, letters.to_address, count()

    def anew(write: Callable[..., QueueMail]) -> Callable[..., QueueMail]:
        def written(desk: Desk, name: str, *arguments: Any, owed_for: str, **named: Any) -> QueueMail:
            owed = f"{owed_for}:{next(numbers)}" if name == template else owed_for
            return write(desk, name, *arguments, owed_for=owed, **named)

        return written

    return together(
        replaced(letters, "to_participant", anew(to_participant)), replaced(letters, "to_address", anew(to_address))
    )


def written_with(template: str, **values: Any) -> Breakage:
    """Letters of that template on a ticket are written with other arguments."""
    to_participant = letters.to_participant

    def written(desk: Desk, name: str, *arguments: Any, **named: Any) -> QueueMail:
        return to_participant(desk, name, *arguments, **(named | values if name == template else named))

    return replaced(letters, "to_participant", written)
